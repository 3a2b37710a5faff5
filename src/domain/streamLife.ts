/**
 * The life of a stream: every event that can happen to it, and what that makes of it. A stream begins at `baseline`, with
 * a generation of its own, and is `current` once it was read to its end; whatever begins it again begins a generation, so
 * that what the new reading does not meet is known to be gone.
 *
 * Shapes  A change holds what an event sets; what it leaves out stays.
 * Errors  None.
 */
import { type SyncErrorCode, syncErrorTraits } from './syncErrors.ts';

/** What of a stream decides about its next state. */
export interface StreamState {
  readonly cursor: string | null;
  readonly generation: number;
  readonly windowOn: string | null;
  readonly failures: number;
  /** How often in a row its pages did not end. */
  readonly endless: number;
  /** How often something has said that there is more to read. */
  readonly wakes: number;
}

/**
 * `more`: further pages follow. `current`: the stream has caught up. `complete`: it has also seen everything that there
 * is, so what this generation did not meet is gone.
 */
export type PageEnd = 'more' | 'current' | 'complete';

/** What every page has in common, whatever is on it. */
export interface PageRead {
  readonly kind: 'pageRead';
  /** Where the next page begins. */
  readonly cursor: string | null;
  readonly end: PageEnd;
  /** The round as of whose beginning everything was read, where this is the end. */
  readonly begunRound: number;
  /** The same, where the reading continues from `cursor` in a later round. */
  readonly resumesRound: number | null;
  readonly at: Date;
  /** When the stream is due again, where this is the end. */
  readonly nextAt: Date;
  /** For the next page. */
  readonly pageSize: number | null;
  readonly emptyPages: number;
  /** How many items on it are stored, as they are there or as they were. */
  readonly itemCount: number;
}

export type StreamEvent =
  | PageRead
  | { readonly kind: 'failed'; readonly code: SyncErrorCode; readonly dueAt: Date }
  /** It is read again from the beginning; `windowOn` is the day on which its window was laid, where it has one. */
  | { readonly kind: 'restarted'; readonly windowOn: string | null; readonly at: Date }
  /** The same, with pages that name items only: each is read by itself. */
  | { readonly kind: 'lightened'; readonly at: Date };

export interface StreamChange {
  readonly cursor?: string | null;
  readonly stage?: 'baseline' | 'current';
  readonly generation?: number | 'next';
  readonly itemsSeen?: 'none' | { readonly added: number };
  readonly startedAt?: Date;
  readonly pageAt?: Date;
  readonly succeededAt?: Date;
  readonly windowOn?: string | null;
  readonly reconciledAt?: Date;
  /** When it is due; where it was woken since it was at `wakes`, at once. */
  readonly due?: { readonly at: Date; readonly ifStillAt?: { readonly wakes: number; readonly otherwise: Date } };
  readonly failures?: number;
  readonly error?: SyncErrorCode | null;
  readonly begunRound?: number | null;
  readonly rereadAt?: null;
  readonly caughtUpRound?: number;
  readonly pageSize?: number | null;
  readonly isLight?: boolean;
  readonly emptyPages?: number;
  readonly endless?: number;
}

/** Graph's refusal of a cursor counts as its loss when it has come this often in a row. */
const REFUSALS_UNTIL_LOST = 4;

type EventOf<Kind extends StreamEvent['kind']> = Extract<StreamEvent, { readonly kind: Kind }>;

const EFFECTS: {
  readonly [Kind in StreamEvent['kind']]: (stream: StreamState, event: EventOf<Kind>) => StreamChange;
} = {
  pageRead: (stream, page) => ({
    cursor: page.cursor,
    generation: stream.generation,
    pageAt: page.at,
    failures: 0,
    error: null,
    itemsSeen: { added: page.itemCount },
    begunRound: page.resumesRound,
    pageSize: page.pageSize,
    ...AT_END[page.end](stream, page),
  }),
  failed: (stream, { code, dueAt }) => ({
    ...(losesCursor(stream, code)
      ? {
          ...restarted(dueAt),
          windowOn: stream.windowOn,
          endless: syncErrorTraits(code).cursor === 'replaced' ? stream.endless + 1 : stream.endless,
        }
      : {}),
    failures: stream.failures + 1,
    error: code,
    due: { at: dueAt },
  }),
  restarted: (_stream, { windowOn, at }) => ({ ...restarted(at), windowOn }),
  lightened: ({ windowOn }, { at }) => ({ ...restarted(at), windowOn, isLight: true, pageSize: null }),
};

/** What the end of a page means for its stream. */
const AT_END: Readonly<Record<PageEnd, (stream: StreamState, page: PageRead) => StreamChange>> = {
  more: (_stream, { emptyPages }) => ({ emptyPages }),
  current: caughtUp,
  complete: (stream, page) => ({ ...caughtUp(stream, page), reconciledAt: page.at }),
};

/** What came while the stream was read may have come too late for what was read: then it is due at once. */
function caughtUp({ wakes }: StreamState, { at, nextAt, begunRound }: PageRead): StreamChange {
  return {
    emptyPages: 0,
    stage: 'current',
    succeededAt: at,
    due: { at: nextAt, ifStillAt: { wakes, otherwise: at } },
    caughtUpRound: begunRound,
    endless: 0,
  };
}

/** What an event makes of a stream. */
export function streamAfter(stream: StreamState, event: StreamEvent): StreamChange {
  return effectOf(event)(stream, event);
}

function effectOf<Kind extends StreamEvent['kind']>({
  kind,
}: {
  readonly kind: Kind;
}): (stream: StreamState, event: EventOf<Kind>) => StreamChange {
  return EFFECTS[kind];
}

/** A stream that is read again from the beginning; what it has stored stays until the new generation has passed over it. */
export function restarted(at: Date): StreamChange {
  return {
    cursor: null,
    stage: 'baseline',
    generation: 'next',
    itemsSeen: 'none',
    startedAt: at,
    due: { at },
    failures: 0,
    error: null,
    begunRound: null,
    rereadAt: null,
    emptyPages: 0,
    isLight: false,
  };
}

/** Whether a failure takes the cursor along: paging without an end, or a place that Graph refuses again and again. */
function losesCursor({ cursor, failures }: StreamState, code: SyncErrorCode): boolean {
  switch (syncErrorTraits(code).cursor) {
    case 'kept':
      return false;
    case 'replaced':
      return true;
    case 'replacedWhenRepeated':
      return cursor !== null && (failures + 1) % REFUSALS_UNTIL_LOST === 0;
  }
}
