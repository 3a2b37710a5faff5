/** The feed also tells what happens to organizations and connections: rows that are of no item, or of no member. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `alter table outbox alter column member_id drop not null, alter column connection_id drop not null,
    alter column category drop not null, add column detail jsonb`,
  `alter table outbox drop constraint outbox_kind_check`,
  // What is there has one of them; looking would hold up everyone while it takes.
  `alter table outbox add constraint outbox_kind_check check (kind in (
    'upserted', 'removed', 'erased', 'disconnected', 'void', 'connection.made', 'connection.lost',
    'organization.admitted', 'organization.modeChanged', 'organization.selectionChanged',
    'organization.suspended', 'organization.resumed'
  )) not valid`,
  // Versions before this one stop at a kind that they don't know.
  `update schema_floor set oldest_version = '016_lifecycle'`,
];

/** Runs inside the migrator's transaction: all of it or nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) {
    await sql.raw(statement).execute(db);
  }
}
