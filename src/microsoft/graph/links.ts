/**
 * Whose mailbox a link of Graph's leads to.
 *
 * An application's own token opens every mailbox of an organization, so a link that strays into another one would store
 * one person's items under another's name. Graph writes a person as `me`, as `users/ID` and as `users('ID')`, some
 * services with the organization behind an `@`; a drive has an address of its own. A mailbox that was asked for by its
 * address may come back by its id, which no one has told us: a member's token opens only what is shared with them.
 *
 * Source  "Use delta query to track changes": links are opaque otherwise; OData 4.01 URL conventions, section 4.3
 *         (keys in parentheses and as segments).
 */
import type { GraphAccess } from '../../sync/ports.ts';

const USER = /^users(?:\/(?<name>[^/]+)|\((?:'|%27)(?<key>[^/]+?)(?:'|%27)\))\//;
const ID = /^(?<id>[\da-f]{8}-[\da-f-]{27})(?:@|$)/;

/** `path` is the part of the address below `/v1.0/`. */
export function namesMailbox({ mailbox, memberId }: GraphAccess, path: string): boolean {
  const lower = path.toLowerCase();
  if (lower.startsWith('me/')) {
    return mailbox === 'me';
  }
  if (lower.startsWith('drives/')) {
    return true;
  }
  const { name, key } = USER.exec(lower)?.groups ?? {};
  // In a key a quote is written twice (OData 4.01 URL conventions, section 4.3).
  const written = key === undefined ? decoded(name ?? '') : decoded(key).replaceAll("''", "'");
  const asked = mailbox === 'me' ? memberId.toLowerCase() : decoded(mailbox.slice('users/'.length)).toLowerCase();
  const id = ID.exec(written)?.groups?.['id'];
  return id === undefined ? written === asked : id === asked || asked.includes('@');
}

/** A link into a shared mailbox as it is kept: its address stands nowhere in clear. */
export function withoutAddress({ mailbox }: GraphAccess, link: string): string {
  return isByAddress(mailbox) ? link.replace(/\/users(?:\/[^/?]+|\([^/?]+\))\//i, `/${NOBODY}/`) : link;
}

/** The same link with the address in its place again. */
export function withAddress({ mailbox }: GraphAccess, link: string): string {
  return isByAddress(mailbox) ? link.replace(`/${NOBODY}/`, `/${mailbox}/`) : link;
}

const NOBODY = 'users/~';

function isByAddress(mailbox: string): boolean {
  return decoded(mailbox).includes('@');
}

/** Empty for what is no encoding, which names no one. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
