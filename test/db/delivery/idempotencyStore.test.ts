/** A request that is sent again is known, whichever process it comes to, and whatever became of the one before. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { openIdempotencyStore, pruneIdempotentRequests } from '../../../src/db/delivery/idempotencyStore.ts';
import type { Database } from '../../../src/db/openDatabase.ts';
import type { IdempotencyStore } from '../../../src/delivery/idempotency.ts';
import { ENGINES, openTestDatabase } from '../../support/databases.ts';
import { memoryKeys } from '../../support/memoryKeys.ts';
import { emptyTables } from '../../support/tables.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const SEED = Buffer.alloc(32, 1);
const ANOTHER = Buffer.alloc(32, 2);

describe.each(ENGINES)('on %s', (engine) => {
  let database: Database;
  let store: IdempotencyStore;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    store = openIdempotencyStore(database, await memoryKeys(() => NOW));
  });
  afterAll(() => database.close());
  afterEach(() => emptyTables(database));

  const begin = (fingerprint = 'request', seed = ANOTHER) => store.begin('scope', fingerprint, seed, NOW);

  test('of many at once one begins', async () => {
    const begun = await Promise.all(Array.from({ length: 10 }, () => begin('request', SEED)));
    expect(begun.filter(({ kind }) => kind === 'begun')).toEqual([{ kind: 'begun', seed: SEED }]);
    expect(begun.filter(({ kind }) => kind === 'running')).toHaveLength(9);
  });

  test('who has died is followed by one with the same chance', async () => {
    await begin('request', SEED);
    expect(await begin()).toEqual({ kind: 'running', retryAfterSeconds: expect.any(Number) });
    await sql`update idempotent_requests set lease_until = now() - interval '1 second'`.execute(database.kysely);
    expect(await begin()).toEqual({ kind: 'begun', seed: SEED });
    expect(await begin()).toMatchObject({ kind: 'running' });
    await store.release('scope');
    expect(await begin()).toEqual({ kind: 'begun', seed: SEED });
  });

  test('what was answered is answered again, and stored nowhere in clear', async () => {
    await begin('request', SEED);
    await store.end('scope', 201, '{"text":"assent_secret"}');
    expect(await begin()).toEqual({ kind: 'ended', status: 201, body: '{"text":"assent_secret"}' });
    expect(await begin('another')).toEqual({ kind: 'other' });
    const { rows } = await sql`select * from idempotent_requests`.execute(database.kysely);
    expect(JSON.stringify(rows)).not.toContain('assent_secret');
    expect(JSON.stringify(rows)).not.toContain(SEED.toString('base64'));
  });

  test('what had no effect leaves its key free', async () => {
    await begin('request', SEED);
    await store.forget('scope');
    expect(await begin('another')).toEqual({ kind: 'begun', seed: ANOTHER });
  });

  test('is kept for a week', async () => {
    await begin('request', SEED);
    const after = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
    await pruneIdempotentRequests(database, after(6.9));
    expect(await begin('another')).toEqual({ kind: 'other' });
    await pruneIdempotentRequests(database, after(7.1));
    expect(await begin('another')).toEqual({ kind: 'begun', seed: ANOTHER });
  });
});
