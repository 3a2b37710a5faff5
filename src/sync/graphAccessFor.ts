/** The way from a member's token into the mailbox that something is in. */
import { mailboxPathOf, parseContainer, type SharedMailbox } from '../domain/sharedMailboxes.ts';
import type { GraphAccess } from './ports.ts';

/** With the same token into a shared mailbox. */
export function accessToShared(access: GraphAccess, address: string): GraphAccess {
  return { ...access, mailbox: mailboxPathOf(address) };
}

/** Into the mailbox that a container is in; `null` for one that is not named any more. */
export function graphAccessFor(
  mailboxes: readonly SharedMailbox[],
  container: string,
  access: GraphAccess,
): GraphAccess | null {
  const { mailbox } = parseContainer(container);
  if (mailbox === null) {
    return access;
  }
  const shared = mailboxes.find(({ id }) => id === mailbox);
  return shared === undefined ? null : accessToShared(access, shared.address);
}
