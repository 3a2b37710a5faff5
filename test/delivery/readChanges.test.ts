/** A page of a feed: from where, how long it is waited for, and what is too old. */
import { describe, expect, test } from '@jest/globals';
import type { Change, FeedFilter, FeedPlace, FeedPorts, FeedScope } from '../../src/delivery/ports.ts';
import { type ChangesPage, type ChangesRequest, readChanges } from '../../src/delivery/readChanges.ts';
import { PAGE_BYTES } from '../../src/delivery/readItems.ts';
import { refuse } from '../../src/domain/problems.ts';
import { anItem } from '../support/anItem.ts';

const SCOPE: FeedScope = { kind: 'organization', tenantId: '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001' };
const EVERYTHING: FeedFilter = { types: null, category: null, memberId: null };

function change(sequence: number): Change {
  return {
    place: { position: 0, sequence },
    organizationId: '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001',
    sequence,
    type: 'item.upserted',
    at: new Date('2026-11-30T12:00:00Z'),
    memberId: '7c2a9e10-0001-4c3d-8e5f-100000000001',
    connectionId: '7c2a9e10-0001-4c3d-8e5f-100000000002',
    category: 'mail',
    itemId: `item ${sequence}`,
    upTo: null,
    detail: null,
  };
}

/** A feed of so many changes, from behind the floor on, that grows by what `news` says with each wait. */
interface Story {
  readonly floor?: number;
  readonly news?: readonly number[];
  /** Whether the process is to stop with the first wait. */
  readonly stops?: boolean;
  /** Whether a change is published right behind the first look. */
  readonly isLate?: boolean;
  /** How many bytes the item of each change has; none: it is gone. */
  readonly sizes?: ReadonlyMap<string, number>;
}

function feedOf(
  head: number,
  { floor = 0, news: told = [], stops = false, isLate = false, sizes = new Map() }: Story = {},
) {
  const news = [...told];
  let newest = head;
  let clock = 0;
  let newsCount = 0;
  let isStopping = false;
  const waits: number[] = [];
  const place = (sequence: number): FeedPlace => ({ position: 0, sequence });
  const ports: FeedPorts = {
    feed: {
      newest: () => Promise.resolve(place(newest)),
      oldest: () => Promise.resolve(place(floor)),
      read: (_scope, after, _filter, limit) => {
        const left = Math.max(0, newest - after.sequence);
        const changes = Array.from({ length: Math.min(limit, left) }, (_, index) => change(after.sequence + index + 1));
        if (isLate && newsCount === 0) {
          newest += 1;
          newsCount += 1;
        }
        return Promise.resolve({ changes, to: place(after.sequence + changes.length), isMore: left > limit });
      },
    },
    items: {
      list: () => Promise.resolve({ items: [], next: null }),
      read: (names) => Promise.resolve(names.filter(({ itemId }) => sizes.has(itemId)).map(anItem)),
      sizes: (names) => Promise.resolve(names.map(({ itemId }) => sizes.get(itemId) ?? 0)),
    },
    cursors: { generation: '0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9', secret: Buffer.alloc(32, 1) },
    newsCount: () => newsCount,
    untilNews: (count, milliseconds) => {
      waits.push(milliseconds);
      if (newsCount > count) {
        return Promise.resolve();
      }
      isStopping = stops;
      const more = news.shift();
      newest += more ?? 0;
      clock += more === undefined ? milliseconds : 1_000;
      return Promise.resolve();
    },
    isStopping: () => isStopping,
    now: () => new Date(clock),
  };
  const read = (request: Partial<ChangesRequest> = {}) =>
    readChanges(ports, {
      scope: SCOPE,
      filter: EVERYTHING,
      cursor: null,
      limit: 2,
      waitMilliseconds: 0,
      withItems: false,
      ...request,
    });
  return { read, waits, elapsed: () => clock };
}

async function pageOf(result: ReturnType<typeof readChanges>): Promise<ChangesPage> {
  const page = await result;
  if (page.kind !== 'page') {
    throw new Error(`It was refused: ${page.code}`);
  }
  return page;
}

const numbers = ({ changes }: ChangesPage) => changes.map(({ sequence }) => sequence);

