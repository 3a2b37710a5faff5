import { describe, expect, test } from '@jest/globals';
import type { SyncedItem } from '../../src/domain/items.ts';
import { type Change, type EachItem, type GraphPage, MAX_CONCURRENT } from '../../src/sync/ports.ts';
import { trySetAsideAgain } from '../../src/sync/trySetAsideAgain.ts';
import { aStream } from '../support/buildStream.ts';
import { aMessage, each, lastPage, ok, pageBefore, removed, unreadable, upsert } from '../support/graphPages.ts';
import { inTurn } from '../support/recordedGraph.ts';
import { AT } from '../support/storedRecords.ts';
import { openSyncWorld } from '../support/syncWorld.ts';

const INBOX = aStream('mail', 'inbox', 'full', AT);

/** Tries again what is due; without an answer, nothing may be asked. */
async function tryAgain(page: GraphPage<SyncedItem>, due: readonly string[], answer?: Awaited<EachItem<SyncedItem>>) {
  const limits: unknown[] = [];
  const world = openSyncWorld({
    store: {
      setAsideDue: (_state, stream, asked) => {
        limits.push({ key: stream.key, ...asked });
        return Promise.resolve(due.map((itemId) => ({ itemId, raw: { id: itemId, of: 'the store' } })));
      },
    },
    graph: answer === undefined ? {} : { itemsById: inTurn(answer) },
  });
  const tried = await trySetAsideAgain(world.context, INBOX, page, (access, ids) =>
    world.ports.graph.itemsById(access, INBOX, ids),
  );
  return { tried, limits, log: world.log };
}

const seen = (id: string): Change<never> => ({ kind: 'seen', id });

describe('what was set aside', () => {
  test('comes with the last page: whole, unreadable still, or as it is where nothing is under its id', async () => {
    const page = lastPage([removed('a')]);
    const answer = each<readonly Change<SyncedItem>[]>({
      mended: ok([upsert(aMessage('mended'))]),
      broken: ok([unreadable('BROKEN', 'from: invalid')]),
      heavy: { kind: 'tooHeavy', retryAfterSeconds: null },
      gone: { kind: 'notFound' },
    });

    expect(await tryAgain(page, ['mended', 'broken', 'heavy', 'gone'], answer)).toEqual({
      tried: lastPage([
        removed('a'),
        seen('mended'),
        upsert(aMessage('mended')),
        seen('broken'),
        { kind: 'unreadable', id: 'broken', reason: 'from: invalid', raw: { id: 'broken', of: 'the store' } },
        seen('heavy'),
        { kind: 'unreadable', id: 'heavy', reason: 'tooHeavy', raw: { id: 'heavy', of: 'the store' } },
        seen('gone'),
      ]),
      limits: [{ key: 'mail:inbox', now: AT, limit: MAX_CONCURRENT }],
      log: ['each of mail:inbox: mended broken heavy gone'],
    });
  });

  test('waits for the last page', async () => {
    const page = pageBefore('two', [removed('a')]);

    expect(await tryAgain(page, ['b'])).toEqual({ tried: page, limits: [], log: [] });
  });

  test('is not asked for beside what the page says of it', async () => {
    const page = lastPage([upsert(aMessage('a')), removed('b')]);
    const answer = each({ c: ok([upsert(aMessage('c'))]) });

    expect(await tryAgain(page, ['a', 'b', 'c'], answer)).toMatchObject({
      tried: lastPage([...page.changes, seen('c'), upsert(aMessage('c'))]),
      log: ['each of mail:inbox: c'],
    });
  });

  test('asks for nothing where nothing is due', async () => {
    const page = lastPage([removed('a')]);

    expect(await tryAgain(page, [])).toMatchObject({ tried: page, log: [] });
  });

  test.each([
    { kind: 'throttled', retryAfterSeconds: 600 },
    { kind: 'unauthorized' },
    { kind: 'mailboxUnavailable' },
  ] as const)('holds up nothing where Graph says %j', async (answer) => {
    const page = lastPage([removed('a')]);

    expect((await tryAgain(page, ['b'], answer)).tried).toEqual(page);
  });
});
