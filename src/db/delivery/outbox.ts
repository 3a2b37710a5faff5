/**
 * The outbox: what changed, for the operator's feed. Ids and sequence numbers only, gapless an organization, written in
 * the same transaction as the change.
 *
 * A transaction collects what it tells and writes it as its last statement: from then to its commit it holds
 * the head of its organization. So numbers are taken in the order of commits, no reader skips one, and other writers of the
 * organization wait for one statement only.
 */
import { sql } from 'kysely';
import type { Category } from '../../domain/categories/categories.ts';
import type { LifecycleType } from '../../domain/feed.ts';
import type { Database } from '../openDatabase.ts';
import { beforeCommit, json, type Writer } from '../transact.ts';
import type { OutboxKind } from './deliveryTables.ts';

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

interface Row {
  readonly kind: OutboxKind;
  readonly memberId: string | null;
  readonly connectionId: string | null;
  readonly category: Category | 'all' | null;
  readonly itemId: string | null;
  readonly at: Date;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** What transactions that are not over have to tell, by organization. */
const collected = new WeakMap<Writer, Map<string, Row[]>>();

export function appendOutbox(tx: Writer, owner: OutboxOwner, entries: readonly OutboxEntry[], at: Date): void {
  const { tenantId, memberId, connectionId, category } = owner;
  collect(
    tx,
    tenantId,
    entries.map(({ kind, itemId }) => ({ kind, memberId, connectionId, category, itemId, at })),
  );
}

/** One tombstone: everything of the category up to here is gone. */
export function appendTombstone(tx: Writer, owner: OutboxOwner, at: Date): void {
  const { tenantId, memberId, connectionId, category } = owner;
  collect(tx, tenantId, [{ kind: 'erased', memberId, connectionId, category, itemId: null, at }]);
}

/** One entry: the connection has ended, and nothing more comes of it. */
export function appendDisconnection(
  tx: Writer,
  { tenantId, memberId, connectionId }: Omit<OutboxOwner, 'category'>,
  at: Date,
): void {
  collect(tx, tenantId, [{ kind: 'disconnected', memberId, connectionId, category: 'all', itemId: null, at }]);
}

export interface LifecycleEntry {
  readonly type: LifecycleType;
  readonly memberId: string | null;
  readonly connectionId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What happened to an organization, or to a connection. */
export function appendLifecycle(tx: Writer, tenantId: string, { type, ...entry }: LifecycleEntry, at: Date): void {
  collect(tx, tenantId, [{ kind: type, category: null, itemId: null, at, ...entry }]);
}

function collect(tx: Writer, tenantId: string, rows: readonly Row[]): void {
  const organizations = collected.get(tx) ?? new Map<string, Row[]>();
  if (!collected.has(tx)) {
    collected.set(tx, organizations);
    beforeCommit(tx, () => writeCollected(tx, organizations));
  }
  const told = organizations.get(tenantId) ?? [];
  organizations.set(tenantId, told);
  for (const row of rows) {
    told.push(row);
  }
}

async function writeCollected(tx: Writer, organizations: ReadonlyMap<string, readonly Row[]>): Promise<void> {
  // In one order, so that two transactions that tell of the same organizations never wait for each other.
  for (const tenantId of [...organizations.keys()].toSorted()) {
    const rows = organizations.get(tenantId) ?? [];
    if (rows.length > 0) {
      await writeRows(tx, tenantId, rows);
    }
  }
}

async function writeRows(tx: Writer, tenantId: string, rows: readonly Row[]): Promise<void> {
  await sql`
    with head as (
      insert into outbox_heads (tenant_id, sequence) values (${tenantId}, ${rows.length})
      on conflict (tenant_id) do update set sequence = outbox_heads.sequence + excluded.sequence
      returning sequence
    ), news as (
      insert into feed_news (tenant_id, first, last)
      select ${tenantId}::uuid, sequence - ${rows.length} + 1, sequence from head
    )
    insert into outbox (tenant_id, sequence, kind, member_id, connection_id, category, item_id, up_to, at, detail)
    select ${tenantId}::uuid, head.sequence - ${rows.length} + place, kind, member_id, connection_id, category, item_id,
      case when kind = 'erased' then head.sequence - ${rows.length} + place end, at, detail
    from head, unnest(
      ${rows.map(({ kind }) => kind)}::text[], ${rows.map(({ memberId }) => memberId)}::uuid[],
      ${rows.map(({ connectionId }) => connectionId)}::uuid[], ${rows.map(({ category }) => category)}::text[],
      ${rows.map(({ itemId }) => itemId)}::text[], ${rows.map(({ at }) => at.toISOString())}::timestamptz[],
      ${rows.map(({ detail }) => (detail === undefined ? null : json(detail)))}::jsonb[]
    ) with ordinality as told (kind, member_id, connection_id, category, item_id, at, detail, place)
  `.execute(tx);
}

const NUMBERS_PER_BATCH = 20_000;

/**
 * Takes the ids of a member's items of a category out of what was told, and leaves the numbers. Looks through the numbers
 * of the organization once: an index for what happens this seldom would cost every page that is written.
 *
 * Only while the erasure is open: another process may have finished it, and what was told since is of the category turned
 * on again. A statement that sees it open sees nothing of that, which is committed later.
 */
export async function forgetTold(
  database: Database,
  owner: Omit<OutboxOwner, 'connectionId'> & { readonly receiptId: string },
): Promise<void> {
  const head = await readHead(database, owner.tenantId);
  for (let from = 0; from < head; from += NUMBERS_PER_BATCH) {
    await sql`
      update outbox set kind = 'void', item_id = null
      where ${ownedBy(owner)} and sequence > ${from} and sequence <= ${from + NUMBERS_PER_BATCH} and item_id is not null
        and exists (select 1 from erasures where ${ownedBy(owner)} and receipt_id = ${owner.receiptId} and state = 'erasing')
    `.execute(database.kysely);
  }
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
