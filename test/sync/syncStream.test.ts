import { describe, expect, test } from '@jest/globals';
import type { Category } from '../../src/domain/categories/categories.ts';
import type { GraphAnswer, Stream } from '../../src/sync/ports.ts';
import { syncStream } from '../../src/sync/syncStream.ts';
import { aDesiredStream, aStream } from '../support/buildStream.ts';
import { lastPage, ok, pageBefore, removed } from '../support/graphPages.ts';
import { AT } from '../support/storedRecords.ts';
import { CAREERS, openSyncWorld, type SyncScript } from '../support/syncWorld.ts';

const INBOX = aStream('mail', 'inbox', 'full', AT);
const IN_CAREERS = { ...INBOX, ...aDesiredStream('mail', 'inbox', 'full', CAREERS.id) };

async function read(stream: Stream, script: SyncScript) {
  const world = openSyncWorld({ ...script, state: { mailboxes: [CAREERS], ...script.state } });
  return { end: await syncStream(world.context, stream), log: world.log };
}

const reading = (stream: Stream, answer: GraphAnswer<never>) =>
  read(stream, { graph: { items: () => Promise.resolve(answer) } });

describe('a stream is read by what it is', () => {
  const page = () => Promise.resolve(ok(lastPage<never>([])));
  const graph = {
    containers: page,
    items: page,
    calendarDelta: page,
    calendarView: page,
    wellKnownFolders: () => Promise.resolve(ok(new Map())),
  };

  test.each<[Category, string, readonly string[]]>([
    ['mail', '', ['list mail: from the beginning by 100']],
    ['calendar', '', ['list calendar: from the beginning by 100']],
    ['mail', 'inbox', ['items mail:inbox from the beginning by 100']],
    ['contacts', 'default', ['items contacts:default from the beginning by 100']],
    ['tasks', 'list', ['items tasks:list from the beginning by 100']],
    ['files', 'root', ['items files:root from the beginning by 100']],
    [
      'calendar',
      'work',
      ['delta calendar:work from the beginning by 100', 'view calendar:work from the beginning by 100'],
    ],
  ])('%s, %j', async (category, container, asked) => {
    const { end, log } = await read(aStream(category, container, 'full', AT), { graph });

    expect(end).toEqual({ kind: 'current' });
    expect(log.filter((line) => /^(?:list|items|delta|view) /.test(line))).toEqual(asked);
    expect(log.filter((line) => line.includes('failed'))).toEqual([]);
  });
});

describe('a failure is recorded with its stream', () => {
  const silence = (retryAfterSeconds: number | null): GraphAnswer<never> => ({ kind: 'throttled', retryAfterSeconds });

  test.each([
    ['after two seconds at first, and a tenth more by chance', 0, '2026-11-29T09:00:02.200Z'],
    ['later each time', 3, '2026-11-29T09:00:17.600Z'],
    ['after five minutes at most', 20, '2026-11-29T09:05:30.000Z'],
  ])('and is tried again %s', async (_when, failures, dueAt) => {
    expect(await reading({ ...INBOX, failures }, { kind: 'forbidden' })).toEqual({
      end: { kind: 'failed', code: 'forbidden', retryAfterSeconds: null },
      log: [
        'items mail:inbox from the beginning by 100',
        'renew the token',
        `mail:inbox failed: forbidden, due at ${dueAt}`,
      ],
    });
  });

  test("and the mailbox is left alone as long as its stream, where Graph asks the member's own for silence", async () => {
    expect(await reading(INBOX, silence(120))).toEqual({
      end: { kind: 'failed', code: 'throttled', retryAfterSeconds: 132 },
      log: [
        'items mail:inbox from the beginning by 100',
        'silence until 2026-11-29T09:02:00.000Z',
        'mail:inbox failed: throttled, due at 2026-11-29T09:02:12.000Z',
      ],
    });
  });

  test('and only the stream is left alone where a shared mailbox wants silence', async () => {
    expect(await reading(IN_CAREERS, silence(120))).toEqual({
      end: { kind: 'failed', code: 'throttled', retryAfterSeconds: null },
      log: [
        'items mail:~one/inbox from the beginning by 100 in users/careers%40harborreed.example',
        'mail:~one/inbox failed: throttled, due at 2026-11-29T09:02:12.000Z',
      ],
    });
  });

  test('and what is too heavy for now is left alone as long as Graph asks, without holding up the mailbox', async () => {
    expect(await reading(INBOX, { kind: 'tooHeavy', retryAfterSeconds: 60 })).toEqual({
      end: { kind: 'failed', code: 'microsoftUnavailable', retryAfterSeconds: null },
      log: [
        'items mail:inbox from the beginning by 100',
        'remember 50 for mail:inbox',
        'mail:inbox failed: microsoftUnavailable, due at 2026-11-29T09:01:06.000Z',
      ],
    });
  });

  test.each([
    [0, '2026-11-29T09:02:20.800Z'],
    [1, '2026-11-29T09:04:41.600Z'],
    [2, '2026-11-29T09:05:30.000Z'],
  ])('and pages that never end are tried late: %i times before', async (endless, dueAt) => {
    const answer = ok({ ...pageBefore<never>('here', [removed('a')]), link: 'here' });
    const { log } = await read(
      { ...INBOX, endless, failures: 12 },
      { graph: { items: () => Promise.resolve(answer) } },
    );

    expect(log.at(-1)).toBe(`mail:inbox failed: endlessPaging, due at ${dueAt}`);
  });
});

test('a round that must not go on records nothing', async () => {
  const graph = { items: () => Promise.resolve(ok(lastPage<never>([]))) };
  const lost = await read(INBOX, { store: { renewLease: () => Promise.resolve(false) } });
  const stale = await read(INBOX, { graph, store: { commitPage: () => Promise.resolve('stale') } });

  expect(lost).toEqual({ end: { kind: 'stopped' }, log: [] });
  expect(stale.end).toEqual({ kind: 'stopped' });
  expect(stale.log.at(-1)).toBe('write mail:inbox: complete');
});
