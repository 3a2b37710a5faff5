/**
 * The last way to sign in: a window of the host on our own start page, and the code flow on the server. Nothing of it
 * runs in the page that asks, so it works where the host knows neither a token call nor nested app authentication.
 */
import type { Host, HostToken } from '../hosts/host.ts';
import { failureOf } from '../hosts/signInFailure.ts';
import { expiryOf } from '../hosts/tokenClaims.ts';

/** Must be called from a click. */
export async function signInByWindow(
  host: Pick<Host, 'kind' | 'account' | 'loginHint' | 'openPopup'>,
  claims?: string,
): Promise<HostToken> {
  const popup = host.openPopup(startUrl(host, claims));
  const end = await popup.ended;
  popup.close();
  switch (end.kind) {
    case 'finished':
      return tokenIn(end.message);
    case 'closed':
      return failureOf('cancelled');
    case 'blocked':
      return failureOf('windowBlocked');
  }
}

function startUrl({ kind, account, loginHint }: Pick<Host, 'kind' | 'account' | 'loginHint'>, claims?: string): string {
  const url = new URL('/sign-in/start', location.href);
  const known = { tenant: account?.tenantId, hint: loginHint, claims };
  url.searchParams.set('host', kind);
  for (const [name, value] of Object.entries(known)) {
    if (value !== undefined) {
      url.searchParams.set(name, value);
    }
  }
  return url.href;
}

function tokenIn(message: string): HostToken {
  // A window that ended without a token said why itself.
  return message.split('.').length === 3
    ? { kind: 'token', token: message, expiresAt: expiryOf(message) }
    : failureOf('cancelled');
}
