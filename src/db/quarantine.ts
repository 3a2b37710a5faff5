/** Items that could not be read: kept sealed with the reason, so that one of them never stops a page. */
import { sql } from 'kysely';
import type { Unreadable } from '../sync/ports.ts';
import { type OutboxOwner, ownedBy } from './outbox.ts';
import type { DataKey } from './sealing.ts';
import type { Reader, Writer } from './transact.ts';

export async function quarantine(
  tx: Writer,
  key: DataKey,
  owner: OutboxOwner,
  streamKey: string,
  items: readonly Unreadable[],
  at: Date,
): Promise<void> {
  for (const { itemId, reason, raw } of items) {
    const fresh = {
      stream_key: streamKey,
      reason,
      sealed: key.seal(['quarantine', owner.tenantId, owner.memberId, owner.category, itemId], raw),
      quarantined_at: at,
    };
    await tx
      .insertInto('quarantine')
      .values({
        tenant_id: owner.tenantId,
        member_id: owner.memberId,
        category: owner.category,
        item_id: itemId,
        ...fresh,
      })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'member_id', 'category', 'item_id']).doUpdateSet(fresh))
      .execute();
  }
}

/** Whether an item was set aside. */
export async function isQuarantined(
  db: Reader,
  owner: Omit<OutboxOwner, 'connectionId'>,
  itemId: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('quarantine')
    .select('reason')
    .where(ownedBy(owner))
    .where('item_id', '=', itemId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Forgets what was set aside before a time, and is kept no longer than what could be read. */
export async function dropQuarantined(tx: Writer, owner: OutboxOwner, before: Date): Promise<void> {
  await tx.deleteFrom('quarantine').where(ownedBy(owner)).where('quarantined_at', '<', before).execute();
}

/** Forgets what was set aside of folders that are not read any more. */
export async function dropQuarantinedOf(tx: Writer, owner: OutboxOwner, streamKeys: readonly string[]): Promise<void> {
  await tx
    .deleteFrom('quarantine')
    .where(ownedBy(owner))
    .where('stream_key', '=', sql<string>`any(${streamKeys}::text[])`)
    .execute();
}

/** Forgets what could be read after all, or is gone. */
export async function settleQuarantine(tx: Writer, owner: OutboxOwner, ids: readonly string[]): Promise<void> {
  await tx
    .deleteFrom('quarantine')
    .where(ownedBy(owner))
    .where('item_id', '=', sql<string>`any(${ids}::text[])`)
    .execute();
}
