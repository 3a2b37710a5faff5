/** Commits a page of items with its cursor, without what the rules exclude. */
import { judgedOf, participantsOf, type SyncedItem } from '../domain/items.ts';
import { asksForContacts, hasRules, isCorrespondence, judge } from '../domain/relevance.ts';
import { mergePage } from './mergePage.ts';
import type { CalendarWindow, Change, PageProgress, WriteAnswer } from './ports.ts';
import type { RoundContext } from './roundContext.ts';

export async function commitItems(
  context: RoundContext,
  progress: PageProgress,
  changes: readonly Change<SyncedItem>[],
  proves: CalendarWindow | null,
): Promise<WriteAnswer> {
  const { ports, state } = context;
  const isRelevant = isCorrespondence(progress.stream.category) ? await relevanceOf(context, changes) : () => true;
  const merged = mergePage(changes, isRelevant);
  // What cannot be read cannot be judged: of what a rule may exclude nothing but its id is kept.
  const unreadable = hasRules(state.rules)
    ? merged.unreadable.map((each) => ({ ...each, raw: null }))
    : merged.unreadable;
  return ports.store.commitPage(state, { ...progress, ...merged, unreadable, proves });
}

async function relevanceOf(
  { ports, state }: RoundContext,
  changes: readonly Change<SyncedItem>[],
): Promise<(item: SyncedItem) => boolean> {
  const { rules, connectedAt } = state;
  const addresses = asksForContacts(rules)
    ? changes.flatMap((change) => (change.kind === 'upsert' ? participantsOf(change.item.content) : []))
    : [];
  const known = await ports.store.knownAmong(state, [...new Set(addresses)]);
  const isKnown = (address: string) => known.has(address.toLowerCase());
  const circumstances = { now: ports.now(), connectedAt, isKnown };
  return (item) => judge(rules, judgedOf(item), circumstances).relevant;
}
