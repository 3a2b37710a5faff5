/**
 * Removes what the feed has told long enough ago, oldest first. Readers that are behind it are told so: the floors are
 * raised before anything is deleted.
 *
 * A process that dies anywhere is followed by one that deletes the rest.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../openDatabase.ts';
import { transact, type Writer } from '../transact.ts';

const RUNS = 1_000;
const ROWS = 5_000;

/** Everything before a time. A run goes when its last change is older. */
export async function pruneFeed(database: Database, before: Date): Promise<void> {
  while (await transact(database, (tx) => raiseFloors(tx, before))) {
    // Until what is left is younger.
  }
  while ((await deleteRows(database)) === ROWS) {
    // One batch a transaction, so that others can work between them.
  }
  await sql`delete from feed_runs where position <= (select floor_position from feed_head)`.execute(database.kysely);
}

const OldRuns = z.array(
  z.object({ position: z.number(), tenant_id: z.string(), last: z.number(), is_old: z.boolean().nullable() }),
);

/** Answers whether there may be more. */
async function raiseFloors(tx: Writer, before: Date): Promise<boolean> {
  const { floor_position: floor } = await tx
    .selectFrom('feed_head')
    .select('floor_position')
    .forUpdate()
    .executeTakeFirstOrThrow();
  const { rows } = await sql`
    select feed_runs.position, feed_runs.tenant_id, feed_runs.last, outbox.at < ${before} as is_old
    from feed_runs
    left join outbox on outbox.tenant_id = feed_runs.tenant_id and outbox.sequence = feed_runs.last
    where feed_runs.position > ${floor} order by feed_runs.position limit ${RUNS}
  `.execute(tx);
  const found = OldRuns.parse(rows);
  const young = found.findIndex((run) => run.is_old === false);
  const old = young < 0 ? found : found.slice(0, young);
  const newest = old.at(-1);
  if (newest === undefined) {
    return false;
  }
  for (const [tenantId, last] of new Map(old.map((run) => [run.tenant_id, run.last]))) {
    await sql`
      insert into outbox_floors (tenant_id, sequence) values (${tenantId}, ${last})
      on conflict (tenant_id) do update set sequence = greatest(outbox_floors.sequence, excluded.sequence)
    `.execute(tx);
  }
  await tx.updateTable('feed_head').set({ floor_position: newest.position, floor_sequence: newest.last }).execute();
  return old.length === RUNS;
}

async function deleteRows({ kysely }: Database): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from outbox where (tenant_id, sequence) in (
      select outbox.tenant_id, outbox.sequence from feed_runs
      join outbox on outbox.tenant_id = feed_runs.tenant_id
        and outbox.sequence between feed_runs.first and feed_runs.last
      where feed_runs.position <= (select floor_position from feed_head) limit ${ROWS}
    )
  `.execute(kysely);
  return Number(numAffectedRows);
}
