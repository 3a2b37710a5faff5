/**
 * Publishes what was committed: gives the numbers of every organization a place in the feed over all of them, and tells the
 * lanes of webhooks how far it has come.
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
export async function publishAll(database: Database, now: Date): Promise<void> {
  while (await publish(database, now)) {
    // Until nothing is left.
  }
}

/** Publishes a batch; answers whether there may be more. */
export async function publish(database: Database, now: Date): Promise<boolean> {
  const { kysely } = database;
  // Most looks find nothing, and take no lock for it.
  const isNews = (await kysely.selectFrom('feed_news').select('first').limit(1).executeTakeFirst()) !== undefined;
  return isNews && (await transact(database, (tx) => publishBatch(tx, now)));
}

async function publishBatch(tx: Writer, now: Date): Promise<boolean> {
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
      returning position, tenant_id, first, last
    ), lanes as (
      insert into webhook_lanes (endpoint_id, tenant_id, delivered, published, due_at)
      select endpoint_id, runs.tenant_id, min(first) - 1, max(last),
        ${now}::timestamptz + min(linger_milliseconds) * interval '1 millisecond'
      from runs join webhook_endpoints on organization_ids is null or runs.tenant_id = any(organization_ids)
      group by endpoint_id, runs.tenant_id order by endpoint_id, runs.tenant_id
      on conflict (endpoint_id, tenant_id) do update set
        published = excluded.published, due_at = coalesce(webhook_lanes.due_at, excluded.due_at)
    ), head as (
      update feed_head set position = position + (select count(*) from runs)
    )
    select count(*) as taken from taken
  `.execute(tx);
  await notify(tx, FEED_CHANNEL, '');
  return Taken.parse(rows)[0]?.taken === BATCH;
}