describe('from', () => {
  test('the oldest that is kept, and on from each page', async () => {
    const { read } = feedOf(7, { floor: 4 });
    const first = await pageOf(read());
    const second = await pageOf(read({ cursor: first.next }));
    const third = await pageOf(read({ cursor: second.next }));

    expect([first, second, third].map(numbers)).toEqual([[5, 6], [7], []]);
    expect([first, second, third].map(({ isMore }) => isMore)).toEqual([true, false, false]);
    expect([second.from, third.from]).toEqual([first.next, second.next]);
    expect(third.next).toBe(third.from);
  });

  test('now: nothing, and what comes after', async () => {
    const { read } = feedOf(7);
    const now = await pageOf(read({ cursor: 'latest', waitMilliseconds: 30_000 }));

    expect(now).toEqual({ kind: 'page', changes: [], from: now.next, next: now.next, isMore: false });
    expect(numbers(await pageOf(read({ cursor: now.next })))).toEqual([]);
  });

  test('a place below the floor is too old; the floor itself is not', async () => {
    const below = await pageOf(feedOf(7).read({ limit: 3 }));
    const at = await pageOf(feedOf(7).read({ limit: 4 }));
    const { read } = feedOf(7, { floor: 4 });

    expect(await read({ cursor: below.next })).toEqual(refuse('cursor_too_old'));
    expect(numbers(await pageOf(read({ cursor: at.next })))).toEqual([5, 6]);
  });

  test('what is no cursor, or another feed’s, is refused', async () => {
    const { read } = feedOf(7);
    const { next } = await pageOf(read());

    expect(await read({ cursor: 'c1.nothing' })).toEqual(refuse('cursor_invalid'));
    expect(await read({ cursor: next, filter: { ...EVERYTHING, category: 'mail' } })).toEqual(
      refuse('cursor_not_for_this'),
    );
  });
});

describe('a wait', () => {
  test('is none where there is something, or where none was asked for', async () => {
    const full = feedOf(3);
    const empty = feedOf(0);
    await full.read({ waitMilliseconds: 30_000 });
    const nothing = await pageOf(empty.read());

    expect([full.waits, empty.waits]).toEqual([[], []]);
    expect(numbers(nothing)).toEqual([]);
  });

  test('ends with the first change, whatever else was published before', async () => {
    const { read, waits } = feedOf(0, { news: [0, 0, 1] });

    expect(numbers(await pageOf(read({ waitMilliseconds: 30_000 })))).toEqual([1]);
    expect(waits).toEqual([30_000, 29_000, 28_000]);
  });

  test('is none where something is published while it looks', async () => {
    const { read, elapsed } = feedOf(0, { isLate: true });

    expect(numbers(await pageOf(read({ waitMilliseconds: 30_000 })))).toEqual([1]);
    expect(elapsed()).toBe(0);
  });

  test('ends with the process, at a place from which another one goes on', async () => {
    const { read, waits } = feedOf(2, { news: [0], stops: true });
    const { next } = await pageOf(read());
    const page = await pageOf(read({ cursor: next, waitMilliseconds: 30_000 }));

    expect(page).toEqual({ kind: 'page', changes: [], from: next, next, isMore: false });
    expect(waits).toEqual([30_000]);
  });

  test('ends by itself with nothing, at a place from which it goes on', async () => {
    const { read, waits } = feedOf(2, { news: [0] });
    const { next } = await pageOf(read());
    const page = await pageOf(read({ cursor: next, waitMilliseconds: 5_000 }));

    expect(page).toEqual({ kind: 'page', changes: [], from: next, next, isMore: false });
    expect(waits).toEqual([5_000, 4_000]);
  });
});

describe('with items', () => {
  test('each is told as it is now, once for all changes of it; what has gone since is null', async () => {
    const { read } = feedOf(3, {
      sizes: new Map([
        ['item 1', 10],
        ['item 3', 10],
      ]),
    });
    const { changes } = await pageOf(read({ limit: 10, withItems: true }));

    expect(changes.map(({ sequence, item }) => [sequence, item?.itemId ?? item])).toEqual([
      [1, 'item 1'],
      [2, null],
      [3, 'item 3'],
    ]);
  });

  test('a page ends before it is too heavy, and the next one goes on there', async () => {
    const half = PAGE_BYTES / 2;
    const { read } = feedOf(3, {
      sizes: new Map([
        ['item 1', half],
        ['item 2', half],
        ['item 3', 1],
      ]),
    });
    const first = await pageOf(read({ limit: 10, withItems: true }));
    const second = await pageOf(read({ limit: 10, withItems: true, cursor: first.next }));

    expect([numbers(first), first.isMore]).toEqual([[1, 2], true]);
    expect([numbers(second), second.isMore]).toEqual([[3], false]);
  });

  test('an item that is too heavy for any page comes alone', async () => {
    const { read } = feedOf(2, {
      sizes: new Map([
        ['item 1', PAGE_BYTES * 2],
        ['item 2', 1],
      ]),
    });
    const first = await pageOf(read({ limit: 10, withItems: true }));

    expect([numbers(first), first.isMore]).toEqual([[1], true]);
  });

  test('without being asked for, no item is told', async () => {
    const { read } = feedOf(1, { sizes: new Map([['item 1', 10]]) });
    const { changes } = await pageOf(read());

    expect(changes.map((each) => 'item' in each)).toEqual([false]);
  });
});
