/** A backup is restored from before someone had their data erased: the deletion ledger is in no backup. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { replayErasures } from '../../src/db/content/replayErasures.ts';
import { openEraseStore } from '../../src/db/content/eraseStore.ts';
import { eraseAll } from '../../src/sync/erase.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { READ, reasonOf, storedOf, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, type World } from '../support/createWorld.ts';
import { ENGINES } from '../support/databases.ts';
import { dataTables } from '../support/tables.ts';

/** Tables that others refer to. */
const FIRST = ['organizations', 'members'];
const OFF = { sync: 'off', act: 'none', shared: false } as const;

describe.each(ENGINES)('PUR-07 a restored backup, on %s', (engine) => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ engine, messages: 20, events: 6 });
    await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ, calendar: READ });
  });
  afterAll(() => world.close());

  const run = (text: string) => sql.raw(text).execute(world.product.database.kysely);
  const tables = async () => {
    const all = await dataTables(world.product.database);
    return [...FIRST, ...all.filter((table) => !FIRST.includes(table))];
  };
  const backUp = async () => {
    await run('drop schema if exists backup cascade');
    await run('create schema backup');
    for (const table of await tables()) {
      await run(`create table backup.${table} as select * from ${table}`);
    }
  };
  const restore = async () => {
    const restored = await tables();
    await run(`truncate ${restored.join(', ')}`);
    for (const table of restored) {
      await run(`insert into ${table} overriding system value select * from backup.${table}`);
    }
    // No lease outlives a restore.
    await run('update mailboxes set lease_owner = null, lease_until = null');
  };
  /** What a process does before it serves anyone. */
  const start = async () => {
    const { database, keyring } = world.product;
    const now = () => new Date();
    const repeated = await replayErasures(database, keyring, now());
    await eraseAll(openEraseStore(database, keyring, now));
    return repeated;
  };
  const erase = async (category: 'mail' | 'calendar') => {
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', {
      selection: { [category]: OFF },
      data: { [category]: 'erase' },
    });
    await world.settle();
  };
  const turnMailOn = async () => {
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: READ } });
    await world.settle();
  };
  const rowsOf = async (category: string) => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from items where category = ${category}
    `.execute(world.product.database.kysely);
    return rows[0]?.count;
  };

  test('without a restore nothing is erased twice', async () => {
    await erase('calendar');

    expect(await start()).toBe(0);
    expect(await start()).toBe(0);
    expect(await rowsOf('mail')).toBe(20);
  });

  test('what was erased is erased again, its category stays off, and nothing comes back', async () => {
    await backUp();
    await erase('mail');
    await restore();
    const restored = await rowsOf('mail');
    const [one, other] = await Promise.all([start(), start()]);
    await world.nextRound();
    const { rows } = await sql<{ kind: string }>`
      select kind from outbox where category = 'mail' order by sequence desc limit 1
    `.execute(world.product.database.kysely);

    expect(restored).toBe(20);
    // Two processes that start at once do it once.
    expect([one, other].toSorted((first, second) => first - second)).toEqual([0, 1]);
    expect(await rowsOf('mail')).toBe(0);
    expect(await storedOf(world, PEOPLE.mara)).toEqual([]);
    expect(await reasonOf(world, PEOPLE.mara)).toBe('offByOwnChoice');
    expect(rows).toEqual([{ kind: 'erased' }]);
    expect(await start()).toBe(0);
  });

  test('anyone who turned it on again since keeps it on, and gets it afresh', async () => {
    await turnMailOn();
    await backUp();
    await erase('mail');
    await turnMailOn();
    await restore();
    const repeated = await start();
    await world.nextRound();

    expect(repeated).toBe(1);
    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByOwnChoice');
    expect(await storedOf(world, PEOPLE.mara)).toHaveLength(20);
  });
});
