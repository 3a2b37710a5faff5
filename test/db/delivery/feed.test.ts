/** No number is passed by: what many write at once is read by everyone whole, once, and in the order of commits. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { openFeedStore } from '../../../src/db/delivery/feedStore.ts';
import {
  appendDisconnection,
  appendOutbox,
  appendTombstone,
  type OutboxOwner,
  readHead,
} from '../../../src/db/delivery/outbox.ts';
import { pruneFeed } from '../../../src/db/delivery/pruneFeed.ts';
import { publish, publishAll } from '../../../src/db/delivery/publisher.ts';
import type { Database } from '../../../src/db/openDatabase.ts';
import { transact } from '../../../src/db/transact.ts';
import type { Change, FeedFilter, FeedPlace, FeedScope, FeedStore } from '../../../src/delivery/ports.ts';
import { ENGINES, openTestDatabase } from '../../support/databases.ts';
import { emptyTables } from '../../support/tables.ts';

const AT = new Date('2026-11-30T12:00:00Z');
const EVERYTHING: FeedFilter = { types: null, category: null, memberId: null };
const ALL: FeedScope = { kind: 'all', organizationIds: null };
const START: FeedPlace = { position: 0, sequence: 0 };

describe.each(ENGINES)('on %s', (engine) => {
  let database: Database;
  let feed: FeedStore;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    feed = openFeedStore(database);
  });
  afterAll(() => database.close());
  afterEach(() => emptyTables(database));

  const owners = Array.from({ length: 5 }, () => ({
    tenantId: randomUUID(),
    memberId: randomUUID(),
    connectionId: randomUUID(),
    category: 'mail' as const,
  }));
  const [mara = never(), tom = never()] = owners;

  function never(): never {
    throw new Error('There are five');
  }

  const upserts = (owner: OutboxOwner, ...ids: readonly string[]) =>
    transact(database, (tx) => {
      const entries = ids.map((itemId) => ({ kind: 'upserted', itemId }) as const);
      appendOutbox(tx, owner, entries, AT);
      return Promise.resolve();
    });

  /** Everything behind a place, in pages of that size. */
  async function readAll(scope: FeedScope, limit: number, filter = EVERYTHING, from = START): Promise<Change[]> {
    const changes: Change[] = [];
    for (let after = from; ;) {
      const page = await feed.read(scope, after, filter, limit);
      changes.push(...page.changes);
      after = page.to;
      if (!page.isMore) {
        return changes;
      }
    }
  }

  const numbersOf = (changes: readonly Change[], tenantId: string) =>
    changes.filter(({ organizationId }) => organizationId === tenantId).map(({ sequence }) => sequence);

  test('says of each change what it is, in one order for its organization', async () => {
    await transact(database, (tx) => {
      appendOutbox(tx, mara, [{ kind: 'upserted', itemId: 'a' }], AT);
      appendOutbox(tx, mara, [{ kind: 'removed', itemId: 'b' }], AT);
      appendTombstone(tx, { ...mara, category: 'calendar' }, AT);
      appendDisconnection(tx, mara, AT);
      return Promise.resolve();
    });
    const { tenantId, memberId, connectionId } = mara;
    const common = { organizationId: tenantId, memberId, connectionId, at: AT, itemId: null, upTo: null, detail: null };
    const numbered = (sequence: number) => ({ ...common, sequence, place: { position: 0, sequence } });

    expect(await feed.read({ kind: 'organization', tenantId }, START, EVERYTHING, 10)).toEqual({
      changes: [
        { ...numbered(1), type: 'item.upserted', category: 'mail', itemId: 'a' },
        { ...numbered(2), type: 'item.removed', category: 'mail', itemId: 'b' },
        { ...numbered(3), type: 'category.erased', category: 'calendar', upTo: 3 },
        { ...numbered(4), type: 'connection.ended', category: null },
      ],
      to: { position: 0, sequence: 4 },
      isMore: false,
    });
    expect(await readHead(database, tenantId)).toBe(4);
  });

  test('a transaction that fails takes no number', async () => {
    await upserts(mara, 'a');
    const failing = transact(database, (tx) => {
      appendOutbox(tx, mara, [{ kind: 'upserted', itemId: 'never' }], AT);
      return Promise.reject(new Error('on purpose'));
    });

    await expect(failing).rejects.toThrow('on purpose');
    await upserts(mara, 'b');
    await publishAll(database, AT);
    expect((await readAll(ALL, 10)).map(({ sequence, itemId }) => [sequence, itemId])).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
  });

  test('over all there is what was published; of one organization everything that was committed', async () => {
    await upserts(mara, 'a');
    await publishAll(database, AT);
    await upserts(mara, 'b');
    await upserts(tom, 'c');

    expect(await readAll(ALL, 10)).toHaveLength(1);
    expect(await readAll({ kind: 'organization', tenantId: mara.tenantId }, 10)).toHaveLength(2);
    await publishAll(database, AT);
    expect(await readAll(ALL, 10)).toHaveLength(3);
  });

  test('neighbors become one run, whatever is between them in time', async () => {
    for (const each of ['a', 'b', 'c']) {
      await upserts(mara, each, `${each}2`);
      await upserts(tom, each);
    }
    await publishAll(database, AT);
    await publishAll(database, AT);
    const runs = await database.kysely.selectFrom('feed_runs').selectAll().orderBy('position').execute();

    expect(runs.map(({ position, first, last }) => [position, first, last])).toEqual(
      mara.tenantId < tom.tenantId
        ? [
            [1, 1, 6],
            [2, 1, 3],
          ]
        : [
            [1, 1, 3],
            [2, 1, 6],
          ],
    );
  });

  test('pages of any size hold the same changes, and go on where they ended', async () => {
    for (const [index, owner] of owners.entries()) {
      await upserts(owner, ...Array.from({ length: index + 3 }, (_, each) => `${index}-${each}`));
      await publishAll(database, AT);
      await upserts(owner, `${index}-last`);
    }
    await publishAll(database, AT);
    const whole = await readAll(ALL, 1_000);

    expect(whole).toHaveLength(30);
    for (const limit of [1, 2, 7, 30]) {
      expect(await readAll(ALL, limit)).toEqual(whole);
    }
    const middle = await feed.read(ALL, START, EVERYTHING, 11);
    expect([...middle.changes, ...(await readAll(ALL, 4, EVERYTHING, middle.to))]).toEqual(whole);
  });

  test('a filter hides items, and never that something has to go or has ended; what it left out is passed', async () => {
    const other = { ...mara, memberId: randomUUID(), connectionId: randomUUID() };
    await upserts(mara, 'hers');
    await upserts(other, 'theirs');
    await transact(database, (tx) => {
      appendOutbox(tx, mara, [{ kind: 'removed', itemId: 'hers' }], AT);
      appendTombstone(tx, { ...other, category: 'calendar' }, AT);
      appendDisconnection(tx, other, AT);
      return Promise.resolve();
    });
    await publishAll(database, AT);
    const wanted = (filter: Partial<FeedFilter>, scope: FeedScope = ALL) =>
      readAll(scope, 10, { ...EVERYTHING, ...filter }).then((changes) =>
        changes.map(({ type, itemId }) => [type, itemId]),
      );
    const always = [
      ['category.erased', null],
      ['connection.ended', null],
    ];

    for (const scope of [ALL, { kind: 'organization', tenantId: mara.tenantId } as const]) {
      expect(await wanted({ types: ['item.removed'] }, scope)).toEqual([['item.removed', 'hers'], ...always]);
      expect(await wanted({ memberId: other.memberId }, scope)).toEqual([['item.upserted', 'theirs'], ...always]);
      expect(await wanted({ category: 'tasks' }, scope)).toEqual(always);
      const nothing = await feed.read(scope, START, { ...EVERYTHING, category: 'tasks' }, 10);
      expect(nothing.to).toEqual(await feed.newest(scope));
    }
  });

  test('a key that knows some organizations reads those alone, from the same places', async () => {
    await upserts(mara, 'hers');
    await upserts(tom, 'his');
    await publishAll(database, AT);
    const limited: FeedScope = { kind: 'all', organizationIds: [tom.tenantId] };

    expect((await readAll(limited, 10)).map(({ itemId }) => itemId)).toEqual(['his']);
    expect(await readAll({ kind: 'all', organizationIds: [] }, 10)).toEqual([]);
    expect((await feed.read(limited, START, EVERYTHING, 10)).to).toEqual(await feed.newest(ALL));
  });

  test('what was told long ago goes, oldest first, and a reader who is behind it is told so', async () => {
    const early = new Date(AT.getTime() - 2_000);
    await transact(database, (tx) => {
      const old = ['old', 'old too'].map((itemId) => ({ kind: 'upserted', itemId }) as const);
      appendOutbox(tx, mara, old, early);
      return Promise.resolve();
    });
    await publishAll(database, AT);
    await upserts(tom, 'young');
    await upserts(mara, 'young');
    await publishAll(database, AT);
    const own: FeedScope = { kind: 'organization', tenantId: mara.tenantId };
    const before = await readAll(ALL, 10);
    await pruneFeed(database, new Date(AT.getTime() - 1_000));
    await pruneFeed(database, new Date(AT.getTime() - 1_000));

    expect(await readAll(ALL, 10, EVERYTHING, await feed.oldest(ALL))).toEqual(before.slice(2));
    expect(await readAll(own, 10, EVERYTHING, await feed.oldest(own))).toMatchObject([
      { sequence: 3, itemId: 'young' },
    ]);
    expect([await feed.oldest(ALL), await feed.oldest(own)]).toEqual([
      { position: 1, sequence: 2 },
      { position: 0, sequence: 2 },
    ]);
  });

  test('when all of it went, a reader who has read all goes on, and numbers rise on', async () => {
    await upserts(mara, 'a', 'b');
    await publishAll(database, AT);
    const end = await feed.newest(ALL);
    await pruneFeed(database, new Date(AT.getTime() + 1));

    expect(await feed.newest(ALL)).toEqual(end);
    expect(await feed.oldest(ALL)).toEqual(end);
    await upserts(mara, 'c');
    await publishAll(database, AT);
    expect(await readAll(ALL, 10, EVERYTHING, end)).toMatchObject([{ sequence: 3, itemId: 'c' }]);
  });

  test('rival publishers publish each number once', async () => {
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(owners.map((owner) => upserts(owner, `${round}`)));
      await Promise.all([publish(database, AT), publish(database, AT), publish(database, AT)]);
    }
    await publishAll(database, AT);
    const changes = await readAll(ALL, 100);

    expect(owners.map(({ tenantId }) => numbersOf(changes, tenantId))).toEqual(
      owners.map(() => Array.from({ length: 10 }, (_, index) => index + 1)),
    );
  });
});

