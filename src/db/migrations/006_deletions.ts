/** Which entries of the deletion ledger this database has followed: a restored backup lacks some. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table followed_deletions (
    tenant_id uuid not null,
    key_id text not null,
    followed_at timestamptz not null,
    primary key (tenant_id, key_id)
  )`,
  `alter table erasures add column key_id text`,
];

/** Runs inside the migrator's transaction: all of it or nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) {
    await sql.raw(statement).execute(db);
  }
}
