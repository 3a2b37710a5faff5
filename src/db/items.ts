/**
 * Items: what was synchronized, content sealed, looked up by keyed hashes.
 *
 * Writing the same items again changes nothing and tells the outbox nothing: an item counts as changed when
 * its change key, its level or its folder did.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import { type ItemContent, participantsOf, type SyncedItem } from '../domain/items.ts';
import type { Category } from '../domain/selection.ts';
import type { CalendarWindow, Stream } from '../sync/ports.ts';
import type { OutboxEntry, OutboxOwner } from './outbox.ts';
import { type DataKey, type Place, SealBrokenError } from './sealing.ts';
import type { Reader, Writer } from './transact.ts';

/** An item with everything readable in it sealed or hashed. */
export interface SealedItem {
  readonly item: SyncedItem;
  readonly sealed: Buffer;
  readonly messageHash: string | null;
  readonly conversationHash: string | null;
  readonly participantHashes: readonly string[];
}

export function sealItem(key: DataKey, owner: Omit<OutboxOwner, 'connectionId'>, item: SyncedItem): SealedItem {
  const { internetMessageId, conversationId } = item.content;
  return {
    item,
    sealed: key.seal(placeOf(owner, item.itemId), item.content),
    messageHash: internetMessageId === undefined ? null : messageHash(key, internetMessageId),
    conversationHash: conversationId === undefined ? null : key.lookup('conversation', conversationId),
    participantHashes: participantsOf(item.content).map((address) => key.lookup('participant', address.toLowerCase())),
  };
}

export function messageHash(key: DataKey, internetMessageId: string): string {
  return key.lookup('message', internetMessageId.trim());
}

export function placeOf(owner: { tenantId: string; memberId: string; category: Category }, itemId: string): Place {
  return ['item', owner.tenantId, owner.memberId, owner.category, itemId];
}

/** Writes what changed and marks the rest as seen; answers what the outbox must tell. */
export async function upsertItems(
  tx: Writer,
  owner: OutboxOwner,
  stream: Stream,
  items: readonly SealedItem[],
  at: Date,
): Promise<readonly OutboxEntry[]> {
  if (items.length === 0) {
    return [];
  }
  const unchanged = await unchangedIds(tx, owner, stream, items);
  const changed = items.filter(({ item }) => !unchanged.has(item.itemId));
  await insertItems(tx, owner, stream, changed, at);
  await markSeen(tx, owner, stream, [...unchanged]);
  return changed.map(({ item }) => ({ kind: 'upserted', itemId: item.itemId }));
}

async function unchangedIds(
  tx: Writer,
  owner: OutboxOwner,
  stream: Stream,
  items: readonly SealedItem[],
): Promise<Set<string>> {
  const known = await itemsOf(tx, owner)
    .select(['item_id', 'change_key', 'level', 'folder_id', 'connection_id', 'item_at'])
    .where('item_id', '=', sql<string>`any(${items.map(({ item }) => item.itemId)}::text[])`)
    .execute();
  const byId = new Map(items.map(({ item }) => [item.itemId, item]));
  return new Set(
    known
      .filter((row) => {
        const item = byId.get(row.item_id);
        return (
          item?.changeKey !== null &&
          item?.changeKey === row.change_key &&
          item.at.getTime() === row.item_at.getTime() &&
          row.level === stream.level &&
          row.folder_id === stream.container &&
          row.connection_id === owner.connectionId
        );
      })
      .map((row) => row.item_id),
  );
}

async function insertItems(
  tx: Writer,
  owner: OutboxOwner,
  stream: Stream,
  items: readonly SealedItem[],
  at: Date,
): Promise<void> {
  if (items.length === 0) {
    return;
  }
  const column = <T>(read: (item: SealedItem) => T) => items.map(read);
  await sql`
    insert into items (tenant_id, member_id, category, connection_id, folder_id, level, generation, stored_at,
      item_id, change_key, item_at, size, message_hash, conversation_hash, participant_hashes, sealed)
    select ${owner.tenantId}::uuid, ${owner.memberId}::uuid, ${owner.category}, ${owner.connectionId}::uuid,
      ${stream.container}, ${stream.level}, ${stream.generation}::bigint, ${at}::timestamptz,
      item_id, change_key, item_at, size, message_hash, conversation_hash,
      string_to_array(participant_hashes, ' '), decode(sealed, 'base64')
    from unnest(
      ${column(({ item }) => item.itemId)}::text[],
      ${column(({ item }) => item.changeKey)}::text[],
      ${column(({ item }) => item.at.toISOString())}::timestamptz[],
      ${column(({ sealed }) => sealed.length)}::int[],
      ${column((item) => item.messageHash)}::text[],
      ${column((item) => item.conversationHash)}::text[],
      ${column((item) => item.participantHashes.join(' '))}::text[],
      ${column(({ sealed }) => sealed.toString('base64'))}::text[]
    ) as incoming (item_id, change_key, item_at, size, message_hash, conversation_hash, participant_hashes, sealed)
    on conflict (tenant_id, member_id, category, item_id) do update set
      connection_id = excluded.connection_id, folder_id = excluded.folder_id, level = excluded.level,
      generation = excluded.generation, stored_at = excluded.stored_at, change_key = excluded.change_key,
      item_at = excluded.item_at, size = excluded.size, message_hash = excluded.message_hash,
      conversation_hash = excluded.conversation_hash, participant_hashes = excluded.participant_hashes,
      sealed = excluded.sealed, gone = false
  `.execute(tx);
}

async function markSeen(tx: Writer, owner: OutboxOwner, stream: Stream, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) {
    await sql`
      update items set generation = ${stream.generation}, gone = false
      where tenant_id = ${owner.tenantId} and member_id = ${owner.memberId} and category = ${owner.category}
        and item_id = any(${ids}::text[])
    `.execute(tx);
  }
}

