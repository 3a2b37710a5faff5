/** What a token says of itself, read without proof: the server judges it anew, with its own clock and keys. */
import type { HostAccount } from './host.ts';

interface Claims {
  readonly exp?: number;
  readonly oid?: string;
  readonly tid?: string;
}

/** When the token expires, in milliseconds; 0 where it does not say. */
export function expiryOf(token: string): number {
  return (claimsOf(token).exp ?? 0) * 1000;
}

/** Whether the token is somebody else's than the host's account; unknown accounts differ from nobody. */
export function isOfAnother(token: string, account: HostAccount | null): boolean {
  if (account === null) {
    return false;
  }
  const { oid, tid } = claimsOf(token);
  return oid !== account.oid || tid !== account.tenantId;
}

function claimsOf(token: string): Claims {
  const [, body = ''] = token.split('.');
  return readClaims(atob(body.replaceAll('-', '+').replaceAll('_', '/')));
}

function readClaims(text: string): Claims {
  return JSON.parse(text);
}
