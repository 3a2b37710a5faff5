/** Nested app authentication by @azure/msal-browser; loaded when it is needed. */
import {
  createNestablePublicClientApplication,
  InteractionRequiredAuthError,
  type IPublicClientApplication,
} from '@azure/msal-browser';
import type { HostToken } from '../hosts/host.ts';
import type { PageSettings } from '../settings.ts';

let client: Promise<IPublicClientApplication> | null = null;

/** With `claims`, Microsoft may open a window for one more step; then it must be called from a click. */
export async function acquireNested(
  settings: PageSettings,
  loginHint: string | undefined,
  claims?: string,
): Promise<HostToken> {
  client ??= createNestablePublicClientApplication({
    auth: {
      clientId: settings.clientId,
      authority: `${settings.authority}/common`,
      knownAuthorities: [new URL(settings.authority).host],
    },
    cache: { cacheLocation: 'memoryStorage' },
  });
  try {
    const application = await client;
    const request = { scopes: [settings.apiScope], ...(loginHint === undefined ? {} : { loginHint }) };
    const result =
      claims === undefined
        ? await application.ssoSilent(request)
        : await application.acquireTokenPopup({ ...request, claims });
    return { kind: 'token', token: result.accessToken, expiresAt: result.expiresOn?.getTime() ?? 0 };
  } catch (error) {
    return isNotAdmitted(error) ? { kind: 'blocked' } : { kind: 'unavailable' };
  }
}

/** Entra's numbers for: nobody consented, an administrator must, not assigned, no service principal. */
const NOT_ADMITTED = /consent_required|AADSTS(?:65001|65004|90094|90095|50105|650052|700016|500011)\b/;

/** Interaction can be required for many reasons; only some of them mean that the organization has not admitted the app. */
function isNotAdmitted(error: unknown): boolean {
  return error instanceof InteractionRequiredAuthError && NOT_ADMITTED.test(`${error.errorCode} ${error.errorMessage}`);
}