/** Marks items that left this stream's container; another container may still have them. */
export async function markGone(
  tx: Writer,
  owner: OutboxOwner,
  container: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length > 0) {
    await sql`
      update items set gone = true
      where tenant_id = ${owner.tenantId} and member_id = ${owner.memberId} and category = ${owner.category}
        and folder_id = ${container} and item_id = any(${ids}::text[])
    `.execute(tx);
  }
}

/** Marks what a complete reading of the container did not meet. */
export async function markUnseen(
  tx: Writer,
  owner: OutboxOwner,
  stream: Stream,
  window: CalendarWindow | null,
): Promise<void> {
  await sql`
    update items set gone = true
    where tenant_id = ${owner.tenantId} and member_id = ${owner.memberId} and category = ${owner.category}
      and folder_id = ${stream.container} and generation < ${stream.generation}
      and (${window?.start ?? null}::timestamptz is null or item_at >= ${window?.start ?? null}::timestamptz)
      and (${window?.end ?? null}::timestamptz is null or item_at < ${window?.end ?? null}::timestamptz)
  `.execute(tx);
}

/** Marks everything in containers that no longer exist. */
export async function markContainersGone(tx: Writer, owner: OutboxOwner, containers: readonly string[]): Promise<void> {
  await sql`
    update items set gone = true
    where tenant_id = ${owner.tenantId} and member_id = ${owner.memberId} and category = ${owner.category}
      and folder_id = any(${containers}::text[])
  `.execute(tx);
}

const Ids = z.array(z.object({ item_id: z.string() }));

/** Deletes up to `most` items that are gone; answers what the outbox must tell. */
export async function deleteGone(tx: Writer, owner: OutboxOwner, most: number): Promise<readonly OutboxEntry[]> {
  const { rows } = await sql`
    delete from items where ctid = any (array(
      select ctid from items
      where tenant_id = ${owner.tenantId} and member_id = ${owner.memberId} and category = ${owner.category} and gone
      limit ${most}
    )) returning item_id
  `.execute(tx);
  return Ids.parse(rows).map((row) => ({ kind: 'removed', itemId: row.item_id }));
}

export interface StoredItem {
  readonly itemId: string;
  readonly category: Category;
  readonly at: Date;
  readonly folderId: string;
  readonly level: 'limited' | 'full';
  readonly content: ItemContent;
}

const Content = z.object({
  subject: z.string(),
  people: z.array(
    z.object({
      name: z.string().optional(),
      address: z.string(),
      role: z.enum(['from', 'sender', 'to', 'cc', 'bcc', 'organizer', 'required', 'optional', 'resource']),
    }),
  ),
  internetMessageId: z.string().optional(),
  conversationId: z.string().optional(),
  body: z.object({ contentType: z.string(), content: z.string() }).optional(),
  start: z.string().optional(),
  end: z.string().optional(),
  isAllDay: z.boolean().optional(),
  location: z.string().optional(),
});

export interface ItemPlace {
  readonly at: Date;
  readonly itemId: string;
}

/** A member's items of one category, newest first, from after `from`. What does not open any more is left out. */
export async function readItems(
  db: Reader,
  owner: { tenantId: string; memberId: string; category: Category },
  key: DataKey,
  from: ItemPlace | null,
  most: number,
): Promise<{ readonly items: readonly StoredItem[]; readonly next: ItemPlace | null }> {
  const rows = await itemsOf(db, owner)
    .select(['item_id', 'item_at', 'folder_id', 'level', 'sealed'])
    .where('gone', '=', false)
    .$if(from !== null, (query) =>
      query.where(sql<boolean>`(item_at, item_id) < (${from?.at}::timestamptz, ${from?.itemId})`),
    )
    .orderBy('item_at', 'desc')
    .orderBy('item_id', 'desc')
    .limit(most + 1)
    .execute();
  const page = rows.slice(0, most);
  const last = rows.length > most ? page.at(-1) : undefined;
  return {
    items: page.flatMap((row) => {
      const content = openContent(key, placeOf(owner, row.item_id), row.sealed);
      const { item_id: itemId, item_at: at, folder_id: folderId, level } = row;
      return content === null ? [] : [{ itemId, category: owner.category, at, folderId, level, content }];
    }),
    next: last === undefined ? null : { at: last.item_at, itemId: last.item_id },
  };
}

/** Finds a stored message by its internet message id. */
export async function findByMessageId(
  db: Reader,
  owner: { tenantId: string; memberId: string },
  key: DataKey,
  internetMessageId: string,
): Promise<{ readonly itemId: string; readonly level: 'limited' | 'full'; readonly storedAt: Date } | null> {
  const row = await itemsOf(db, { ...owner, category: 'mail' })
    .select(['item_id', 'level', 'stored_at'])
    .where('message_hash', '=', messageHash(key, internetMessageId))
    .where('gone', '=', false)
    .executeTakeFirst();
  return row === undefined ? null : { itemId: row.item_id, level: row.level, storedAt: row.stored_at };
}

function openContent(key: DataKey, place: Place, sealed: Uint8Array): ItemContent | null {
  try {
    return Content.parse(key.open(place, sealed));
  } catch (error) {
    if (error instanceof SealBrokenError) {
      return null;
    }
    throw error;
  }
}

function itemsOf(db: Reader, owner: { tenantId: string; memberId: string; category: Category }) {
  return db
    .selectFrom('items')
    .where('tenant_id', '=', owner.tenantId)
    .where('member_id', '=', owner.memberId)
    .where('category', '=', owner.category);
}
