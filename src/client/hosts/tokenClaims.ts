/** The claims of a token, read without verification: the server validates it with its own clock and keys. */
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

/** Whether the token belongs to a different account than the host's; an account that the host does not name is not compared. */
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
