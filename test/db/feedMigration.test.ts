/** A database of the version before the feed opens; what its outbox has is in the feed over all, once. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { openFeedStore } from '../../src/db/delivery/feedStore.ts';
import { appendOutbox } from '../../src/db/delivery/outbox.ts';
import { publishAll } from '../../src/db/delivery/publisher.ts';
import { migrate } from '../../src/db/migrate.ts';
import { type Database, openDatabase } from '../../src/db/openDatabase.ts';
import { transact } from '../../src/db/transact.ts';
import { emptyDatabase, ENGINES } from '../support/databases.ts';
import { migrationsThrough } from '../support/migrationsThrough.ts';

const AT = '2026-11-30T09:00:00.000Z';
const MEMBER = '7c2a9e10-0001-4c3d-8e5f-100000000001';
const HARBOR = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001';
const LINDQVIST = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1002';
const ROWS = [
  [HARBOR, 1, 'upserted', 'mail', 'a'],
  [HARBOR, 2, 'erased', 'mail', null],
  [HARBOR, 3, 'disconnected', 'all', null],
  [LINDQVIST, 1, 'removed', 'calendar', 'b'],
] as const;

describe.each(ENGINES)('on %s', (engine) => {
  let database: Database;

  beforeEach(async () => {
    database = await openDatabase(await emptyDatabase(engine), () => undefined);
    const provider = { getMigrations: () => Promise.resolve({ ...migrationsThrough('011_shared_mailboxes') }) };
    await new Migrator({ db: database.kysely, provider }).migrateToLatest();
    for (const [tenantId, sequence, kind, category, item] of ROWS) {
      await sql`
        insert into outbox (tenant_id, sequence, kind, member_id, connection_id, category, item_id, up_to, at)
        values (${tenantId}, ${sequence}, ${kind}, ${MEMBER}, ${MEMBER}, ${category}, ${item},
          ${kind === 'erased' ? sequence : null}, ${AT})
      `.execute(database.kysely);
    }
    await sql`insert into outbox_heads values (${HARBOR}, 3), (${LINDQVIST}, 1)`.execute(database.kysely);
    await migrate(database);
  });
  afterEach(() => database.close());

  test('what was told before and what is told since are one feed', async () => {
    const owner = { tenantId: LINDQVIST, memberId: MEMBER, connectionId: MEMBER, category: 'mail' } as const;
    await transact(database, (tx) => {
      appendOutbox(tx, owner, [{ kind: 'upserted', itemId: 'c' }], new Date(AT));
      return Promise.resolve();
    });
    await publishAll(database, new Date());
    const everything = { types: null, category: null, memberId: null };
    const start = { position: 0, sequence: 0 };
    const page = await openFeedStore(database).read({ kind: 'all', organizationIds: null }, start, everything, 100);

    expect(
      page.changes.map(({ organizationId, sequence, type, itemId }) => [organizationId, sequence, type, itemId]),
    ).toEqual([
      [HARBOR, 1, 'item.upserted', 'a'],
      [HARBOR, 2, 'category.erased', null],
      [HARBOR, 3, 'connection.ended', null],
      [LINDQVIST, 1, 'item.removed', 'b'],
      [LINDQVIST, 2, 'item.upserted', 'c'],
    ]);
  });
});
