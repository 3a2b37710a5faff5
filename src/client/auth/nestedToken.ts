/** Nested app authentication by @azure/msal-browser; loaded when it is needed. */
import { AuthError, createNestablePublicClientApplication, type IPublicClientApplication } from '@azure/msal-browser';
import type { Host, HostToken } from '../hosts/host.ts';
import { within } from '../hosts/within.ts';
import { failureOf, textFailure } from '../hosts/signInFailure.ts';
import type { TokenSettings } from '../settings.ts';

/** msal-browser itself would wait for ever for a bridge that never answers. */
const TIMEOUT_MILLISECONDS = 6_000;

let client: Promise<IPublicClientApplication> | null = null;

export type NestedWay = { readonly kind: 'silent' } | { readonly kind: 'prompted'; readonly claims?: string };

/**
 * A token for Assent's own API. Prompted, the host may open a window for as long as the person needs; then it
 * must be called from a click.
 *
 * Source  "Nested app authentication": silently first, on interaction required by popup.
 */
export async function acquireNestedToken(
  settings: TokenSettings,
  { loginHint, account }: Pick<Host, 'loginHint' | 'account'>,
  way: NestedWay,
): Promise<HostToken> {
  // A guest has an account in another organization as well: the tab's own is meant.
  client ??= openClient(settings, account?.tenantId ?? 'common');
  const application = await within(TIMEOUT_MILLISECONDS, client);
  if (application === null) {
    client = null;
    return failureOf('noAnswer');
  }
  // Made here, since the bridge's errors do not say it: the number under which Microsoft finds the attempt.
  const correlationId = crypto.randomUUID();
  const request = { correlationId, scopes: [settings.apiScope], ...(loginHint === undefined ? {} : { loginHint }) };
  try {
    const result =
      way.kind === 'silent'
        ? await application.ssoSilent(request)
        : await application.acquireTokenPopup({
            ...request,
            ...(way.claims === undefined ? {} : { claims: way.claims }),
          });
    return { kind: 'token', token: result.accessToken, expiresAt: result.expiresOn?.getTime() ?? 0 };
  } catch (error) {
    return nestedFailure(error, correlationId);
  }
}

function openClient({ clientId, authority }: TokenSettings, tenant: string): Promise<IPublicClientApplication> {
  return createNestablePublicClientApplication({
    auth: { clientId, authority: `${authority}/${tenant}`, knownAuthorities: [new URL(authority).host] },
    cache: { cacheLocation: 'memoryStorage' },
  });
}

function nestedFailure(error: unknown, requestId: string): HostToken {
  if (!(error instanceof AuthError)) {
    return failureOf('unknown', 'unknown', requestId);
  }
  const number = /AADSTS\d+/.exec(error.errorMessage)?.[0];
  return textFailure(number ?? error.errorCode, requestId);
}
