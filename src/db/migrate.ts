/**
 * Brings a database to the schema of this version, forwards only.
 *
 * Errors  `MigrationFailedError` when a statement fails, and nothing of its migration is kept; `SchemaMismatchError`
 *         for a database of a newer version, which an older one would spoil, and from `requireCurrentSchema` for an
 *         older one as well, for processes that must not migrate by themselves.
 */
import { sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, type Migration, Migrator } from 'kysely/migration';
import type { Database } from './openDatabase.ts';
import * as first from './migrations/001_first.ts';
import * as authorization from './migrations/002_authorization.ts';
import * as sync from './migrations/003_sync.ts';
import * as pauses from './migrations/004_pauses.ts';
import * as rules from './migrations/005_rules.ts';
import * as deletions from './migrations/006_deletions.ts';

const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001_first': first,
  '002_authorization': authorization,
  '003_sync': sync,
  '004_pauses': pauses,
  '005_rules': rules,
  '006_deletions': deletions,
};

export class MigrationFailedError extends Error {
  override readonly name = 'MigrationFailedError';
  readonly code = 'migration_failed';
}

export class SchemaMismatchError extends Error {
  override readonly name = 'SchemaMismatchError';
  readonly code = 'schema_mismatch';
}

function migratorOf(database: Database): Migrator {
  return new Migrator({ db: database.kysely, provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) } });
}

/** Runs what is missing; two processes at once are serialized by Kysely's lock. */
export async function migrate(database: Database): Promise<void> {
  await refuseNewer(database);
  const { error } = await migratorOf(database).migrateToLatest();
  if (error !== undefined) {
    throw new MigrationFailedError('The database could not be brought to this version', { cause: error });
  }
}

/** Throws unless the database has exactly this version's schema. */
export async function requireCurrentSchema(database: Database): Promise<void> {
  await refuseNewer(database);
  const migrations = await migratorOf(database).getMigrations();
  if (migrations.some((migration) => migration.executedAt === undefined)) {
    throw new SchemaMismatchError('The database is older than this version: run `node src/main.ts migrate` first');
  }
}

async function refuseNewer({ kysely }: Database): Promise<void> {
  const { rows: tables } = await sql<{ found: boolean }>`
    select to_regclass(${DEFAULT_MIGRATION_TABLE}) is not null as found
  `.execute(kysely);
  if (tables[0]?.found !== true) {
    return;
  }
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(kysely);
  if (rows.some(({ name }) => !Object.hasOwn(MIGRATIONS, name))) {
    throw new SchemaMismatchError(
      'The database belongs to a newer version of Assent: run that version, or restore a backup',
    );
  }
}
