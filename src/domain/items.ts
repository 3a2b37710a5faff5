/**
 * An item of any category, as sync reads it from Graph and as the database seals it.
 *
 * Shapes  `content` is what only the member and the operator may read; it is stored sealed. The rest may
 *         stand in clear, except the lookup fields, which are stored as keyed hashes.
 */
export interface Person {
  readonly name?: string | undefined;
  readonly address: string;
  readonly role: 'from' | 'sender' | 'to' | 'cc' | 'bcc' | 'organizer' | 'required' | 'optional' | 'resource';
}

export interface ItemContent {
  readonly subject: string;
  readonly people: readonly Person[];
  readonly internetMessageId?: string | undefined;
  readonly conversationId?: string | undefined;
  /** Mail at level `full`, and events at level `full`. */
  readonly body?: { readonly contentType: string; readonly content: string } | undefined;
  /** Events: RFC 3339 instants in UTC, and whether whole days are meant. */
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly isAllDay?: boolean | undefined;
  readonly location?: string | undefined;
}

export interface SyncedItem {
  readonly itemId: string;
  readonly changeKey: string | null;
  /** What the list is ordered by: when a message was received, when an event starts. */
  readonly at: Date;
  readonly content: ItemContent;
}

/** Every address on an item, for relevance and lookups. */
export function participantsOf(content: ItemContent): readonly string[] {
  return content.people.map(({ address }) => address).filter((address) => address !== '');
}
