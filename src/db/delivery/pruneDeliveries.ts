/**
 * Removes what the log of webhooks has kept long enough: what was taken for 3 days, everything else for 30, and nothing that is
 * to be sent still.
 */
import { sql } from 'kysely';
import type { DeliveryState } from '../../domain/webhooks.ts';
import type { Database } from '../openDatabase.ts';

const DAY_MILLISECONDS = 86_400_000;
const KEPT_DAYS = { taken: 3, other: 30 } as const;
const ROWS = 5_000;
const TAKEN: DeliveryState = 'delivered';

export async function pruneDeliveries(database: Database, now: Date): Promise<void> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MILLISECONDS);
  while ((await deleteRows(database, before(KEPT_DAYS.taken), before(KEPT_DAYS.other))) === ROWS) {
    // One batch a transaction, so that others can work between them.
  }
}

async function deleteRows({ kysely }: Database, taken: Date, other: Date): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from webhook_deliveries where delivery_id in (
      select delivery_id from webhook_deliveries
      where due_at is null and (last_at < ${other} or (state = ${TAKEN} and last_at < ${taken})) limit ${ROWS}
    )
  `.execute(kysely);
  return Number(numAffectedRows);
}
