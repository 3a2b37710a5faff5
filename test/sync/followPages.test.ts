import { describe, expect, test } from '@jest/globals';
import { followPages, type PageSource } from '../../src/sync/followPages.ts';
import type { GraphPage, PageProgress, Stream } from '../../src/sync/ports.ts';
import { aStream } from '../support/buildStream.ts';
import { lastPage, ok, pageBefore, removed } from '../support/graphPages.ts';
import { inTurn } from '../support/recordedGraph.ts';
import { AT } from '../support/storedRecords.ts';
import { after, openSyncWorld, ROUND, type SyncScript } from '../support/syncWorld.ts';

const INBOX = aStream('mail', 'inbox', 'full', AT);
const CURRENT: Stream = { ...INBOX, stage: 'current', cursor: 'then' };
/** Heavier than what is taken for light, so that pages do not grow. */
const HEAVY = 600 * 1024;

type Fetch = PageSource<never>['fetch'];
type Commit = PageSource<never>['commit'];

interface Source extends SyncScript {
  readonly stream?: Stream;
  readonly fetch: Fetch;
  readonly commit?: Commit;
  readonly readsAll?: boolean;
  /** How long Graph takes for each answer. */
  readonly seconds?: number;
}

/** Follows the pages of a scripted source; `asked` has where each was asked for, and for how many items. */
async function follow({ stream = INBOX, fetch, commit, readsAll = false, seconds = 0, ...script }: Source) {
  const world = openSyncWorld(script);
  const asked: string[] = [];
  const progress: PageProgress[] = [];
  const end = await followPages<never>(world.context, stream, {
    readsAll,
    fetch: (reading, cursor) => {
      asked.push(`${cursor ?? 'the beginning'} by ${reading.pageSize}`);
      world.pass(seconds);
      return fetch(reading, cursor);
    },
    commit: (each, changes) => {
      progress.push(each);
      return commit?.(each, changes) ?? Promise.resolve('written');
    },
  });
  return { end, asked, progress, log: world.log };
}

const pages = (...each: readonly GraphPage<never>[]): Fetch => inTurn(...each.map((page) => ok(page)));

/** What is the same of every page of a first reading of the inbox. */
const PAGE = {
  kind: 'pageRead' as const,
  stream: INBOX,
  begunRound: ROUND,
  at: AT,
  nextAt: after(AT, 60),
  emptyPages: 0,
};

describe('pages', () => {
  test('are committed one by one, each with the cursor that comes after it', async () => {
    const fetch = pages(pageBefore('two', [removed('a')]), lastPage([removed('b')]));

    expect(await follow({ fetch })).toEqual({
      end: { kind: 'current' },
      asked: ['the beginning by 100', 'two by 200'],
      progress: [
        { ...PAGE, cursor: 'two', end: 'more', resumesRound: ROUND, pageSize: 200 },
        { ...PAGE, cursor: 'now', end: 'complete', resumesRound: null, pageSize: 400 },
      ],
      log: [],
    });
  });

  test('continue where the last round stopped, as of the round that began the reading', async () => {
    const stream = { ...INBOX, cursor: 'then', begunRound: 5, pageSize: 40, emptyPages: 2 };
    const { asked, progress } = await follow({ stream, fetch: pages(pageBefore('more', [], HEAVY), lastPage([])) });

    expect(asked).toEqual(['then by 40', 'more by 40']);
    expect(progress).toEqual([
      { ...PAGE, stream, begunRound: 5, cursor: 'more', end: 'more', resumesRound: 5, pageSize: 40, emptyPages: 3 },
      {
        ...PAGE,
        stream,
        begunRound: 5,
        cursor: 'now',
        end: 'complete',
        resumesRound: null,
        pageSize: 80,
        emptyPages: 3,
      },
    ]);
  });

  test('of a stream that was read to its end before prove nothing about what they do not name', async () => {
    const { progress } = await follow({ stream: CURRENT, fetch: pages(lastPage([])) });

    expect(progress.map(({ end }) => end)).toEqual(['current']);
  });

  test('of a list that is read whole begin at its beginning every time, and leave the cursor alone', async () => {
    const stream = { ...CURRENT, begunRound: 5, emptyPages: 240 };
    const fetch = pages(pageBefore('two', []), lastPage([], null));

    expect(await follow({ stream, readsAll: true, fetch })).toEqual({
      end: { kind: 'current' },
      asked: ['the beginning by 100', 'two by 200'],
      progress: [
        { ...PAGE, stream, cursor: 'then', end: 'more', resumesRound: null, pageSize: 200, emptyPages: 240 },
        { ...PAGE, stream, cursor: 'then', end: 'complete', resumesRound: null, pageSize: 400, emptyPages: 240 },
      ],
      log: [],
    });
  });
});

