/** Commits a page of items with its cursor, without what relevance excludes. */
import type { SyncedItem } from '../domain/items.ts';
import { EVERYTHING } from '../domain/relevance.ts';
import { mergePage } from './mergePage.ts';
import type { CalendarWindow, Change, PageProgress, WriteAnswer } from './ports.ts';
import type { RoundContext } from './roundContext.ts';

export function commitItems(
  { ports, state }: RoundContext,
  progress: PageProgress,
  changes: readonly Change<SyncedItem>[],
  proves: CalendarWindow | null,
): Promise<WriteAnswer> {
  // Contacts, tasks and files have no participants in the sense of the rules.
  const isCorrespondence = progress.stream.category === 'mail' || progress.stream.category === 'calendar';
  const policy = isCorrespondence ? state.relevance : EVERYTHING;
  return ports.store.commitPage(state, { ...progress, ...mergePage(changes, policy), proves });
}
