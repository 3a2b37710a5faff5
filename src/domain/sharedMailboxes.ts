/**
 * Shared mailboxes that a member names, because Graph lists none ("Outlook mail API: shared folders").
 *
 * Shapes  A mailbox is named by its address and known by an id of ours, so that no address stands in clear. Containers
 *         of such a mailbox are `~ID/CONTAINER`: the ids of folders are unique within one mailbox only. The member's
 *         own have Graph's id as it is, in which neither character occurs.
 * Errors  None: every text is a container.
 */
import { type Category, definitionOf } from './categories/categories.ts';

export interface SharedMailbox {
  readonly id: string;
  /** Lower case. */
  readonly address: string;
  /** What it is closed for, as it was when it was named. */
  readonly closed: readonly Category[];
}

export interface ContainerRef {
  /** The id of the shared mailbox, or `null` for the member's own. */
  readonly mailbox: string | null;
  /** What Graph calls the container there. */
  readonly container: string;
}

/** Categories that are read in mailboxes which a member names; calendars that are shared stand in one's own list. */
export function supportsSharedMailboxes(category: Category): boolean {
  return definitionOf(category).sharing?.found === 'byAddress';
}

export function formatContainer(mailbox: string | null, container: string): string {
  return mailbox === null ? container : `${prefixOf(mailbox)}${container}`;
}

export function parseContainer(container: string): ContainerRef {
  const end = container.startsWith('~') ? container.indexOf('/') : -1;
  return end < 0
    ? { mailbox: null, container }
    : { mailbox: container.slice(1, end), container: container.slice(end + 1) };
}

/** What every container of a shared mailbox begins with. */
export function prefixOf(mailbox: string): string {
  return `~${mailbox}/`;
}

/** The mailbox in Graph's paths: an address stands for whose it is. */
export function mailboxPathOf(address: string): string {
  return `users/${encodeURIComponent(address)}`;
}