describe.each(ENGINES.filter((engine) => engine === 'postgres'))('many at once, on %s', (engine) => {
  const WRITERS = 8;
  const TRANSACTIONS = 40;
  const ROWS = 5;
  const tenants = [randomUUID(), randomUUID()] as const;
  let database: Database;

  beforeEach(async () => {
    database = await openTestDatabase(engine);
  });
  afterEach(() => database.close());

  /** Runs every writer while `read` goes on, and once more when all have ended. */
  async function race(write: (tenantId: string, name: string) => Promise<void>, read: () => Promise<void>) {
    const writing = new Set<unknown>();
    const writers = Array.from({ length: WRITERS }, async (_, writer) => {
      writing.add(writer);
      for (let each = 0; each < TRANSACTIONS; each += 1) {
        await write(tenants[(writer + each) % 2] ?? tenants[0], `${writer}-${each}`);
      }
      writing.delete(writer);
    });
    const reading = (async () => {
      while (writing.size > 0) {
        await read();
      }
    })();
    await Promise.all(writers);
    await reading;
    await read();
  }

  /** Between taking a number and committing it: what makes a transaction be later than its number. */
  const dawdle = sql`select pg_sleep(random() * 0.004)`;

  test('readers of one and of all miss nothing, get nothing twice, and see the order of commits', async () => {
    const feed = openFeedStore(database);
    const scopes: readonly FeedScope[] = [
      ALL,
      ...tenants.map((tenantId) => ({ kind: 'organization', tenantId }) as const),
    ];
    const places = new Map<FeedScope, FeedPlace>();
    const seen = new Map<FeedScope, Change[]>(scopes.map((scope) => [scope, []]));
    await race(
      async (tenantId, name) => {
        const owner = { tenantId, memberId: randomUUID(), connectionId: randomUUID(), category: 'mail' as const };
        await transact(database, async (tx) => {
          const entries = Array.from(
            { length: ROWS },
            (_, row) => ({ kind: 'upserted', itemId: `${name}-${row}` }) as const,
          );
          appendOutbox(tx, owner, entries, AT);
          await dawdle.execute(tx);
        });
      },
      async () => {
        await publishAll(database, AT);
        for (const scope of scopes) {
          const page = await feed.read(scope, places.get(scope) ?? START, EVERYTHING, 50);
          seen.get(scope)?.push(...page.changes);
          places.set(scope, page.to);
        }
      },
    );
    const each = (WRITERS * TRANSACTIONS * ROWS) / tenants.length;
    const numbers = Array.from({ length: each }, (_, index) => index + 1);
    for (const [scope, changes] of seen) {
      const rest = await openRest(feed, scope, places.get(scope) ?? START);
      const all = [...changes, ...rest];
      for (const tenantId of scope.kind === 'all' ? tenants : [scope.tenantId]) {
        expect(all.filter(({ organizationId }) => organizationId === tenantId).map(({ sequence }) => sequence)).toEqual(
          numbers,
        );
      }
    }
  });

  async function openRest(feed: FeedStore, scope: FeedScope, from: FeedPlace): Promise<readonly Change[]> {
    const page = await feed.read(scope, from, EVERYTHING, 100_000);
    return page.changes;
  }

  test('a sequence of the database, read in its order, loses rows: the race is one', async () => {
    await sql`create table plain (id bigserial primary key, name text not null)`.execute(database.kysely);

    const seen: number[] = [];
    await race(
      async (_tenant, name) => {
        await transact(database, async (tx) => {
          await sql`insert into plain (name) values (${name})`.execute(tx);
          await dawdle.execute(tx);
        });
      },
      async () => {
        const { rows } = await sql<{ id: number }>`
          select id from plain where id > ${seen.at(-1) ?? 0} order by id
        `.execute(database.kysely);
        seen.push(...rows.map(({ id }) => id));
      },
    );

    expect(seen.length).toBeLessThan(WRITERS * TRANSACTIONS);
  });
});
