import { describe, expect, test } from '@jest/globals';
import type { SyncedItem } from '../../src/domain/items.ts';
import { changesOf, completePage, passingFault } from '../../src/sync/completePage.ts';
import type { Change, EachItem, GraphAnswer } from '../../src/sync/ports.ts';
import { aStream } from '../support/buildStream.ts';
import { aMessage, each, ok, pageBefore, partial, removed, unreadable, upsert } from '../support/graphPages.ts';
import { inTurn } from '../support/recordedGraph.ts';
import { AT } from '../support/storedRecords.ts';
import { openSyncWorld, type SyncScript } from '../support/syncWorld.ts';

const INBOX = aStream('mail', 'inbox', 'full', AT);

/** Completes a page with what is answered item by item; without an answer, nothing may be asked. */
async function complete(
  changes: readonly Change<SyncedItem>[],
  answer?: Awaited<EachItem<SyncedItem>>,
  { failures = 0, ...script }: SyncScript & { readonly failures?: number } = {},
) {
  const world = openSyncWorld(answer === undefined ? script : { ...script, graph: { itemsById: inTurn(answer) } });
  const stream = { ...INBOX, failures };
  const whole = await completePage(world.context, stream, pageBefore('two', changes), (access, ids) =>
    world.ports.graph.itemsById(access, stream, ids),
  );
  return { whole, log: world.log };
}

describe('a page', () => {
  test('that is whole stays as it is, and nothing is asked', async () => {
    const changes = [upsert(aMessage('a')), removed('b'), unreadable('c')];

    expect(await complete(changes)).toEqual({ whole: ok(pageBefore('two', changes)), log: [] });
  });

  test('gets what its entries do not say, each in its place', async () => {
    const changes = [removed('a'), partial('b', 'new'), upsert(aMessage('c')), partial('d')];
    const answer = each({ d: ok([upsert(aMessage('d'))]), b: ok([upsert(aMessage('b'))]) });

    expect(await complete(changes, answer)).toEqual({
      whole: ok(pageBefore('two', [removed('a'), upsert(aMessage('b')), upsert(aMessage('c')), upsert(aMessage('d'))])),
      log: ['versions of b', 'each of mail:inbox: b d'],
    });
  });

  test('leaves what is stored in the version that it names, and asks for every other', async () => {
    const changes = [partial('same', 'key'), partial('changed', 'new'), partial('unnamed'), partial('unknown', 'key')];
    const versions = new Map([
      ['same', 'key'],
      ['changed', 'old'],
      ['unnamed', 'key'],
    ]);
    const store = { versions: inTurn(versions) };
    const answer = each({
      changed: ok([upsert(aMessage('changed'))]),
      unnamed: ok([upsert(aMessage('unnamed'))]),
      unknown: ok([upsert(aMessage('unknown'))]),
    });

    expect(await complete(changes, answer, { store })).toEqual({
      whole: ok(
        pageBefore('two', [
          { kind: 'seen', id: 'same' },
          ...['changed', 'unnamed', 'unknown'].map((id) => upsert(aMessage(id))),
        ]),
      ),
      log: ['versions of same changed unknown', 'each of mail:inbox: changed unnamed unknown'],
    });
  });

  test('asks for nothing where everything is stored as it is named', async () => {
    const store = { versions: inTurn(new Map([['a', 'key']])) };
    const { whole, log } = await complete([partial('a', 'key')], undefined, { store });

    expect(whole).toEqual(ok(pageBefore('two', [{ kind: 'seen', id: 'a' }])));
    expect(log).toEqual(['versions of a']);
  });

  test('that names an item twice has it asked for once', async () => {
    const { log } = await complete([partial('a'), partial('a')], each({ a: ok([upsert(aMessage('a'))]) }));

    expect(log).toEqual(['each of mail:inbox: a']);
  });

  test('sets aside what cannot be had, under what is known of it, and continues with the rest', async () => {
    const changes = [partial('gone'), partial('bad'), partial('broken'), partial('silent'), partial('whole')];
    const answer = each<readonly Change<SyncedItem>[]>({
      gone: { kind: 'notFound' },
      bad: { kind: 'badRequest' },
      broken: ok([unreadable('BROKEN', 'from: invalid')]),
      whole: ok([upsert(aMessage('whole'))]),
    });

    expect((await complete(changes, answer)).whole).toEqual(
      ok(
        pageBefore('two', [
          { kind: 'unreadable', id: 'bad', reason: 'unexpectedAnswer', raw: { id: 'bad' } },
          { kind: 'unreadable', id: 'broken', reason: 'from: invalid', raw: { id: 'broken' } },
          { kind: 'unreadable', id: 'silent', reason: 'unexpectedAnswer', raw: { id: 'silent' } },
          upsert(aMessage('whole')),
        ]),
      ),
    );
  });

  test('is not had where one of its items may be had soon', async () => {
    const answer = each<readonly Change<SyncedItem>[]>({
      a: ok([upsert(aMessage('a'))]),
      b: { kind: 'tooHeavy', retryAfterSeconds: null },
    });
    const changes = [partial('a'), partial('b')];

    expect((await complete(changes, answer)).whole).toEqual({ kind: 'failed', code: 'microsoftUnavailable' });
    expect((await complete(changes, answer, { failures: 2 })).whole).toEqual(
      ok(
        pageBefore('two', [
          upsert(aMessage('a')),
          { kind: 'unreadable', id: 'b', reason: 'tooHeavy', raw: { id: 'b' } },
        ]),
      ),
    );
  });

  test('is not had where Graph answers about nothing', async () => {
    expect((await complete([partial('a')], { kind: 'throttled', retryAfterSeconds: 600 })).whole).toEqual({
      kind: 'throttled',
      retryAfterSeconds: 600,
    });
  });
});

const UNAVAILABLE = { kind: 'failed', code: 'microsoftUnavailable' } as const;

describe('an answer about one item', () => {
  test.each<[GraphAnswer<never>, GraphAnswer<never>]>([
    [{ kind: 'tooHeavy', retryAfterSeconds: null }, UNAVAILABLE],
    [{ kind: 'cursorLost' }, UNAVAILABLE],
    [UNAVAILABLE, UNAVAILABLE],
    [{ kind: 'forbidden' }, { kind: 'forbidden' }],
  ])('that is %j fails the page twice, and is what it is then', (answer, fault) => {
    expect([0, 1, 2, 3].map((failures) => passingFault(answer, { failures }))).toEqual([fault, fault, null, null]);
  });

  test.each<GraphAnswer<string>>([
    ok('an item'),
    { kind: 'notFound' },
    { kind: 'conflict' },
    { kind: 'badRequest' },
    { kind: 'failed', code: 'unexpectedAnswer' },
  ])('that is %j is what it is at once', (answer) => {
    expect(passingFault(answer, { failures: 0 })).toBeNull();
  });

  test('that was never given means nothing', () => {
    expect(changesOf({ id: 'a', raw: null }, undefined)).toEqual([]);
  });

  test('keeps the id that the answer has where it could be read', () => {
    const item = upsert(aMessage('A'));

    expect(changesOf({ id: 'a', raw: null }, ok([item]))).toEqual([item]);
  });
});
