/** What each kind of row of the outbox is called in the feed. */
import type { ChangeType } from '../../domain/feed.ts';
import { wordsOf } from '../../domain/vocabulary.ts';
import type { OutboxKind, ToldKind } from './deliveryTables.ts';

/** What is not in here isn't told. */
export const TYPES_OF_KINDS = {
  upserted: 'item.upserted',
  removed: 'item.removed',
  erased: 'category.erased',
  disconnected: 'connection.ended',
  'connection.made': 'connection.made',
  'connection.lost': 'connection.lost',
  'organization.admitted': 'organization.admitted',
  'organization.modeChanged': 'organization.modeChanged',
  'organization.selectionChanged': 'organization.selectionChanged',
  'organization.suspended': 'organization.suspended',
  'organization.resumed': 'organization.resumed',
} as const satisfies Record<ToldKind, ChangeType>;

export const TOLD_KINDS: readonly ToldKind[] = wordsOf(TYPES_OF_KINDS);

export function typeOfKind(kind: OutboxKind): ChangeType | null {
  return kind === 'void' ? null : TYPES_OF_KINDS[kind];
}
