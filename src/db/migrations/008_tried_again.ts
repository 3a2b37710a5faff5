/**
 * What was set aside is tried again: since when it lies there, and when it was tried last, are two times. Mail folders
 * know which of those they are that every mailbox has, so their lists are read once more from the beginning.
 */
import { type Kysely, sql } from 'kysely';

/** Null where an older version wrote the row: it was tried when it was set aside. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table quarantine add column tried_at timestamptz`.execute(db);
  await sql`alter table containers add column well_known text`.execute(db);
  await sql`
    update streams set cursor = null, stage = 'baseline', generation = generation + 1, begun_round = null, items_seen = 0
    where category = 'mail' and (container = '' or container like '~%/')
  `.execute(db);
}
