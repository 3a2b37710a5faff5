/**
 * What a page of changes means for what is stored: pure, so that laws can be tested on it.
 *
 * A page may name an item more than once; the last word counts. What relevance excludes is removed, so that
 * an item that became irrelevant does not stay.
 */
import { participantsOf, type SyncedItem } from '../domain/items.ts';
import { judge, type RelevancePolicy } from '../domain/relevance.ts';
import type { Change, Unreadable } from './ports.ts';

export interface MergedPage {
  readonly upserts: readonly SyncedItem[];
  readonly removals: readonly string[];
  readonly unreadable: readonly Unreadable[];
}

export function mergePage(changes: readonly Change<SyncedItem>[], policy: RelevancePolicy): MergedPage {
  const last = new Map(changes.map((change) => [idOf(change), change]));
  const upserts: SyncedItem[] = [];
  const removals: string[] = [];
  const unreadable: Unreadable[] = [];
  for (const [id, change] of last) {
    if (change.kind === 'unreadable') {
      unreadable.push({ itemId: id, reason: change.reason, raw: change.raw });
    } else if (change.kind === 'upsert' && judge(policy, participantsOf(change.item.content)).relevant) {
      upserts.push(change.item);
    } else {
      removals.push(id);
    }
  }
  return { upserts, removals, unreadable };
}

function idOf(change: Change<SyncedItem>): string {
  return change.kind === 'upsert' ? change.item.itemId : change.id;
}
