/**
 * More is read of messages, events and files. What was stored before gets it by being read again: an item whose change key
 * is the same wouldn't be written, so the keys of what is stored are forgotten.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`update items set change_key = null where category in ('mail', 'calendar', 'files')`.execute(db);
  await sql`
    update streams set cursor = null, stage = 'baseline', generation = generation + 1, begun_round = null, items_seen = 0
    where category in ('mail', 'calendar', 'files') and container <> ''
  `.execute(db);
}
