import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type PageRead,
  restarted,
  streamAfter,
  type StreamChange,
  type StreamEvent,
  type StreamState,
} from '../../src/domain/streamLife.ts';
import { SYNC_ERROR_CODES, type SyncErrorCode } from '../../src/domain/syncErrors.ts';

const AT = new Date('2026-11-29T09:00:00.000Z');
const NEXT = new Date('2026-11-29T09:10:00.000Z');
const RETRY = new Date('2026-11-29T09:01:00.000Z');

const STREAM: StreamState = {
  cursor: 'https://graph.microsoft.com/v1.0/me/mailFolders/inbox/messages/delta?$skiptoken=1',
  generation: 3_000,
  windowOn: '2026-11-28',
  failures: 2,
  endless: 1,
  wakes: 7,
};

const PAGE: PageRead = {
  kind: 'pageRead',
  cursor: 'next',
  end: 'more',
  begunRound: 41,
  resumesRound: 41,
  at: AT,
  nextAt: NEXT,
  pageSize: 50,
  emptyPages: 2,
  itemCount: 9,
};

const PAGE_CHANGE: StreamChange = {
  cursor: 'next',
  generation: 3_000,
  pageAt: AT,
  failures: 0,
  error: null,
  itemsSeen: { added: 9 },
  begunRound: 41,
  pageSize: 50,
};

const RESTARTED: StreamChange = {
  cursor: null,
  stage: 'baseline',
  generation: 'next',
  itemsSeen: 'none',
  startedAt: AT,
  due: { at: AT },
  failures: 0,
  error: null,
  begunRound: null,
  rereadAt: null,
  emptyPages: 0,
  isLight: false,
};

describe('a page that was read', () => {
  test('with more behind it moves the cursor, and the stream is not due by it', () => {
    expect(streamAfter(STREAM, PAGE)).toEqual({ ...PAGE_CHANGE, emptyPages: 2 });
  });

  test('at the end of what has changed makes the stream current, and due again unless it was woken since', () => {
    expect(streamAfter(STREAM, { ...PAGE, end: 'current', resumesRound: null })).toEqual({
      ...PAGE_CHANGE,
      begunRound: null,
      emptyPages: 0,
      stage: 'current',
      succeededAt: AT,
      due: { at: NEXT, ifStillAt: { wakes: 7, otherwise: AT } },
      caughtUpRound: 41,
      endless: 0,
    });
  });

  test('at the end of everything has seen it whole, besides', () => {
    const complete = streamAfter(STREAM, { ...PAGE, end: 'complete' });

    expect(complete).toEqual({ ...streamAfter(STREAM, { ...PAGE, end: 'current' }), reconciledAt: AT });
  });
});

describe('a failure', () => {
  test('is counted, and the cursor is kept', () => {
    expect(streamAfter(STREAM, { kind: 'failed', code: 'microsoftUnavailable', dueAt: RETRY })).toEqual({
      failures: 3,
      error: 'microsoftUnavailable',
      due: { at: RETRY },
    });
  });

  test('of paging without an end begins the stream again, and is counted apart', () => {
    expect(streamAfter(STREAM, { kind: 'failed', code: 'endlessPaging', dueAt: RETRY })).toEqual({
      ...RESTARTED,
      startedAt: RETRY,
      windowOn: '2026-11-28',
      endless: 2,
      failures: 3,
      error: 'endlessPaging',
      due: { at: RETRY },
    });
  });

  const repeating: readonly SyncErrorCode[] = ['notFound', 'unexpectedAnswer'];

  test.each(SYNC_ERROR_CODES.filter((code) => code !== 'endlessPaging'))(
    '%s begins it again only when Graph refuses a cursor the fourth time',
    (code) => {
      const isRestarted = (stream: Partial<StreamState>) =>
        streamAfter({ ...STREAM, ...stream }, { kind: 'failed', code, dueAt: RETRY }).generation === 'next';

      expect([0, 1, 2, 3, 4, 5, 6, 7].filter((failures) => isRestarted({ failures }))).toEqual(
        repeating.includes(code) ? [3, 7] : [],
      );
      expect(isRestarted({ failures: 3, cursor: null })).toBe(false);
      expect(streamAfter({ ...STREAM, failures: 3 }, { kind: 'failed', code, dueAt: RETRY })).toMatchObject({
        failures: 4,
        error: code,
      });
    },
  );

  test('that begins it again leaves the count of endless readings alone', () => {
    expect(streamAfter({ ...STREAM, failures: 3 }, { kind: 'failed', code: 'notFound', dueAt: RETRY })).toEqual({
      ...RESTARTED,
      startedAt: RETRY,
      windowOn: '2026-11-28',
      endless: 1,
      failures: 4,
      error: 'notFound',
      due: { at: RETRY },
    });
  });
});

