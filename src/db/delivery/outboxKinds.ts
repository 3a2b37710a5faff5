/** What each kind of row of the outbox is called in the feed. */
import type { ChangeType } from '../../domain/feed.ts';
import type { OutboxKind } from './deliveryTables.ts';

/** What is not in here isn't told. */
export const TYPES_OF_KINDS = {
  upserted: 'item.upserted',
  removed: 'item.removed',
  erased: 'category.erased',
  disconnected: 'connection.ended',
} as const satisfies Partial<Record<OutboxKind, ChangeType>>;

export function typeOfKind(kind: OutboxKind): ChangeType | null {
  return kind === 'void' ? null : TYPES_OF_KINDS[kind];
}
