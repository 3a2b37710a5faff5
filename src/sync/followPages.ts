/**
 * Follows a sequence of pages, committing each with its cursor, until it has caught up.
 *
 * A lost cursor begins the stream again, once a round: a second loss in a row is recorded as a failure instead of
 * looping. A page that cannot be had is asked for in smaller ones, down to single items; what they cannot bring ends
 * as `tooHeavy`. Paging that does not end is noticed and recorded as a failure, too.
 */
import { halved, firstPageSize, pageSizeAfter } from './pageSize.ts';
import { PagingGuard } from './pagingGuard.ts';
import type { Change, GraphPage, PageProgress, Reading, Stream, WriteAnswer } from './ports.ts';
import { type GraphCallResult, codeOf, type RoundContext, type StreamEnd } from './roundContext.ts';
import { type PageEnd } from '../domain/streamLife.ts';

export interface PageSource<T> {
  /** Reads the page at a cursor; `null` restarts. */
  fetch(stream: Stream & Reading, cursor: string | null): Promise<GraphCallResult<GraphPage<T>>>;
  /** Writes a page; what has to be asked for before may fail as a page does. */
  commit(progress: PageProgress, changes: readonly Change<T>[]): Promise<WriteAnswer | PageFailure>;
  /** Whether every reading restarts and reads everything there is; the stream's own cursor stays as it is. */
  readonly readsAll: boolean;
}

export type PageFailure = Exclude<GraphCallResult<unknown>, { kind: 'ok' } | { kind: 'cursorLost' }>;

export async function followPages<T>(
  context: RoundContext,
  stream: Stream,
  source: PageSource<T>,
  mayRestart = true,
): Promise<StreamEnd> {
  const { state, ports } = context;
  const begunRound = (source.readsAll ? null : stream.begunRound) ?? state.lease.fence;
  const watch = new PagingGuard(source.readsAll ? 0 : stream.emptyPages);
  let cursor = source.readsAll ? null : stream.cursor;
  let pageSize = firstPageSize(stream.pageSize);
  for (;;) {
    const fetched = await fetchFitting(context, stream, source, { cursor, pageSize });
    if (fetched.kind === 'cursorLost') {
      return mayRestart ? restart(context, stream, source) : { kind: 'failed', code: 'cursorLost' };
    }
    if (fetched.kind !== 'page') {
      return fetched;
    }
    const { page } = fetched;
    const { next, delta } = page;
    if (watch.isEndless(page)) {
      return { kind: 'failed', code: 'endlessPaging' };
    }
    pageSize = pageSizeAfter(fetched.pageSize, page.bytes);
    const end = endOf(stream, page, source.readsAll);
    const written = await source.commit(
      {
        kind: 'pageRead',
        stream,
        cursor: source.readsAll ? stream.cursor : (next ?? delta),
        end,
        begunRound,
        resumesRound: source.readsAll || end !== 'more' ? null : begunRound,
        at: ports.now(),
        nextAt: context.nextReadAt(stream),
        pageSize,
        emptyPages: source.readsAll ? stream.emptyPages : watch.empty,
      },
      page.changes,
    );
    if (written !== 'written') {
      return written === 'stale' ? { kind: 'stopped' } : failureOf(written);
    }
    if (next === null) {
      return { kind: 'current' };
    }
    if (!source.readsAll && context.isTimeBudgetSpent()) {
      return { kind: 'paused' };
    }
    cursor = next;
  }
}

interface Position {
  readonly cursor: string | null;
  readonly pageSize: number;
}

type Fetched<T> =
  | { readonly kind: 'page'; readonly page: GraphPage<T>; readonly pageSize: number }
  | { readonly kind: 'cursorLost' }
  | StreamEnd;

/** The page at a position, as large as it can be had. */
async function fetchFitting<T>(
  context: RoundContext,
  stream: Stream,
  source: PageSource<T>,
  position: Position,
): Promise<Fetched<T>> {
  let { pageSize } = position;
  for (;;) {
    const answer = await source.fetch({ ...stream, pageSize }, position.cursor);
    if (answer.kind === 'ok') {
      return { kind: 'page', page: answer.value, pageSize };
    }
    if (answer.kind !== 'tooHeavy') {
      return answer.kind === 'cursorLost' ? answer : failureOf(answer);
    }
    const smaller = await shrink(context, stream, pageSize, answer.retryAfterSeconds);
    if (typeof smaller !== 'number') {
      return smaller;
    }
    if (!source.readsAll && context.isTimeBudgetSpent()) {
      return { kind: 'paused' };
    }
    pageSize = smaller;
  }
}

/** Remembers that less is to be asked for; the end of the stream where less is nothing, or Graph wants to be left alone. */
async function shrink(
  { ports, state }: RoundContext,
  stream: Stream,
  pageSize: number,
  retryAfterSeconds: number | null,
): Promise<number | StreamEnd> {
  const smaller = halved(pageSize);
  if (smaller === null) {
    return { kind: 'failed', code: 'tooHeavy', retryAfterSeconds };
  }
  if ((await ports.store.setPageSize(state, stream, smaller)) === 'stale') {
    return { kind: 'stopped' };
  }
  return retryAfterSeconds === null ? smaller : { kind: 'failed', code: 'microsoftUnavailable', retryAfterSeconds };
}

async function restart<T>(context: RoundContext, stream: Stream, source: PageSource<T>): Promise<StreamEnd> {
  const { ports, state } = context;
  const restarted = await ports.store.restart(state, stream, stream.windowOn, ports.now());
  return restarted === 'stale' ? { kind: 'stopped' } : followPages(context, restarted, source, false);
}

function endOf(stream: Stream, { next }: GraphPage<unknown>, readsAll: boolean): PageEnd {
  if (next !== null) {
    return 'more';
  }
  return readsAll || stream.stage === 'baseline' ? 'complete' : 'current';
}

/** What an answer of Graph that is no page means for the stream that asked. */
function failureOf(answer: PageFailure): StreamEnd {
  if (answer.kind === 'stopped') {
    return { kind: 'stopped' };
  }
  const retryAfterSeconds = answer.kind === 'throttled' ? answer.retryAfterSeconds : null;
  return { kind: 'failed', code: codeOf(answer), retryAfterSeconds };
}
