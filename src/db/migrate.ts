/**
 * Brings a database to the schema of this version, forwards only.
 *
 * A newer version first expands the schema, and contracts it when no process of the older one is left: what only adds
 * leaves `schema_floor` as it is, so that both run side by side; what an older version could not live with raises it.
 *
 * Errors  `MigrationFailedError` when a statement fails, and nothing of its migration is kept; `SchemaMismatchError`
 *         for a database of a newer version that does not serve this one, and from `requireCurrentSchema` for an older
 *         one as well, for processes that must not migrate by themselves.
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
import * as firstContact from './migrations/007_first_contact.ts';
import * as triedAgain from './migrations/008_tried_again.ts';
import * as drafts from './migrations/009_drafts.ts';
import * as accounts from './migrations/010_accounts.ts';
import * as sharedMailboxes from './migrations/011_shared_mailboxes.ts';
import * as feed from './migrations/012_feed.ts';
import * as itemFields from './migrations/013_item_fields.ts';
import * as webhooks from './migrations/014_webhooks.ts';
import * as idempotentRequests from './migrations/015_idempotent_requests.ts';
import * as lifecycle from './migrations/016_lifecycle.ts';
import * as operatorControls from './migrations/017_operator_controls.ts';

/** Each runs once, in the order of their names. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001_first': first,
  '002_authorization': authorization,
  '003_sync': sync,
  '004_pauses': pauses,
  '005_rules': rules,
  '006_deletions': deletions,
  '007_first_contact': firstContact,
  '008_tried_again': triedAgain,
  '009_drafts': drafts,
  '010_accounts': accounts,
  '011_shared_mailboxes': sharedMailboxes,
  '012_feed': feed,
  '013_item_fields': itemFields,
  '014_webhooks': webhooks,
  '015_idempotent_requests': idempotentRequests,
  '016_lifecycle': lifecycle,
  '017_operator_controls': operatorControls,
};

/** Migrations are named in their order. */
const NEWEST = Object.keys(MIGRATIONS).toSorted().at(-1) ?? '';
const FLOOR_TABLE = 'schema_floor';

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
  if ((await standingOf(database)) === 'newer') {
    return;
  }
  const { error } = await migratorOf(database).migrateToLatest();
  if (error !== undefined) {
    throw new MigrationFailedError('The database could not be brought to this version', { cause: error });
  }
}

/** Throws unless the database has this version's schema, or a newer one that serves this version too. */
export async function requireCurrentSchema(database: Database): Promise<void> {
  await standingOf(database);
  const migrations = await migratorOf(database).getMigrations();
  if (migrations.some((migration) => migration.executedAt === undefined)) {
    throw new SchemaMismatchError('The database is older than this version: run `node src/main.ts migrate` first');
  }
}

/** Whether a newer version has migrated the database; throws where that one serves this version no longer. */
async function standingOf({ kysely }: Database): Promise<'newer' | 'own'> {
  if (!(await exists(kysely, DEFAULT_MIGRATION_TABLE))) {
    return 'own';
  }
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(kysely);
  if (rows.every(({ name }) => Object.hasOwn(MIGRATIONS, name))) {
    return 'own';
  }
  const { rows: floors } = (await exists(kysely, FLOOR_TABLE))
    ? await sql<{ oldest: string }>`select oldest_version as oldest from ${sql.table(FLOOR_TABLE)}`.execute(kysely)
    : { rows: [] };
  if (floors.length === 0 || floors.some(({ oldest }) => oldest > NEWEST)) {
    throw new SchemaMismatchError(
      'The database belongs to a newer version of Assent: run that version, or restore a backup',
    );
  }
  return 'newer';
}

async function exists(kysely: Database['kysely'], table: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`select to_regclass(${table}) is not null as found`.execute(kysely);
  return rows[0]?.found === true;
}
