/**
 * Follows a sequence of pages, committing each with its cursor, until it has caught up.
 *
 * Shapes  A source's `fetch` reads the page at a cursor; `null` begins anew. A lost cursor begins this stream anew, once
 *         a round: a second loss in a row is recorded as a failure instead of looping.
 */
import type { SyncedItem } from '../domain/items.ts';
import { mergePage } from './mergePage.ts';
import type { CalendarWindow, GraphPage, PageEnd, Stream } from './ports.ts';
import type { AskAnswer, RoundContext, StreamEnd } from './runRound.ts';
import { failureOf } from './streamFailure.ts';

export interface PageSource {
  fetch(stream: Stream, cursor: string | null): Promise<AskAnswer<GraphPage<SyncedItem>>>;
  /** Set where the pages have no cursor of their own to keep: the stream's stays as it is. */
  readonly keepsStreamCursor?: boolean;
  /** The time within which a complete reading proves absence; without it, everything. */
  readonly proves?: CalendarWindow;
}

export async function readPages(
  context: RoundContext,
  stream: Stream,
  source: PageSource,
  mayRestart = true,
): Promise<StreamEnd> {
  const { ports, state } = context;
  let cursor = source.keepsStreamCursor === true ? null : stream.cursor;
  for (;;) {
    const answer = await source.fetch(stream, cursor);
    if (answer.kind === 'cursorLost') {
      return mayRestart ? restartPages(context, stream, source) : { kind: 'failed', code: 'cursorLost' };
    }
    if (answer.kind !== 'ok') {
      return failureOf(answer);
    }
    const next = answer.value.next ?? answer.value.delta;
    if (next === null || (answer.value.next !== null && next === cursor)) {
      return { kind: 'failed', code: 'endlessPaging' };
    }
    const end = endOf(stream, answer.value);
    const written = await ports.store.commitPage(state, {
      stream,
      ...mergePage(answer.value.changes, state.relevance),
      cursor: source.keepsStreamCursor === true ? stream.cursor : next,
      end,
      proves: source.proves ?? null,
      at: ports.now(),
    });
    if (written === 'stale') {
      return { kind: 'stopped' };
    }
    if (end !== 'more') {
      return { kind: 'current' };
    }
    cursor = next;
  }
}

async function restartPages(context: RoundContext, stream: Stream, source: PageSource): Promise<StreamEnd> {
  const { ports, state } = context;
  const restarted = await ports.store.restart(state, stream, stream.windowOn, ports.now());
  return restarted === 'stale' ? { kind: 'stopped' } : readPages(context, restarted, source, false);
}

function endOf(stream: Stream, page: GraphPage<SyncedItem>): PageEnd {
  if (page.next !== null) {
    return 'more';
  }
  return stream.stage === 'baseline' ? 'complete' : 'current';
}
