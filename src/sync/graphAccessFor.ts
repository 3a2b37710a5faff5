/** The way from a member's token into the mailbox that something is in. */
import { mailboxPathOf, type SharedMailbox } from '../domain/sharedMailboxes.ts';
import type { GraphAccess } from './ports.ts';

/** With the same token into a shared mailbox. */
export function accessToShared(access: GraphAccess, address: string): GraphAccess {
  return { ...access, mailbox: mailboxPathOf(address) };
}

/** Into a shared mailbox by its id, or with `null` into the member's own; `null` for one that is not named any more. */
export function graphAccessFor(
  mailboxes: readonly SharedMailbox[],
  sharedMailbox: string | null,
  access: GraphAccess,
): GraphAccess | null {
  if (sharedMailbox === null) {
    return access;
  }
  const shared = mailboxes.find(({ id }) => id === sharedMailbox);
  return shared === undefined ? null : accessToShared(access, shared.address);
}
