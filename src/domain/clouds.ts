/**
 * Microsoft's clouds: where each signs people in, where its Graph is, and which hosts show our pages.
 *
 * An installation serves one of them; an application is registered in one, and its tokens are of no use in another. GCC
 * is part of the global cloud.
 *
 * Source  "National clouds" (learn.microsoft.com/entra/identity-platform), "National cloud deployments"
 *         (learn.microsoft.com/graph), "Configure content security policy headers" (Teams), teams-js' list of valid domains.
 */
export const CLOUD_NAMES = ['global', 'usgov', 'usgovdod', 'china'] as const;
export type CloudName = (typeof CLOUD_NAMES)[number];

export interface Cloud {
  readonly name: CloudName;
  readonly authority: string;
  readonly graph: string;
  /** The Entra admin center. */
  readonly portal: string;
  /** Who may show our pages in a frame. */
  readonly frameAncestors: readonly string[];
}

export const CLOUDS: Readonly<Record<CloudName, Cloud>> = {
  global: {
    name: 'global',
    authority: 'https://login.microsoftonline.com',
    graph: 'https://graph.microsoft.com',
    portal: 'https://entra.microsoft.com',
    frameAncestors: [
      'https://teams.microsoft.com',
      'https://*.teams.microsoft.com',
      'https://*.cloud.microsoft',
      'https://*.microsoft365.com',
      'https://*.office.com',
      'https://outlook.live.com',
      'https://outlook.office.com',
      'https://outlook.office365.com',
      'https://outlook-sdf.office.com',
      'https://outlook-sdf.office365.com',
    ],
  },
  usgov: {
    name: 'usgov',
    authority: 'https://login.microsoftonline.us',
    graph: 'https://graph.microsoft.us',
    portal: 'https://entra.microsoft.us',
    frameAncestors: ['https://gov.teams.microsoft.us', 'https://outlook.office365.us', 'https://*.office365.us'],
  },
  usgovdod: {
    name: 'usgovdod',
    authority: 'https://login.microsoftonline.us',
    graph: 'https://dod-graph.microsoft.us',
    portal: 'https://entra.microsoft.us',
    frameAncestors: [
      'https://dod.teams.microsoft.us',
      'https://outlook-dod.office365.us',
      'https://webmail.apps.mil',
      'https://portal.apps.mil',
    ],
  },
  china: {
    name: 'china',
    authority: 'https://login.partner.microsoftonline.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    portal: 'https://entra.microsoftonline.cn',
    frameAncestors: ['https://partner.outlook.cn'],
  },
};

/**
 * The cloud of a tenant, by what its public metadata say; `null` where they say nothing. Microsoft does not document the
 * fields; they have long been stable.
 */
export function cloudOfTenant(
  region: string | null | undefined,
  subRegion: string | null | undefined,
): CloudName | null {
  if (region === null || region === undefined) {
    return null;
  }
  if (subRegion === 'DOD') {
    return 'usgovdod';
  }
  if (region === 'USGov' || subRegion === 'DODCON') {
    return 'usgov';
  }
  return region === 'CN' ? 'china' : 'global';
}
