/** A database of the version that told shared mailboxes by the ids of their folders opens, and its streams go on. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { type Database, openDatabase } from '../../src/db/openDatabase.ts';
import { readContainers } from '../../src/db/sync/containers.ts';
import { readStreams } from '../../src/db/sync/streams.ts';
import { emptyDatabase, ENGINES } from '../support/databases.ts';
import { migrationsThrough } from '../support/migrationsThrough.ts';

const MARA = { tenantId: '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001', mailboxId: '7c2a9e10-0001-4c3d-8e5f-100000000001' };
const CAREERS = '0f8fad5b-d9cb-469f-a165-70867728950e';
const AT = '2026-11-30T09:00:00Z';
const FOLDERS = ['AAMkAGI2', `~${CAREERS}/AAMkAGI2`, `~${CAREERS}/AAMk/x=`];
const NAMED = [
  { folderId: 'AAMkAGI2', container: 'AAMkAGI2', sharedMailbox: null },
  { folderId: `~${CAREERS}/AAMkAGI2`, container: 'AAMkAGI2', sharedMailbox: CAREERS },
  { folderId: `~${CAREERS}/AAMk/x=`, container: 'AAMk/x=', sharedMailbox: CAREERS },
];

describe.each(ENGINES)('on %s', (engine) => {
  let database: Database;

  const migrator = (last: string) =>
    new Migrator({
      db: database.kysely,
      provider: { getMigrations: () => Promise.resolve({ ...migrationsThrough(last) }) },
    });

  beforeEach(async () => {
    database = await openDatabase(await emptyDatabase(engine), () => undefined);
    await migrator('010_accounts').migrateToLatest();
    for (const container of ['', `~${CAREERS}/`, ...FOLDERS]) {
      await sql`
        insert into streams (tenant_id, mailbox_id, stream_key, category, container, level, cursor, stage, started_at, due_at)
        values (${MARA.tenantId}, ${MARA.mailboxId}, ${`mail:${container}`}, 'mail', ${container}, 'full', 'a link',
          'current', ${AT}, ${AT})
      `.execute(database.kysely);
    }
    for (const folder of FOLDERS) {
      await sql`
        insert into containers (tenant_id, mailbox_id, category, container_id, generation, sealed)
        values (${MARA.tenantId}, ${MARA.mailboxId}, 'mail', ${folder}, 1, '\\x00')
      `.execute(database.kysely);
    }
    for (const folder of FOLDERS) {
      await sql`
        insert into quarantine (tenant_id, member_id, category, item_id, stream_key, reason, sealed, quarantined_at)
        values (${MARA.tenantId}, ${MARA.mailboxId}, 'mail', ${`in ${folder}`}, ${`mail:${folder}`}, 'tooHeavy', '\\x00', ${AT})
      `.execute(database.kysely);
    }
    await migrator('011_shared_mailboxes').migrateToLatest();
  });
  afterEach(() => database.close());

  test('streams have their places, and the names that Graph has for them', async () => {
    const streams = await readStreams(database.kysely, MARA);
    const list = { folderId: '', container: '', sharedMailbox: null };
    const sharedList = { folderId: `~${CAREERS}/`, container: '', sharedMailbox: CAREERS };

    expect(
      new Set(
        streams.map(({ key, folderId, container, sharedMailbox, cursor }) => ({
          key,
          cursor,
          named: { folderId, container, sharedMailbox },
        })),
      ),
    ).toEqual(
      new Set(
        [list, sharedList, ...NAMED].map((named) => ({ key: `mail:${named.folderId}`, cursor: 'a link', named })),
      ),
    );
  });

  test('folders are where they were', async () => {
    const { mail = [] } = await readContainers(database.kysely, MARA, {});

    expect(
      new Set(mail.map(({ id: folderId, container, sharedMailbox }) => ({ folderId, container, sharedMailbox }))),
    ).toEqual(new Set(NAMED));
  });

  test('what was set aside knows its mailbox', async () => {
    const rows = await database.kysely.selectFrom('quarantine').select(['item_id', 'shared_mailbox_id']).execute();

    expect(Object.fromEntries(rows.map((row) => [row.item_id, row.shared_mailbox_id]))).toEqual(
      Object.fromEntries(NAMED.map(({ folderId, sharedMailbox }) => [`in ${folderId}`, sharedMailbox])),
    );
  });

  test('the version before, which writes the columns that were renamed, does not run beside this one', async () => {
    const { rows } = await sql<{ oldest: string }>`select oldest_version as oldest from schema_floor`.execute(
      database.kysely,
    );

    expect(rows.map(({ oldest }) => oldest > '010_accounts')).toEqual([true]);
  });
});
