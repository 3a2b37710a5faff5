import { describe, expect, test } from '@jest/globals';
import type { GraphPort, Stream } from '../../src/sync/ports.ts';
import { syncItems } from '../../src/sync/syncItems.ts';
import { aStream } from '../support/buildStream.ts';
import { aMessage, each, lastPage, ok, pageBefore, partial, removed, upsert } from '../support/graphPages.ts';
import { inTurn } from '../support/recordedGraph.ts';
import { AT } from '../support/storedRecords.ts';
import { after, memberRules, openSyncWorld, ROUND, type SyncScript } from '../support/syncWorld.ts';

const INBOX = aStream('mail', 'inbox', 'full', AT);
const CURRENT: Stream = { ...INBOX, stage: 'current', cursor: 'then', reconciledAt: AT };
const DAY_SECONDS = 86_400;

async function read(stream: Stream, script: SyncScript) {
  const world = openSyncWorld(script);
  return { end: await syncItems(world.context, stream), log: world.log, pages: world.pages };
}

type Items = Awaited<ReturnType<GraphPort['items']>>;
const answers = (...each: readonly Items[]) => inTurn(...each);
const TOO_HEAVY = { kind: 'tooHeavy', retryAfterSeconds: null } as const;

describe('a folder', () => {
  test('is read page by page, each made whole before it is committed', async () => {
    const graph = {
      items: answers(
        ok(pageBefore('two', [partial('a', 'new'), removed('b')])),
        ok(lastPage([upsert(aMessage('c')), partial('d', 'key')])),
      ),
      itemsById: inTurn(each({ a: ok([upsert(aMessage('a'))]) })),
    };
    const versions = inTurn(new Map<string, string>(), new Map([['d', 'key']]));
    const { end, log, pages } = await read(INBOX, { graph, store: { versions } });
    const page = {
      kind: 'pageRead',
      stream: INBOX,
      begunRound: ROUND,
      at: AT,
      nextAt: after(AT, 60),
      emptyPages: 0,
      removals: [],
      excluded: [],
      unreadable: [],
      seen: [],
      proves: null,
    };

    expect(end).toEqual({ kind: 'current' });
    expect(log).toEqual([
      'items mail:inbox from the beginning by 100',
      'versions of a',
      'each of mail:inbox: a',
      'known among',
      'write mail:inbox: more',
      'items mail:inbox from two by 200',
      'versions of d',
      'known among',
      'write mail:inbox: complete',
    ]);
    expect(pages).toEqual([
      {
        ...page,
        cursor: 'two',
        end: 'more',
        resumesRound: ROUND,
        pageSize: 200,
        itemCount: 1,
        upserts: [aMessage('a')],
        removals: ['b'],
      },
      {
        ...page,
        cursor: 'now',
        end: 'complete',
        resumesRound: null,
        pageSize: 400,
        itemCount: 2,
        upserts: [aMessage('c')],
        seen: ['d'],
      },
    ]);
  });

  test('tries again with its last page what was set aside', async () => {
    const graph = {
      items: answers(ok(pageBefore('two', [removed('a')])), ok(lastPage([]))),
      itemsById: inTurn(each({ mended: ok([upsert(aMessage('mended'))]) })),
    };
    const setAsideDue = inTurn([{ itemId: 'mended', raw: null }]);
    const { pages } = await read(INBOX, { graph, store: { setAsideDue } });

    expect(pages.map(({ upserts, removals }) => ({ upserts, removals }))).toEqual([
      { upserts: [], removals: ['a'] },
      { upserts: [aMessage('mended')], removals: [] },
    ]);
  });

  test('commits nothing of a page that could not be made whole', async () => {
    const graph = {
      items: answers(ok(pageBefore('two', [removed('a')])), ok(lastPage([removed('b'), partial('c')]))),
      itemsById: inTurn({ kind: 'unauthorized' } as const),
    };
    const { end, log, pages } = await read(INBOX, { graph });

    expect(end).toEqual({ kind: 'failed', code: 'unauthorized', retryAfterSeconds: null });
    expect(pages.map(({ removals }) => removals)).toEqual([['a']]);
    expect(log.at(-1)).toBe('renew the token');
  });

  test('is left at once where the store knows better', async () => {
    const store = { commitPage: inTurn('stale' as const) };
    const { end, log } = await read(INBOX, { graph: { items: answers(ok(pageBefore('two', []))) }, store });

    expect(end).toEqual({ kind: 'stopped' });
    expect(log.filter((line) => line.startsWith('items'))).toHaveLength(1);
  });
});

