/**
 * Publishes what was committed: gives the numbers of every organization a place in the feed over all of them.
 *
 * Any process may do it at any time: one that holds the head has the others wait, and what a process that dies was doing
 * is undone with its transaction, so that nothing is published twice or never.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../openDatabase.ts';
import { FEED_CHANNEL, notify, transact, type Writer } from '../transact.ts';

const BATCH = 5_000;

const Taken = z.array(z.object({ taken: z.number() }));

/** Publishes everything that was committed, and tells those who wait for it. */
export async function publishAll(database: Database): Promise<void> {
  while (await publish(database)) {
    // Until nothing is left.
  }
}

/** Publishes a batch; answers whether there may be more. */
export async function publish(database: Database): Promise<boolean> {
  const { kysely } = database;
  // Most looks find nothing, and take no lock for it.
  const isNews = (await kysely.selectFrom('feed_news').select('first').limit(1).executeTakeFirst()) !== undefined;
  return isNews && (await transact(database, publishBatch));
}

async function publishBatch(tx: Writer): Promise<boolean> {
  const { position } = await tx.selectFrom('feed_head').select('position').forUpdate().executeTakeFirstOrThrow();
  // Neighbors become one run: their last number, less how many there are up to it, is the same.
  const { rows } = await sql`
    with taken as (
      delete from feed_news where (tenant_id, first) in (
        select tenant_id, first from feed_news order by tenant_id, first limit ${BATCH}
      ) returning tenant_id, first, last
    ), islands as (
      select *, last - sum(last - first + 1) over (partition by tenant_id order by first) as island from taken
    ), runs as (
      insert into feed_runs (position, tenant_id, first, last)
      select ${position} + row_number() over (order by tenant_id, min(first)), tenant_id, min(first), max(last)
      from islands group by tenant_id, island
      returning position
    ), head as (
      update feed_head set position = position + (select count(*) from runs)
    )
    select count(*) as taken from taken
  `.execute(tx);
  await notify(tx, FEED_CHANNEL, '');
  return Taken.parse(rows)[0]?.taken === BATCH;
}
