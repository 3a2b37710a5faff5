/**
 * Makes a page whole: what an entry does not say is asked for, item by item, before anything is evaluated or overwritten.
 *
 * What is stored in the very version that an entry names stays as it is. What is gone by now is left to the page that
 * says so. What cannot be had is set aside under what is known of it, and everything else continues.
 */
import { askEach } from './askEach.ts';
import type { Change, EachItem, GraphAccess, GraphAnswer, GraphPage, Stream } from './ports.ts';
import { type GraphCallResult, codeOf, type RoundContext } from './roundContext.ts';

/** Microsoft's own failures pass; what fails this often in a row is what it is. */
const MAX_FAILURES = 2;

type Partial<T> = Extract<Change<T>, { kind: 'partial' }>;

/** `read` brings whole items by their ids. */
export async function completePage<T>(
  context: RoundContext,
  stream: Stream,
  page: GraphPage<T>,
  read: (access: GraphAccess, ids: readonly string[]) => Promise<EachItem<T>>,
): Promise<GraphCallResult<GraphPage<T>>> {
  const partial = page.changes.filter((change): change is Partial<T> => change.kind === 'partial');
  if (partial.length === 0) {
    return { kind: 'ok', value: page };
  }
  const seen = await storedAsNamed(context, stream, partial);
  const ids = [...new Set(partial.map(({ id }) => id).filter((id) => !seen.has(id)))];
  const answer = await askEach(context, stream, ids, read);
  if (answer.kind !== 'ok') {
    return answer;
  }
  const fault = [...answer.value.values()].map((each) => passingFault(each, stream)).find((each) => each !== null);
  if (fault !== undefined) {
    return fault;
  }
  const changes = page.changes.flatMap((change) =>
    change.kind !== 'partial'
      ? [change]
      : seen.has(change.id)
        ? [{ kind: 'seen' as const, id: change.id }]
        : changesOf(change, answer.value.get(change.id)),
  );
  return { kind: 'ok', value: { ...page, changes } };
}

/** Those that are stored in the version that the page names. */
async function storedAsNamed<T>(
  { ports, state }: RoundContext,
  stream: Stream,
  partial: readonly Partial<T>[],
): Promise<ReadonlySet<string>> {
  const named = partial.filter(({ changeKey }) => changeKey !== null);
  const stored =
    named.length === 0
      ? new Map<string, string>()
      : await ports.store.versions(
          state,
          stream,
          named.map(({ id }) => id),
        );
  return new Set(named.filter(({ id, changeKey }) => stored.get(id) === changeKey).map(({ id }) => id));
}

/**
 * What to fail with when an answer about one item may be another one soon; `null` when it is what it is. A gateway
 * that gave up once is no proof that the item is too heavy.
 */
export function passingFault(
  answer: GraphAnswer<unknown>,
  { failures }: Pick<Stream, 'failures'>,
): Extract<GraphAnswer<never>, { kind: 'failed' | 'forbidden' }> | null {
  if (failures >= MAX_FAILURES) {
    return null;
  }
  // No item has a cursor: an answer of this kind about one makes no sense, and is not what it stays.
  if (answer.kind === 'tooHeavy' || answer.kind === 'cursorLost') {
    return { kind: 'failed', code: 'microsoftUnavailable' };
  }
  const isOfTheMoment = answer.kind === 'failed' && answer.code === 'microsoftUnavailable';
  return isOfTheMoment || answer.kind === 'forbidden' ? answer : null;
}

/** What an answer about one item means; `raw` names it where it cannot be read. */
export function changesOf<T>(
  { id, raw }: Pick<Partial<T>, 'id' | 'raw'>,
  answer: GraphAnswer<readonly Change<T>[]> | undefined,
): readonly Change<T>[] {
  if (answer === undefined || answer.kind === 'notFound') {
    return [];
  }
  if (answer.kind !== 'ok') {
    return [{ kind: 'unreadable', id, reason: codeOf(answer), raw }];
  }
  // Under the id that the page has for it, whatever form the answer has.
  return answer.value.map((change) => (change.kind === 'unreadable' ? { ...change, id, raw } : change));
}
