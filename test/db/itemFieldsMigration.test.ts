/** What was stored before more was read of it is read again, and written although its change key is the same. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrate } from '../../src/db/migrate.ts';
import { type Database, openDatabase } from '../../src/db/openDatabase.ts';
import { emptyDatabase, ENGINES } from '../support/databases.ts';
import { migrationsThrough } from '../support/migrationsThrough.ts';

const TENANT = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001';
const MEMBER = '7c2a9e10-0001-4c3d-8e5f-100000000001';
const AT = '2026-11-30T09:00:00.000Z';
/** Category and folder of a stream; an empty one is the list of folders. */
const STREAMS = [
  ['mail', 'inbox'],
  ['mail', ''],
  ['contacts', 'default'],
  ['files', 'root'],
] as const;

describe.each(ENGINES)('on %s', (engine) => {
  let database: Database;

  beforeEach(async () => {
    database = await openDatabase(await emptyDatabase(engine), () => undefined);
    const provider = { getMigrations: () => Promise.resolve({ ...migrationsThrough('012_feed') }) };
    await new Migrator({ db: database.kysely, provider }).migrateToLatest();
    for (const [category, folder] of STREAMS) {
      await sql`
        insert into streams (tenant_id, mailbox_id, stream_key, category, folder_id, container, level, stage, generation,
          cursor, started_at, due_at)
        values (${TENANT}, ${MEMBER}, ${`${category}:${folder}`}, ${category}, ${folder}, ${folder}, 'limited', 'current', 3,
          'a cursor', ${AT}, ${AT})
      `.execute(database.kysely);
    }
    for (const category of ['mail', 'contacts', 'files']) {
      await sql`
        insert into items (tenant_id, member_id, category, item_id, connection_id, change_key, item_at, folder_id, level,
          generation, size, participant_hashes, sealed, stored_at)
        values (${TENANT}, ${MEMBER}, ${category}, 'an item', ${MEMBER}, 'a key', ${AT}, 'inbox', 'limited', 3, 1, '{}',
          ${Buffer.from('sealed')}, ${AT})
      `.execute(database.kysely);
    }
    await migrate(database);
  });
  afterEach(() => database.close());

  test('mail and files begin again; contacts and lists of folders go on', async () => {
    const streams = await sql<{ stream_key: string; stage: string; generation: number; has_cursor: boolean }>`
      select stream_key, stage, generation, cursor is not null as has_cursor from streams order by stream_key
    `.execute(database.kysely);
    const items = await sql`select category, change_key from items order by category`.execute(database.kysely);

    expect(streams.rows).toEqual([
      { stream_key: 'contacts:default', stage: 'current', generation: 3, has_cursor: true },
      { stream_key: 'files:root', stage: 'baseline', generation: 4, has_cursor: false },
      { stream_key: 'mail:', stage: 'current', generation: 3, has_cursor: true },
      { stream_key: 'mail:inbox', stage: 'baseline', generation: 4, has_cursor: false },
    ]);
    expect(items.rows).toEqual([
      { category: 'contacts', change_key: 'a key' },
      { category: 'files', change_key: null },
      { category: 'mail', change_key: null },
    ]);
  });
});
