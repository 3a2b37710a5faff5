/** What was set aside is tried again: since when it lies there, and when it was tried last, are two times. */
import { type Kysely, sql } from 'kysely';

/** Null where an older version wrote the row: it was tried when it was set aside. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table quarantine add column tried_at timestamptz`.execute(db);
}
