/**
 * Follows a sequence of pages, committing each with its cursor, until it has caught up.
 *
 * A lost cursor begins the stream anew, once a round: a second loss in a row is recorded as a failure instead of
 * looping. Paging that does not end is noticed and recorded as one, too.
 */
import type { Change, GraphPage, PageEnd, PageProgress, Stream, WriteAnswer } from './ports.ts';
import { PagingWatch } from './pagingWatch.ts';
import { type AskAnswer, codeOf, type RoundContext, type StreamEnd } from './roundContext.ts';

export interface PageSource<T> {
  /** Reads the page at a cursor; `null` begins anew. */
  fetch(stream: Stream, cursor: string | null): Promise<AskAnswer<GraphPage<T>>>;
  commit(progress: PageProgress, changes: readonly Change<T>[]): Promise<WriteAnswer>;
  /** Whether every reading begins anew and reads everything there is; the stream's own cursor stays as it is. */
  readonly readsAll: boolean;
}

export async function followPages<T>(
  context: RoundContext,
  stream: Stream,
  source: PageSource<T>,
  mayRestart = true,
): Promise<StreamEnd> {
  const { state, ports } = context;
  const begunRound = (source.readsAll ? null : stream.begunRound) ?? state.lease.fence;
  const watch = new PagingWatch();
  let cursor = source.readsAll ? null : stream.cursor;
  for (;;) {
    const answer = await source.fetch(stream, cursor);
    if (answer.kind === 'cursorLost') {
      return mayRestart ? restart(context, stream, source) : { kind: 'failed', code: 'cursorLost' };
    }
    if (answer.kind !== 'ok') {
      return failureOf(answer);
    }
    const { changes, next, delta } = answer.value;
    if (watch.isEndless(answer.value)) {
      return { kind: 'failed', code: 'endlessPaging' };
    }
    const end = endOf(stream, answer.value, source.readsAll);
    const written = await source.commit(
      {
        stream,
        cursor: source.readsAll ? stream.cursor : (next ?? delta),
        end,
        begunRound,
        resumesRound: source.readsAll || end !== 'more' ? null : begunRound,
        at: ports.now(),
        nextAt: context.nextReading(stream),
      },
      changes,
    );
    if (written === 'stale') {
      return { kind: 'stopped' };
    }
    if (next === null) {
      return { kind: 'current' };
    }
    if (!source.readsAll && context.isOver()) {
      return { kind: 'paused' };
    }
    cursor = next;
  }
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

type NoPage = Exclude<AskAnswer<unknown>, { kind: 'ok' } | { kind: 'cursorLost' }>;

/** What an answer of Graph that is no page means for the stream that asked. */
function failureOf(answer: NoPage): StreamEnd {
  if (answer.kind === 'stopped') {
    return { kind: 'stopped' };
  }
  const retryAfterSeconds = answer.kind === 'throttled' ? answer.retryAfterSeconds : null;
  return { kind: 'failed', code: codeOf(answer), retryAfterSeconds };
}