describe('beginning again', () => {
  test('forgets the place and what was met, in a generation of its own', () => {
    expect(restarted(AT)).toEqual(RESTARTED);
    expect(streamAfter(STREAM, { kind: 'restarted', windowOn: '2026-11-29', at: AT })).toEqual({
      ...RESTARTED,
      windowOn: '2026-11-29',
    });
  });

  test('with pages that name items only keeps the window, and asks for pages of any size', () => {
    expect(streamAfter(STREAM, { kind: 'lightened', at: AT })).toEqual({
      ...RESTARTED,
      windowOn: '2026-11-28',
      isLight: true,
      pageSize: null,
    });
  });
});

const times = fc.integer({ min: 0, max: 1_000 }).map((minutes) => new Date(AT.getTime() + minutes * 60_000));

const events: fc.Arbitrary<StreamEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('pageRead' as const),
    cursor: fc.constantFrom('one', 'two'),
    end: fc.constantFrom('more' as const, 'current' as const, 'complete' as const),
    begunRound: fc.nat(50),
    resumesRound: fc.option(fc.nat(50)),
    at: times,
    nextAt: times,
    pageSize: fc.constantFrom(null, 1, 50),
    emptyPages: fc.nat(5),
    itemCount: fc.nat(100),
  }),
  fc.record({ kind: fc.constant('failed' as const), code: fc.constantFrom(...SYNC_ERROR_CODES), dueAt: times }),
  fc.record({ kind: fc.constant('restarted' as const), windowOn: fc.constantFrom(null, '2026-11-29'), at: times }),
  fc.record({ kind: fc.constant('lightened' as const), at: times }),
);

interface Stored extends StreamState {
  readonly stage: 'baseline' | 'current';
  readonly itemsSeen: number;
  readonly succeeded: boolean;
}

/** What is stored after a change, as a database would store it. */
function stored(stream: Stored, { generation, itemsSeen, succeededAt, ...change }: StreamChange): Stored {
  const seen =
    itemsSeen === undefined ? stream.itemsSeen : itemsSeen === 'none' ? 0 : stream.itemsSeen + itemsSeen.added;
  return {
    ...stream,
    ...change,
    generation: generation === 'next' ? stream.generation + 1 : (generation ?? stream.generation),
    itemsSeen: seen,
    succeeded: stream.succeeded || succeededAt !== undefined,
  };
}

const NEW: Stored = {
  ...STREAM,
  cursor: null,
  failures: 0,
  endless: 0,
  stage: 'baseline',
  itemsSeen: 0,
  succeeded: false,
};

function lives(check: (life: readonly (readonly [StreamEvent, Stored, Stored])[]) => void): void {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 40 }), (happening) => {
      let stream = NEW;
      check(
        happening.map((event) => {
          const before = stream;
          stream = stored(before, streamAfter(before, event));
          return [event, before, stream] as const;
        }),
      );
    }),
  );
}

test('whatever happens, a generation begins with every loss of the cursor, and never otherwise', () => {
  lives((life) => {
    for (const [event, before, after] of life) {
      const isLost = event.kind !== 'pageRead' && after.cursor === null && after.stage === 'baseline';
      const begins = after.generation > before.generation;
      expect(after.generation).toBeGreaterThanOrEqual(before.generation);
      expect(!begins || isLost).toBe(true);
      expect(begins || before.cursor === null || after.cursor !== null).toBe(true);
    }
  });
});

test('whatever happens, failures are those since the last page, and a page ends them', () => {
  lives((life) => {
    let failures = 0;
    for (const [event, , after] of life) {
      failures = event.kind === 'failed' ? failures + 1 : 0;
      expect(after.failures).toBe(failures);
    }
  });
});

test('whatever happens, a stream is current only when it was read to its end since it began', () => {
  lives((life) => {
    let isAtEnd = false;
    for (const [event, before, after] of life) {
      isAtEnd =
        after.generation > before.generation ? false : isAtEnd || (event.kind === 'pageRead' && event.end !== 'more');
      expect(after.stage === 'current').toBe(isAtEnd);
    }
  });
});

test('whatever happens, what was met is counted from where the generation began', () => {
  lives((life) => {
    let met = 0;
    for (const [event, before, after] of life) {
      met = after.generation > before.generation ? 0 : met + (event.kind === 'pageRead' ? event.itemCount : 0);
      expect(after.itemsSeen).toBe(met);
    }
  });
});