describe('a folder is read from its beginning', () => {
  const asked = async (stream: Stream, script: SyncScript = {}) => {
    const { log } = await read(stream, { graph: { items: answers(ok(lastPage([]))) }, ...script });
    return log[0];
  };
  const readBefore = (days: number, seconds = 0) => ({
    ...CURRENT,
    reconciledAt: after(AT, -days * DAY_SECONDS - seconds),
  });

  test.each([
    ['after more than a week, always', readBefore(7, 1), 1, true],
    ['not after a week to the second', readBefore(7), 0.01, false],
    ['after more than six days, by a chance of one in a hundred', readBefore(6, 1), 0.0099, true],
    ['not where that chance goes the other way', readBefore(6, 1), 0.01, false],
    ['not after six days to the second, whatever the chance', readBefore(6), 0, false],
    ['not while it is read for the first time', { ...readBefore(9), stage: 'baseline' }, 0, false],
    ['not where no one knows when it was', { ...CURRENT, reconciledAt: null }, 0, false],
  ] as const)('%s', async (_when, stream, chance, isRestarted) => {
    const first = await asked(stream, { ports: { random: () => chance } });

    expect(first).toBe(isRestarted ? 'restart mail:inbox' : 'items mail:inbox from then by 100');
  });

  test('as soon as known contacts have changed that a rule asks for', async () => {
    const stream = { ...CURRENT, rereadAt: AT };

    expect(await asked(stream, { state: { rules: memberRules({ knownContactsOnly: true }) } })).toBe(
      'restart mail:inbox',
    );
    expect(await asked(stream)).toBe('items mail:inbox from then by 100');
  });

  test('with a generation of its own, so that what it does not meet is gone', async () => {
    const { log, pages } = await read(readBefore(8), { graph: { items: answers(ok(lastPage([]))) } });

    expect(log).toEqual([
      'restart mail:inbox',
      'items mail:inbox from the beginning by 100',
      'known among',
      'write mail:inbox: complete',
    ]);
    expect(pages[0]?.stream).toEqual({ ...readBefore(8), cursor: null, generation: 2, stage: 'baseline' });
  });

  test('not where the store knows better: nothing is asked then', async () => {
    const { end, log } = await read(readBefore(8), { store: { restart: inTurn('stale' as const) } });

    expect(end).toEqual({ kind: 'stopped' });
    expect(log).toEqual(['restart mail:inbox']);
  });
});

describe('a folder of which not one page can be had', () => {
  const stream = { ...CURRENT, pageSize: 1 };

  test('is read by name, item by item, and the one that cannot be had is known', async () => {
    const graph = {
      items: answers(TOO_HEAVY, ok(lastPage([partial('a')])), ok(lastPage([partial('a', 'k'), partial('b', 'l')]))),
      itemsById: inTurn(each({ a: ok([upsert(aMessage('a'))]), b: { kind: 'badRequest' } })),
    };
    const { end, log, pages } = await read(stream, { graph });

    expect(end).toEqual({ kind: 'current' });
    expect(log).toEqual([
      'items mail:inbox from then by 1',
      'items mail:inbox from the beginning by 1 by name',
      'lighten mail:inbox',
      'items mail:inbox from the beginning by 100 by name',
      'versions of a b',
      'each of mail:inbox: a b',
      'known among',
      'write mail:inbox: complete',
    ]);
    expect(pages).toMatchObject([
      {
        upserts: [aMessage('a')],
        unreadable: [{ itemId: 'b', reason: 'unexpectedAnswer', raw: { id: 'b' } }],
        end: 'complete',
      },
    ]);
  });

  test('is left for later where Microsoft does not answer by name, either', async () => {
    const { end, log } = await read(stream, { graph: { items: answers(TOO_HEAVY, TOO_HEAVY) } });

    expect(end).toEqual({ kind: 'failed', code: 'microsoftUnavailable', retryAfterSeconds: null });
    expect(log).toEqual(['items mail:inbox from then by 1', 'items mail:inbox from the beginning by 1 by name']);
  });
});