describe('a round whose time is over', () => {
  const more = () => pages(pageBefore('two', [], HEAVY), lastPage([]));

  test.each([
    ['leaves the next page to a later one', { seconds: 30.001, fetch: more() }, 'paused', 1],
    ['reads on to the very end of its time', { seconds: 30, fetch: more() }, 'current', 2],
    ['is not over where nothing is left', { seconds: 30.001, fetch: pages(lastPage([])) }, 'current', 1],
    ['reads a list to its end', { seconds: 30.001, fetch: more(), readsAll: true }, 'current', 2],
  ] as const)('%s', async (_what, source, kind, committed) => {
    const { end, progress } = await follow(source);

    expect(end).toEqual({ kind });
    expect(progress).toHaveLength(committed);
  });
});

describe('a cursor that Graph has forgotten', () => {
  const lost = { kind: 'cursorLost' } as const;
  const stream = { ...CURRENT, windowOn: '2026-11-28' };

  test('begins the stream again, within the round', async () => {
    const fetch: Fetch = inTurn<Awaited<ReturnType<Fetch>>>(lost, ok(lastPage([removed('a')])));
    const { end, asked, progress, log } = await follow({ stream, fetch });

    expect(end).toEqual({ kind: 'current' });
    expect(asked).toEqual(['then by 100', 'the beginning by 100']);
    expect(log).toEqual(['restart mail:inbox, its window laid on 2026-11-28']);
    expect(progress).toEqual([
      {
        ...PAGE,
        stream: { ...stream, cursor: null, generation: 2, stage: 'baseline' },
        cursor: 'now',
        end: 'complete',
        resumesRound: null,
        pageSize: 200,
      },
    ]);
  });

  test('begins it again once, and is a failure the second time', async () => {
    expect(await follow({ stream, fetch: inTurn(lost, lost) })).toEqual({
      end: { kind: 'failed', code: 'cursorLost' },
      asked: ['then by 100', 'the beginning by 100'],
      progress: [],
      log: ['restart mail:inbox, its window laid on 2026-11-28'],
    });
  });

  test('ends the round where the store knows better', async () => {
    const store = { restart: () => Promise.resolve('stale' as const) };
    const { end, asked } = await follow({ stream, fetch: inTurn(lost), store });

    expect(end).toEqual({ kind: 'stopped' });
    expect(asked).toEqual(['then by 100']);
  });
});

describe('pages that never end', () => {
  const endless = { kind: 'failed', code: 'endlessPaging' };

  test('are noticed, and the page that shows it is not committed', async () => {
    const fetch = pages(pageBefore('two', [removed('a')]), { ...pageBefore('two', [removed('b')]), link: 'two' });
    const { end, progress } = await follow({ fetch });

    expect(end).toEqual(endless);
    expect(progress.map(({ cursor }) => cursor)).toEqual(['two']);
  });

  test('are noticed over several rounds where they are empty', async () => {
    const stream = { ...INBOX, cursor: 'then', emptyPages: 240 };

    expect((await follow({ stream, fetch: pages(pageBefore('two', [])) })).end).toEqual(endless);
  });
});

