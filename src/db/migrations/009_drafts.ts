/**
 * Drafts and private events have a rule, which holds from now on. What was stored before does not say which it is, so mail
 * and calendars are reread: each item is judged again as it is at Microsoft.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    update streams set cursor = null, stage = 'baseline', generation = generation + 1, begun_round = null, items_seen = 0
    where category in ('mail', 'calendar') and not (container = '' or container like '~%/')
  `.execute(db);
}
