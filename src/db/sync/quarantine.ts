/** Items that could not be read: kept sealed with the reason, so that one of them never stops a page. */
import { sql } from 'kysely';
import type { Unreadable } from '../../sync/ports.ts';
import { type OutboxOwner, ownedBy } from '../delivery/outbox.ts';
import type { Category } from '../../domain/categories/categories.ts';
import type { DesiredStream } from '../../domain/streams.ts';
import type { Keys } from '../keys/keyring.ts';
import { type DataKey, type SealContext, SealBrokenError } from '../keys/sealing.ts';
import type { Reader, Writer } from '../transact.ts';
import { isInOther } from './containers.ts';
import { type SetAsideItem } from '../../content/ports.ts';

export async function quarantine(
  tx: Writer,
  key: DataKey,
  owner: OutboxOwner,
  stream: Pick<DesiredStream, 'key' | 'sharedMailbox'>,
  items: readonly Unreadable[],
  at: Date,
): Promise<void> {
  for (const { itemId, reason, raw } of items) {
    const fresh = {
      stream_key: stream.key,
      shared_mailbox_id: stream.sharedMailbox,
      reason,
      sealed: key.seal(['quarantine', owner.tenantId, owner.memberId, owner.category, itemId], raw),
      tried_at: at,
    };
    await tx
      .insertInto('quarantine')
      .values({
        tenant_id: owner.tenantId,
        member_id: owner.memberId,
        category: owner.category,
        item_id: itemId,
        quarantined_at: at,
        ...fresh,
      })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'member_id', 'category', 'item_id']).doUpdateSet(fresh))
      .execute();
  }
}

/** What is tried again of what lies aside of a stream, as it came, whatever was tried longest ago first. */
export async function readDueAgain(
  db: Reader,
  owner: Omit<OutboxOwner, 'connectionId'>,
  { key: streamKey }: { readonly key: string },
  key: DataKey | null,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<readonly { readonly itemId: string; readonly raw: unknown }[]> {
  const triedAt = sql<Date>`coalesce(tried_at, quarantined_at)`;
  const rows = await db
    .selectFrom('quarantine')
    .select(['item_id', 'sealed'])
    .where(ownedBy(owner))
    .where('stream_key', '=', streamKey)
    .where(
      sql<Date>`${triedAt} + least(greatest(${triedAt} - quarantined_at, interval '1 hour'), interval '1 day')`,
      '<=',
      now,
    )
    .orderBy(triedAt)
    .orderBy('item_id')
    .limit(limit)
    .execute();
  const { tenantId, memberId, category } = owner;
  return rows.map(({ item_id: itemId, sealed }) => ({
    itemId,
    raw: opened(key ?? undefined, ['quarantine', tenantId, memberId, category, itemId], sealed),
  }));
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

/** What was set aside of a member's, newest first. */
export async function readSetAside(
  db: Reader,
  { tenantId, memberId }: { readonly tenantId: string; readonly memberId: string },
  keys: Keys,
  limit: number,
): Promise<readonly SetAsideItem[]> {
  const rows = await db
    .selectFrom('quarantine')
    .select(['category', 'item_id', 'reason', 'sealed', 'quarantined_at'])
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .orderBy('quarantined_at', 'desc')
    .orderBy('item_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    category: row.category,
    reason: row.reason,
    raw: opened(keys[row.category], ['quarantine', tenantId, memberId, row.category, row.item_id], row.sealed),
    at: row.quarantined_at,
  }));
}

/** How much was set aside of each category. */
export async function countSetAside(
  db: Reader,
  { tenantId, memberId }: { readonly tenantId: string; readonly memberId: string },
): Promise<ReadonlyMap<Category, number>> {
  const rows = await db
    .selectFrom('quarantine')
    .select(['category', sql<number>`count(*)::int`.as('count')])
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .groupBy('category')
    .execute();
  return new Map(rows.map(({ category, count }) => [category, count]));
}

function opened(key: DataKey | undefined, place: SealContext, sealed: Uint8Array): unknown {
  try {
    return key?.open(place, sealed) ?? null;
  } catch (error) {
    if (error instanceof SealBrokenError) {
      return null;
    }
    throw error;
  }
}

/** Forgets what was set aside before a time, and is kept no longer than what could be read. */
export async function deleteQuarantined(tx: Writer, owner: OutboxOwner, before: Date): Promise<void> {
  await tx.deleteFrom('quarantine').where(ownedBy(owner)).where('quarantined_at', '<', before).execute();
}

/** Forgets what was set aside of folders that are not read any more. */
export async function deleteQuarantinedOf(
  tx: Writer,
  owner: OutboxOwner,
  streamKeys: readonly string[],
): Promise<void> {
  await tx
    .deleteFrom('quarantine')
    .where(ownedBy(owner))
    .where('stream_key', '=', sql<string>`any(${streamKeys}::text[])`)
    .execute();
}

/** Forgets what was set aside of shared mailboxes that are not among these. */
export async function deleteQuarantinedOutside(
  tx: Writer,
  owner: OutboxOwner,
  sharedMailboxes: readonly string[],
): Promise<void> {
  await tx.deleteFrom('quarantine').where(ownedBy(owner)).where(isInOther(sharedMailboxes)).execute();
}

/** Forgets what could be read after all, or is gone. */
export async function releaseFromQuarantine(tx: Writer, owner: OutboxOwner, ids: readonly string[]): Promise<void> {
  await tx
    .deleteFrom('quarantine')
    .where(ownedBy(owner))
    .where('item_id', '=', sql<string>`any(${ids}::text[])`)
    .execute();
}
