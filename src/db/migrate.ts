/**
 * Brings a database to the schema of this version, forwards only.
 *
 * Errors  `MigrationFailedError` when a statement fails; `SchemaTooOldError` and `SchemaTooNewError` from
 *         `requireCurrentSchema`, for processes that must not migrate by themselves.
 */
import { type Migration, Migrator } from 'kysely/migration';
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
  const { error } = await migratorOf(database).migrateToLatest();
  if (error !== undefined) {
    throw new MigrationFailedError('The database could not be brought to this version', { cause: error });
  }
}

/** Throws unless the database has exactly this version's schema. */
export async function requireCurrentSchema(database: Database): Promise<void> {
  const migrations = await migratorOf(database).getMigrations();
  if (migrations.some((migration) => migration.executedAt === undefined)) {
    throw new SchemaMismatchError('The database is older than this version: run `node src/main.ts migrate` first');
  }
}
