/**
 * What Graph really does: pages that must be smaller, notifications while a stream is read, sequences that never end.
 * From here on a schema says which versions it still serves.
 *
 * Streams that read everything by light pages began with an older version's requests, so nothing is light yet.
 */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `alter table streams
    add column wakes bigint not null default 0,
    add column page_size integer,
    add column is_light boolean not null default false,
    add column empty_pages integer not null default 0,
    add column endless integer not null default 0`,
  `alter table items add column is_undated boolean not null default false`,
  `create table schema_floor (oldest_version text primary key)`,
  `insert into schema_floor (oldest_version) values ('007_first_contact')`,
];

/** Runs inside the migrator's transaction: all of it or nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) {
    await sql.raw(statement).execute(db);
  }
}
