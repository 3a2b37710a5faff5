/** Nested app authentication by @azure/msal-browser; loaded when it is needed. */
import {
  createNestablePublicClientApplication,
  InteractionRequiredAuthError,
  type IPublicClientApplication,
} from '@azure/msal-browser';
import type { HostToken } from '../hosts/host.ts';
import type { PageSettings } from '../settings.ts';

let client: Promise<IPublicClientApplication> | null = null;

export async function acquireNested(settings: PageSettings, loginHint: string | undefined): Promise<HostToken> {
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
    const result = await application.ssoSilent({
      scopes: [settings.apiScope],
      ...(loginHint === undefined ? {} : { loginHint }),
    });
    return { kind: 'token', token: result.accessToken, expiresAt: result.expiresOn?.getTime() ?? 0 };
  } catch (error) {
    return error instanceof InteractionRequiredAuthError ? { kind: 'blocked' } : { kind: 'unavailable' };
  }
}
