/** SYN-32 A clock that was a year ahead and is put right puts nothing off for a year. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Database } from '../../../src/db/openDatabase.ts';
import { repairClockSkew } from '../../../src/db/sync/repairClockSkew.ts';
import { openSyncStore } from '../../../src/db/sync/syncStore.ts';
import type { SyncStore } from '../../../src/sync/ports.ts';
import { connectMailbox } from '../../support/connectedMailbox.ts';
import { ENGINES, openTestDatabase } from '../../support/databases.ts';
import { memoryKeys } from '../../support/memoryKeys.ts';
import { aDesiredStream } from '../../support/buildStream.ts';

const MINUTE = 60_000;
const NOON = new Date('2026-11-21T12:00:00Z');
const NEXT_YEAR = new Date('2027-11-21T12:00:00Z');
const ROOM = { all: 5, first: 5 };
const INBOX = aDesiredStream('mail', 'inbox');

const after = (at: Date, minutes: number) => new Date(at.getTime() + minutes * MINUTE);

describe.each(ENGINES)('on %s', (engine) => {
  let database: Database;
  let store: SyncStore;
  let tenantId: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    store = openSyncStore(database, await memoryKeys(() => NOON), () => NOON);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    tenantId = await connectMailbox(database, NOON);
  });

  test('the mailbox and its streams are due again, and what Graph said of silence holds an hour at most', async () => {
    await round(NEXT_YEAR, after(NEXT_YEAR, 30));
    expect(await claimed(after(NOON, 60))).toBe(0);
    const count = await repairClockSkew(database, NOON);

    expect(count).toBe(1);
    expect(await claimed(NOON)).toBe(0);
    expect(await claimed(after(NOON, 61))).toBe(1);
    const streams = await database.kysely
      .selectFrom('streams')
      .select('due_at')
      .where('tenant_id', '=', tenantId)
      .execute();
    expect(streams).toEqual([{ due_at: NOON }]);
    expect(await repairClockSkew(database, NOON)).toBe(0);
  });

  test("doesn't reschedule when clocks agree", async () => {
    await round(NOON, null);

    expect(await repairClockSkew(database, after(NOON, 1))).toBe(0);
    expect(await claimed(after(NOON, 1))).toBe(0);
  });

  /** A round that finds everything read, and the next one ten minutes later. */
  async function round(at: Date, quietUntil: Date | null): Promise<void> {
    const [lease] = (await store.claimDue('a worker', at, ROOM)).filter((each) => each.tenantId === tenantId);
    const state = lease === undefined ? null : await store.load(lease);
    if (state === null) {
      throw new Error('There is no round to be had');
    }
    await store.converge(state, { streams: [INBOX], held: [] }, after(at, 10));
    await store.release(state.lease, { dueAt: null, latestAt: after(at, 10), quietUntil });
  }

  async function claimed(at: Date): Promise<number> {
    return (await store.claimDue('a worker', at, ROOM)).filter((each) => each.tenantId === tenantId).length;
  }
});
