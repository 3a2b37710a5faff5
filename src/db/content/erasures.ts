/** Erasures: what is being erased, how far it has come, and the receipt that remains. */
import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { ErasureStart } from '../../consent/store.ts';
import type { Receipt } from '../../domain/records.ts';
import { CATEGORIES, type Category } from '../../domain/categories/categories.ts';
import type { ErasuresTable } from './contentTables.ts';
import type { Reader, Writer } from '../transact.ts';

export interface OpenErasure {
  readonly tenantId: string;
  readonly memberId: string;
  readonly category: Category;
  readonly receiptId: string;
  readonly connectionId: string;
}

export async function startErasure(tx: Writer, erasure: ErasureStart): Promise<void> {
  await tx
    .insertInto('erasures')
    .values({
      tenant_id: erasure.tenantId,
      member_id: erasure.memberId,
      category: erasure.category,
      receipt_id: erasure.receiptId,
      connection_id: erasure.connectionId,
      state: 'erasing',
      started_at: erasure.at,
      ended_at: null,
      key_id: null,
    })
    .execute();
}

/** Categories of which anything is stored: items, what was set aside, or the names of folders. */
export async function readStoredCategories(
  db: Reader,
  tenantId: string,
  memberId: string,
): Promise<readonly Category[]> {
  const { rows } = await sql`
    select wanted.category from unnest(${CATEGORIES}::text[]) as wanted (category)
    where exists (select 1 from items where items.tenant_id = ${tenantId} and items.member_id = ${memberId}
        and items.category = wanted.category)
      or exists (select 1 from quarantine where quarantine.tenant_id = ${tenantId}
        and quarantine.member_id = ${memberId} and quarantine.category = wanted.category)
      or exists (select 1 from containers where containers.tenant_id = ${tenantId}
        and containers.mailbox_id = ${memberId} and containers.category = wanted.category)
  `.execute(db);
  return z
    .array(z.object({ category: z.enum(CATEGORIES) }))
    .parse(rows)
    .map(({ category }) => category);
}

export async function readOpenErasures(db: Reader): Promise<readonly OpenErasure[]> {
  const rows = await db
    .selectFrom('erasures')
    .selectAll()
    .where('state', '=', 'erasing')
    .orderBy('started_at')
    .limit(100)
    .execute();
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    memberId: row.member_id,
    category: row.category,
    receiptId: row.receipt_id,
    connectionId: row.connection_id,
  }));
}

/** Whether the erasure is still open. */
export async function isErasing(
  db: Reader,
  { tenantId, memberId, category, receiptId }: OpenErasure,
): Promise<boolean> {
  const row = await db
    .selectFrom('erasures')
    .select('state')
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .where('receipt_id', '=', receiptId)
    .where('category', '=', category)
    .executeTakeFirst();
  return row?.state === 'erasing';
}

/**
 * Notes which key an open erasure is about to destroy, so that the ledger's entry is known as its own; `null` where
 * there is none, or none any more.
 */
export async function recordErasedKey(db: Reader, erasure: OpenErasure, keyId: string | null): Promise<void> {
  const { tenantId, memberId, category, receiptId } = erasure;
  await db
    .updateTable('erasures')
    .set({ key_id: keyId ?? sql`coalesce(key_id, '')` })
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .where('receipt_id', '=', receiptId)
    .where('category', '=', category)
    .where('state', '=', 'erasing')
    .execute();
}

/** Deletes at most `most` items of an open erasure and counts them; answers how many there were. */
export async function deleteErasedItems(tx: Writer, erasure: OpenErasure, limit: number): Promise<number> {
  const { tenantId, memberId, category, receiptId } = erasure;
  if (!(await isErasing(tx, erasure))) {
    return 0;
  }
  const result = await sql`
    delete from items where ctid = any (array(
      select ctid from items
      where tenant_id = ${tenantId} and member_id = ${memberId} and category = ${category} limit ${limit}
    ))
  `.execute(tx);
  const count = Number(result.numAffectedRows ?? 0n);
  await tx
    .updateTable('erasures')
    .set({ items: sql`items + ${count}` })
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .where('receipt_id', '=', receiptId)
    .where('category', '=', category)
    .execute();
  return count;
}

/** Ends an erasure that `isErasing` under the organization's lock; answers the number of items. */
export async function endErasure(tx: Writer, erasure: OpenErasure, at: Date): Promise<number> {
  const { tenantId, memberId, category, receiptId } = erasure;
  await tx
    .deleteFrom('quarantine')
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .where('category', '=', category)
    .execute();
  const row = await tx
    .updateTable('erasures')
    .set({ state: 'erased', ended_at: at })
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .where('receipt_id', '=', receiptId)
    .where('category', '=', category)
    .where('state', '=', 'erasing')
    .returning('items')
    .executeTakeFirstOrThrow();
  return row.items;
}

export async function readReceipt(
  db: Reader,
  tenantId: string,
  memberId: string,
  receiptId: string,
): Promise<Receipt | null> {
  const rows = await erasuresOf(db, tenantId, memberId).where('receipt_id', '=', receiptId).execute();
  return rows.length === 0 ? null : toReceipt(receiptId, rows);
}

/** A member's receipts, newest first. */
export async function readReceipts(
  db: Reader,
  tenantId: string,
  memberId: string,
  limit: number,
): Promise<readonly Receipt[]> {
  const rows = await erasuresOf(db, tenantId, memberId)
    .orderBy('started_at', 'desc')
    .orderBy('receipt_id')
    .limit(limit * CATEGORIES.length)
    .execute();
  const ids = [...new Set(rows.map((row) => row.receipt_id))].slice(0, limit);
  return ids.map((id) =>
    toReceipt(
      id,
      rows.filter((row) => row.receipt_id === id),
    ),
  );
}

/** How many items of each category are stored, of the categories named. */
export async function countItems(
  db: Reader,
  tenantId: string,
  memberId: string,
  categories: readonly Category[],
): Promise<ReadonlyMap<Category, number>> {
  const rows = await db
    .selectFrom('items')
    .select(['category', sql<number>`count(*)::int`.as('count')])
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .where('category', '=', sql<Category>`any(${categories}::text[])`)
    .where('gone_round', 'is', null)
    .groupBy('category')
    .execute();
  return new Map(rows.map(({ category, count }) => [category, count]));
}

function erasuresOf(db: Reader, tenantId: string, memberId: string) {
  return db.selectFrom('erasures').selectAll().where('tenant_id', '=', tenantId).where('member_id', '=', memberId);
}

function toReceipt(receiptId: string, rows: readonly Selectable<ErasuresTable>[]): Receipt {
  const ends = rows.flatMap((row) => (row.ended_at === null ? [] : [row.ended_at.getTime()]));
  return {
    receiptId,
    state: rows.every(({ state }) => state === 'erased') ? 'erased' : 'erasing',
    startedAt: rows[0]?.started_at ?? new Date(0),
    endedAt: ends.length === rows.length ? new Date(Math.max(...ends)) : null,
    items: Object.fromEntries(rows.map(({ category, items }) => [category, items])),
  };
}
