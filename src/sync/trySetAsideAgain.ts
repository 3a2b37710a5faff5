/**
 * Tries again what could not be read before: Microsoft may have mended it, and a newer version may understand it.
 *
 * With the last page of a reading, so that it holds up nothing; where nothing can be asked now, it is left as it is.
 */
import { askEach } from './askEach.ts';
import { changesOf } from './completePage.ts';
import { type Change, type EachItem, type GraphAccess, type GraphPage, MAX_CONCURRENT, type Stream } from './ports.ts';
import type { RoundContext } from './roundContext.ts';

/** `read` brings whole items by their ids. */
export async function trySetAsideAgain<T>(
  context: RoundContext,
  stream: Stream,
  page: GraphPage<T>,
  read: (access: GraphAccess, ids: readonly string[]) => Promise<EachItem<T>>,
): Promise<GraphPage<T>> {
  if (page.next !== null) {
    return page;
  }
  const { store, now } = context.ports;
  const named = new Set(page.changes.map(({ id }) => id));
  const aside = await store.setAsideDue(context.state, stream, { now: now(), limit: MAX_CONCURRENT });
  const due = aside.filter(({ itemId }) => !named.has(itemId));
  const ids = due.map(({ itemId }) => itemId);
  const answer = await askEach(context, stream, ids, read);
  if (answer.kind !== 'ok') {
    return page;
  }
  const again = due.flatMap(({ itemId: id, raw }): readonly Change<T>[] => [
    // Where nothing is under this id any more, what is stored of it is for the delta to end.
    { kind: 'seen', id },
    ...changesOf({ id, raw }, answer.value.get(id)),
  ]);
  return { ...page, changes: [...page.changes, ...again] };
}
