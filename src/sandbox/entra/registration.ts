/** The applications that are registered in the sandbox's Entra. */
export interface Registration {
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM, one a certificate with which the client may prove itself instead. */
  readonly certificates?: readonly string[];
  /** The cloud being played, by default the public one. Tenants of other clouds cannot sign in. */
  readonly cloud?: 'public' | 'usGovernment';
  readonly displayName: string;
  /** `api://host/clientId`, without the scope's name. */
  readonly applicationIdUri: string;
  readonly webRedirectUris: readonly string[];
  readonly spaRedirectUris: readonly string[];
  /** The second registration; it lists application permissions only, all of which one consent grants. */
  readonly service: { readonly clientId: string; readonly clientSecret: string; readonly displayName: string };
}

export const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';

/** Clients that Microsoft's hosts use when they hand over a token of their own (TeamsJS SSO, Office SSO). */
export const HOST_CLIENTS = {
  teams: '5e3ce6c0-2b1f-4285-8d4b-75ee78787346',
  outlook: 'bc59ab01-8403-45c6-8796-ac3ef710b3e3',
} as const;

/** How Graph is called as a resource. Source: "National cloud deployments". */
export function graphOf({ cloud }: Pick<Registration, 'cloud'>): string {
  return cloud === 'usGovernment' ? 'https://graph.microsoft.us' : 'https://graph.microsoft.com';
}
