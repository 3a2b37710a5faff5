/** The addresses and scopes that Microsoft knows this installation by. */
import { adminConsentUrl } from '../../microsoft/entra/entraClient.ts';
import { type PageSettings } from '../pages/pages.ts';
import type { AppApproval } from '../services.ts';
import type { Settings } from '../settings.ts';

/**
 * The scope of Assent's own API, asked for by the application itself: `clientId/access_as_user`. Brokers refuse
 * the form with `api://` where client and API are one registration (AADSTS90009).
 */
export function apiScopeOf({ entra }: Pick<Settings, 'entra'>): string {
  return `${entra.clientId}/access_as_user`;
}

export function applicationIdUriOf(publicUrl: string, clientId: string): string {
  return `api://${new URL(publicUrl).host}/${clientId}`;
}

export function admissionOf(settings: Settings): AppApproval {
  const redirectUri = `${settings.publicUrl}/connect/return`;
  const scopes = {
    graph: ['openid', 'profile', 'offline_access', 'User.Read'],
    api: [apiScopeOf(settings)],
  } as const;
  return {
    url: (step, state) => adminConsentUrl({ ...settings.entra, redirectUri }, 'organizations', scopes[step], state),
  };
}

export function pageSettings(settings: Settings, assetsFolder: string): PageSettings {
  const { entra, service, cloud, officeJsUrl, operator } = settings;
  return {
    ...entra,
    apiScope: apiScopeOf(settings),
    officeJsUrl,
    frameAncestors: cloud.frameAncestors,
    operator,
    registrations: [entra.clientId, ...(service === null ? [] : [service.clientId])],
    assetsFolder,
  };
}