describe('what Graph says instead of a page ends the stream, and nothing is committed', () => {
  test.each([
    [{ kind: 'throttled', retryAfterSeconds: 30 }, 'throttled', 30],
    [{ kind: 'throttled', retryAfterSeconds: null }, 'throttled', null],
    [{ kind: 'unauthorized' }, 'unauthorized', null],
    [{ kind: 'forbidden' }, 'forbidden', null],
    [{ kind: 'notFound' }, 'notFound', null],
    [{ kind: 'conflict' }, 'conflict', null],
    [{ kind: 'mailboxUnavailable' }, 'mailboxUnavailable', null],
    [{ kind: 'badRequest' }, 'unexpectedAnswer', null],
    [{ kind: 'failed', code: 'foreignLink' }, 'foreignLink', null],
  ] as const)('%j', async (answer, code, retryAfterSeconds) => {
    const whileReading = await follow({ fetch: inTurn(answer) });
    const whileWriting = await follow({ fetch: pages(pageBefore('two', [])), commit: inTurn(answer) });

    expect(whileReading).toEqual({
      end: { kind: 'failed', code, retryAfterSeconds },
      asked: ['the beginning by 100'],
      progress: [],
      log: [],
    });
    expect(whileWriting.end).toEqual(whileReading.end);
    expect(whileWriting.asked).toEqual(['the beginning by 100']);
  });

  test.each([
    ['the round must not go on', { fetch: inTurn({ kind: 'stopped' } as const) }],
    ['what a page still lacks must not be asked for', { commit: inTurn({ kind: 'stopped' } as const) }],
    ['the store knows better', { commit: inTurn('stale' as const) }],
  ])('stopped, where %s', async (_where, source) => {
    const { end, asked } = await follow({ fetch: pages(pageBefore('two', [])), ...source });

    expect(end).toEqual({ kind: 'stopped' });
    expect(asked).toEqual(['the beginning by 100']);
  });
});

describe('a page that is too heavy', () => {
  const heavy = (retryAfterSeconds: number | null = null) => ({ kind: 'tooHeavy', retryAfterSeconds }) as const;
  const answers = (...each: readonly Awaited<ReturnType<Fetch>>[]): Fetch => inTurn(...each);

  test('is asked for in smaller ones, which are remembered before they are tried', async () => {
    const fetch = answers(heavy(), heavy(), ok(pageBefore('two', [], HEAVY)), ok(lastPage([], 'now', HEAVY)));
    const { end, asked, progress, log } = await follow({ fetch });

    expect(end).toEqual({ kind: 'current' });
    expect(asked).toEqual(['the beginning by 100', 'the beginning by 50', 'the beginning by 25', 'two by 25']);
    expect(log).toEqual(['remember 50 for mail:inbox', 'remember 25 for mail:inbox']);
    expect(progress.map(({ pageSize }) => pageSize)).toEqual([25, 25]);
  });

  test.each([null, 20])('with a single item is that, with the silence that was asked for: %j', async (seconds) => {
    expect(await follow({ stream: { ...INBOX, pageSize: 1 }, fetch: answers(heavy(seconds)) })).toEqual({
      end: { kind: 'failed', code: 'tooHeavy', retryAfterSeconds: seconds },
      asked: ['the beginning by 1'],
      progress: [],
      log: [],
    });
  });

  test('is left alone for as long as Graph asks, and is smaller then', async () => {
    expect(await follow({ fetch: answers(heavy(20)) })).toEqual({
      end: { kind: 'failed', code: 'microsoftUnavailable', retryAfterSeconds: 20 },
      asked: ['the beginning by 100'],
      progress: [],
      log: ['remember 50 for mail:inbox'],
    });
  });

  test('is left to a later round once the time is over, but not on a list', async () => {
    const source = () => ({ seconds: 31, fetch: answers(heavy(), ok(lastPage([]))) });

    expect(await follow(source())).toEqual({
      end: { kind: 'paused' },
      asked: ['the beginning by 100'],
      progress: [],
      log: ['remember 50 for mail:inbox'],
    });
    expect((await follow({ ...source(), readsAll: true })).end).toEqual({ kind: 'current' });
  });

  test('is not asked for again where the store knows better', async () => {
    const store = { setPageSize: () => Promise.resolve('stale' as const) };

    expect(await follow({ fetch: answers(heavy()), store })).toEqual({
      end: { kind: 'stopped' },
      asked: ['the beginning by 100'],
      progress: [],
      log: ['remember 50 for mail:inbox'],
    });
  });
});
