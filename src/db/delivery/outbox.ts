/**
 * The outbox: what changed, for the operator's feed. Ids and sequence numbers only, gapless an organization,
 * written in the same transaction as the change.
 */
import { sql } from 'kysely';
import type { Category } from '../../domain/categories/categories.ts';
import type { Database } from '../openDatabase.ts';
import type { Writer } from '../transact.ts';

export interface OutboxOwner {
  readonly tenantId: string;
  readonly memberId: string;
  readonly connectionId: string;
  readonly category: Category;
}

/** Rows of one member's category, in any table that names them so. */
export function ownedBy({ tenantId, memberId, category }: Omit<OutboxOwner, 'connectionId'>) {
  return sql<boolean>`tenant_id = ${tenantId} and member_id = ${memberId} and category = ${category}`;
}

export interface OutboxEntry {
  readonly kind: 'upserted' | 'removed';
  readonly itemId: string;
}

export async function appendOutbox(
  tx: Writer,
  owner: OutboxOwner,
  entries: readonly OutboxEntry[],
  at: Date,
): Promise<void> {
  if (entries.length === 0) {
    return;
  }
  const last = await reserve(tx, owner.tenantId, entries.length);
  await sql`
    insert into outbox (tenant_id, sequence, kind, member_id, connection_id, category, item_id, at)
    select ${owner.tenantId}::uuid, ${last - entries.length} + position, kind, ${owner.memberId}::uuid,
           ${owner.connectionId}::uuid, ${owner.category}, item_id, ${at}
    from unnest(${entries.map(({ kind }) => kind)}::text[], ${entries.map(({ itemId }) => itemId)}::text[])
      with ordinality as entry (kind, item_id, position)
  `.execute(tx);
}

/** One tombstone: everything of the category up to here is gone. */
export async function appendTombstone(tx: Writer, owner: OutboxOwner, at: Date): Promise<void> {
  const sequence = await reserve(tx, owner.tenantId, 1);
  await tx
    .insertInto('outbox')
    .values({
      tenant_id: owner.tenantId,
      sequence,
      kind: 'erased',
      member_id: owner.memberId,
      connection_id: owner.connectionId,
      category: owner.category,
      item_id: null,
      up_to: sequence,
      at,
    })
    .execute();
}

/** One entry: the connection has ended, and nothing more comes of it. */
export async function appendDisconnection(
  tx: Writer,
  { tenantId, memberId, connectionId }: Omit<OutboxOwner, 'category'>,
  at: Date,
): Promise<void> {
  const sequence = await reserve(tx, tenantId, 1);
  await tx
    .insertInto('outbox')
    .values({
      tenant_id: tenantId,
      sequence,
      kind: 'disconnected',
      member_id: memberId,
      connection_id: connectionId,
      category: 'all',
      item_id: null,
      up_to: null,
      at,
    })
    .execute();
}

/** The newest sequence number of an organization; 0 where nothing was told yet. */
export async function readHead({ kysely }: Database, tenantId: string): Promise<number> {
  const row = await kysely
    .selectFrom('outbox_heads')
    .select('sequence')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  return row?.sequence ?? 0;
}

async function reserve(tx: Writer, tenantId: string, count: number): Promise<number> {
  const { sequence } = await tx
    .insertInto('outbox_heads')
    .values({ tenant_id: tenantId, sequence: count })
    .onConflict((conflict) =>
      conflict.column('tenant_id').doUpdateSet({ sequence: sql`outbox_heads.sequence + ${count}` }),
    )
    .returning('sequence')
    .executeTakeFirstOrThrow();
  return sequence;
}
