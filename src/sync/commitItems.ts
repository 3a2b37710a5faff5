/** Commits a page of items with its cursor, without what the rules exclude, and with what is attached to messages. */
import { type Attachment, busyTimeOf, toEvaluated, participantsOf, type SyncedItem } from '../domain/items.ts';
import { needsContacts, evaluate, keepsBusyTimes, mayExclude, type Rules } from '../domain/relevance.ts';
import { askEach } from './askEach.ts';
import type { PageFailure } from './followPages.ts';
import { mergePage } from './mergePage.ts';
import type { CalendarWindow, Change, PageProgress, Stream, WriteAnswer } from './ports.ts';
import type { GraphCallResult, RoundContext } from './roundContext.ts';
import { definitionOf } from '../domain/categories/categories.ts';

export async function commitItems(
  context: RoundContext,
  progress: PageProgress,
  changes: readonly Change<SyncedItem>[],
  proves: CalendarWindow | null,
): Promise<WriteAnswer | PageFailure> {
  const { ports, state } = context;
  const isRelevant = definitionOf(progress.stream.category).isFiltered
    ? await relevanceOf(context, changes)
    : () => true;
  const merged = mergePage(changes, isRelevant);
  const attached = await withAttachments(context, progress.stream, merged.upserts);
  if (attached.kind === 'cursorLost') {
    return { kind: 'failed', code: 'cursorLost' };
  }
  if (attached.kind !== 'ok') {
    return attached;
  }
  // What can't be read can't be evaluated: where a rule may exclude it, nothing but its ID is kept.
  const unreadable = merged.unreadable.map((each) =>
    mayExclude(state.rules, ports.graph.flagsOf(each.raw)) ? { ...each, raw: null } : each,
  );
  const upserts = attached.value.map((item) => inFormOf(state.rules, item));
  const itemCount = upserts.length + merged.seen.length;
  return ports.store.commitPage(state, { ...progress, ...merged, upserts, unreadable, itemCount, proves });
}

async function relevanceOf(
  { ports, state }: RoundContext,
  changes: readonly Change<SyncedItem>[],
): Promise<(item: SyncedItem) => boolean> {
  const { rules, connectedAt } = state;
  const addresses = needsContacts(rules)
    ? changes.flatMap((change) => (change.kind === 'upsert' ? participantsOf(change.item.content) : []))
    : [];
  const known = await ports.store.knownAmong(state, [...new Set(addresses)]);
  const isKnown = (address: string) => known.has(address.toLowerCase());
  const evaluation = { now: ports.now(), connectedAt, isKnown };
  const isBusyTime = keepsBusyTimes(rules);
  return (item) => evaluate(rules, { ...toEvaluated(item), isBusyTime }, evaluation).relevant;
}

/** An item as the rules let it be kept. */
function inFormOf(rules: Rules, item: SyncedItem): SyncedItem {
  return keepsBusyTimes(rules) && toEvaluated(item).isPrivate ? busyTimeOf(item) : item;
}

/** Of messages that are stored as they are nothing is asked. A list that cannot be had leaves its message without one. */
async function withAttachments(
  context: RoundContext,
  stream: Stream,
  items: readonly SyncedItem[],
): Promise<GraphCallResult<readonly SyncedItem[]>> {
  const { ports, state } = context;
  const candidates = items.filter(({ hasAttachments }) => hasAttachments === true);
  if (candidates.length === 0) {
    return { kind: 'ok', value: items };
  }
  const ids = candidates.map(({ itemId }) => itemId);
  const stored = await ports.store.versions(state, stream, ids);
  const wanted = candidates.filter(({ itemId, changeKey }) => changeKey === null || stored.get(itemId) !== changeKey);
  const answer = await askEach(
    context,
    stream,
    wanted.map(({ itemId }) => itemId),
    (access, some) => ports.graph.attachments(access, some),
  );
  if (answer.kind !== 'ok') {
    return answer;
  }
  const attachmentsOf = ({ itemId }: SyncedItem): readonly Attachment[] => {
    const list = answer.value.get(itemId);
    return list?.kind === 'ok' ? list.value : [];
  };
  return { kind: 'ok', value: items.map((item) => withList(item, attachmentsOf(item))) };
}

function withList(item: SyncedItem, attachments: readonly Attachment[]): SyncedItem {
  return attachments.length === 0 ? item : { ...item, content: { ...item.content, attachments } };
}
