/** STO-07 Migrations that two processes run, that break off, and a database that is ahead of the code. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { migrate, requireCurrentSchema } from '../../src/db/migrate.ts';
import { type Database, openDatabase } from '../../src/db/openDatabase.ts';
import { emptyDatabase, ENGINES } from '../support/databases.ts';

describe.each(ENGINES)('on %s', (engine) => {
  let first: Database;
  let second: Database;

  beforeEach(async () => {
    const address = await emptyDatabase(engine);
    first = await openDatabase(address, () => undefined);
    // The embedded database lets one process in, so that two at once are two calls there.
    second = engine === 'pglite' ? first : await openDatabase(address, () => undefined);
  });
  afterEach(async () => {
    await first.close();
    if (second !== first) {
      await second.close();
    }
  });

  const isThere = async (table: string) => {
    const { rows } = await sql<{ found: boolean }>`select to_regclass(${table}) is not null as found`.execute(
      first.kysely,
    );
    return rows[0]?.found;
  };

  test('concurrent migrations apply once', async () => {
    await Promise.all([migrate(first), migrate(second)]);

    await expect(requireCurrentSchema(second)).resolves.toBeUndefined();
  });

  test('one that meets what is in its way keeps nothing of itself, and runs when that is gone', async () => {
    await sql`create table reviews (something text)`.execute(first.kysely);

    await expect(migrate(first)).rejects.toMatchObject({ code: 'migration_failed' });
    const isHalf = await isThere('followed_deletions');
    await sql`drop table reviews`.execute(first.kysely);
    await migrate(first);

    expect(isHalf).toBe(false);
    await expect(requireCurrentSchema(first)).resolves.toBeUndefined();
  });

  test('an older database is refused by a process that must not migrate', async () => {
    await expect(requireCurrentSchema(first)).rejects.toMatchObject({ code: 'schema_mismatch' });
  });

  const beNewer = () =>
    sql`insert into kysely_migration (name, timestamp) values ('999_later', '2030-01-01')`.execute(first.kysely);

  test('a newer database that was only added to serves this version beside its own', async () => {
    await migrate(first);
    await beNewer();

    await expect(requireCurrentSchema(second)).resolves.toBeUndefined();
    await expect(migrate(second)).resolves.toBeUndefined();
  });

  test.each([
    ['that something was taken from', sql`update schema_floor set oldest_version = '999_later'`],
    ['that says nothing of older versions', sql`drop table schema_floor`],
  ])('a newer database %s is refused by everyone, and left as it is', async (_what, change) => {
    await migrate(first);
    await beNewer();
    await change.execute(first.kysely);

    await expect(requireCurrentSchema(second)).rejects.toMatchObject({ code: 'schema_mismatch' });
    await expect(migrate(second)).rejects.toMatchObject({ code: 'schema_mismatch' });
  });
});
