/**
 * What a page of changes means for what is stored: pure, so that laws can be tested on it.
 *
 * A page may name an item more than once; the newest version counts, and of two that are equally old the last. What
 * relevance excludes is removed, so that an item that became irrelevant does not stay. What a page does not have whole
 * changes nothing.
 */
import type { SyncedItem } from '../domain/items.ts';
import type { Change, Excluded, Unreadable } from './ports.ts';

export interface MergedPage {
  readonly upserts: readonly SyncedItem[];
  readonly removals: readonly string[];
  /** What relevance excludes, wherever it is. */
  readonly excluded: readonly Excluded[];
  readonly unreadable: readonly Unreadable[];
  /** Ids of what is there as it is stored. */
  readonly seen: readonly string[];
}

export function mergePage(
  changes: readonly Change<SyncedItem>[],
  isRelevant: (item: SyncedItem) => boolean,
): MergedPage {
  const last = new Map<string, Change<SyncedItem>>();
  for (const change of changes) {
    if (!isOlder(change, last.get(change.id))) {
      last.set(change.id, change);
    }
  }
  const upserts: SyncedItem[] = [];
  const removals: string[] = [];
  const excluded: Excluded[] = [];
  const unreadable: Unreadable[] = [];
  const seen: string[] = [];
  for (const [id, change] of last) {
    switch (change.kind) {
      case 'unreadable':
        unreadable.push({ itemId: id, reason: change.reason, raw: change.raw });
        break;
      case 'removed':
        removals.push(id);
        break;
      case 'seen':
      case 'partial':
        seen.push(id);
        break;
      case 'upsert':
        if (isRelevant(change.item)) {
          upserts.push(change.item);
        } else {
          excluded.push({ itemId: id, modifiedAt: change.item.modifiedAt });
        }
        break;
    }
  }
  return { upserts, removals, excluded, unreadable, seen };
}

function isOlder(change: Change<SyncedItem>, before: Change<SyncedItem> | undefined): boolean {
  if (change.kind !== 'upsert' || before?.kind !== 'upsert') {
    return false;
  }
  const [at, atBefore] = [change.item.modifiedAt, before.item.modifiedAt];
  return at !== null && atBefore !== null && at < atBefore;
}
