/**
 * Whose mailbox a link of Graph's leads to.
 *
 * An application's own token opens every mailbox of an organization, so a link that strays into another one would store
 * one person's items under another's name. Graph writes a person as `me`, as `users/ID` and as `users('ID')`, some
 * services with the organization behind an `@`; a drive has an address of its own.
 *
 * Source  "Use delta query to track changes": links are opaque otherwise; OData 4.01 URL conventions, section 4.3
 *         (keys in parentheses and as segments).
 */
import type { GraphAccess } from '../../sync/ports.ts';

const USER = /^users(?:\/|\((?:'|%27))(?<id>[\da-f-]+)(?=[/@'%])/;

/** `path` is the part of the address below `/v1.0/`. */
export function namesMailbox({ mailbox, memberId }: GraphAccess, path: string): boolean {
  const lower = path.toLowerCase();
  if (lower.startsWith('me/')) {
    return mailbox === 'me';
  }
  return lower.startsWith('drives/') || USER.exec(lower)?.groups?.['id'] === memberId.toLowerCase();
}
