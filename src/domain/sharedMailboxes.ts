/**
 * Shared mailboxes that a member names, because Graph lists none ("Outlook mail API: shared folders").
 *
 * Shapes  A mailbox is named by its address and known by an id of ours, so that no address stands in clear.
 */
import { type Category, definitionOf } from './categories/categories.ts';

export interface SharedMailbox {
  readonly id: string;
  /** Lower case. */
  readonly address: string;
  /** What it is closed for, as it was when it was named. */
  readonly closed: readonly Category[];
}

/** Categories that are read in mailboxes which a member names; calendars that are shared stand in one's own list. */
export function supportsSharedMailboxes(category: Category): boolean {
  return definitionOf(category).sharing?.found === 'byAddress';
}

/**
 * The id of a container among all that a member's streams read. Graph's ids of folders are unique within one mailbox
 * only; the member's own keep theirs, in which `~` does not occur. It is compared, and never taken apart.
 */
export function folderIdIn(sharedMailbox: string | null, container: string): string {
  return sharedMailbox === null ? container : `~${sharedMailbox}/${container}`;
}

/** The mailbox in Graph's paths: an address stands for whose it is. */
export function mailboxPathOf(address: string): string {
  return `users/${encodeURIComponent(address)}`;
}
