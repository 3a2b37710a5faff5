/** Commits a page of items with its cursor, without what relevance excludes. */
import type { SyncedItem } from '../domain/items.ts';
import { mergePage } from './mergePage.ts';
import type { CalendarWindow, Change, PageProgress, WriteAnswer } from './ports.ts';
import type { RoundContext } from './roundContext.ts';

export function commitItems(
  { ports, state }: RoundContext,
  progress: PageProgress,
  changes: readonly Change<SyncedItem>[],
  proves: CalendarWindow | null,
): Promise<WriteAnswer> {
  return ports.store.commitPage(state, { ...progress, ...mergePage(changes, state.relevance), proves });
}
