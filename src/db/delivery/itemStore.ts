/**
 * Reads items for the operator's product: in one order by category and id, and by name.
 *
 * An item that is in no container any more counts as there until the feed says that it was removed: it may be on its way
 * to another folder. Keys are never kept ones, so that nothing opens anywhere once a key is destroyed.
 */
import { createHash } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { DeliveredItem, ItemFilter, ItemName, ItemsPlace, ItemStore } from '../../delivery/ports.ts';
import { CATEGORIES, type Category } from '../../domain/categories/categories.ts';
import { countFitting } from '../../domain/fitting.ts';
import type { MemberName } from '../../domain/records.ts';
import type { ItemsTable } from '../content/contentTables.ts';
import { openContent } from '../content/itemContent.ts';
import { conversationHash, itemsOf, participantHash, placeOf, timeOf } from '../content/items.ts';
import { sharedMailboxOf } from '../content/sharedMailboxOf.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { DataKey } from '../keys/sealing.ts';
import type { Database } from '../openDatabase.ts';
import type { Reader } from '../transact.ts';

const COLUMNS = [
  'tenant_id',
  'member_id',
  'category',
  'item_id',
  'connection_id',
  'folder_id',
  'level',
  'item_at',
  'is_undated',
  'modified_at',
  'change_key',
  'key_id',
  'sealed',
] as const;

const Sizes = z.array(z.object({ size: z.number() }));

type Row = Pick<Selectable<ItemsTable>, (typeof COLUMNS)[number]> & { shared_mailbox_id: string | null };

export function openItemStore({ kysely }: Database, keyring: Keyring): ItemStore {
  return {
    list: (member, filter, after, most) => list(kysely, keyring, member, filter, after, most),
    read: (names) => read(kysely, keyring, names),
    sizes: (names) => readSizes(kysely, names),
  };
}

/** Ids and sizes first, so that no more is opened than a page holds. */
async function list(
  db: Reader,
  keyring: Keyring,
  member: MemberName,
  filter: ItemFilter,
  after: ItemsPlace | null,
  most: { readonly items: number; readonly bytes: number },
): Promise<{ readonly items: readonly DeliveredItem[]; readonly next: ItemsPlace | null }> {
  const found = await findNames(db, keyring, member, filter, after, most.items + 1);
  const sizes = found.map(({ bytes }) => bytes);
  const count = Math.min(most.items, countFitting(sizes, most.bytes));
  const page = found.slice(0, count).map(({ category, itemId }) => ({ ...member, category, itemId }));
  const opened = new Map((await read(db, keyring, page)).map((item) => [`${item.category} ${item.itemId}`, item]));
  const last = page.at(-1);
  return {
    items: page.flatMap(({ category, itemId }) => opened.get(`${category} ${itemId}`) ?? []),
    next: found.length > count && last !== undefined ? { category: last.category, itemId: last.itemId } : null,
  };
}

interface Found extends ItemsPlace {
  readonly bytes: number;
}

async function findNames(
  db: Reader,
  keyring: Keyring,
  member: MemberName,
  filter: ItemFilter,
  after: ItemsPlace | null,
  limit: number,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  const begun = after === null ? 0 : CATEGORIES.indexOf(after.category);
  for (const category of CATEGORIES.slice(begun).filter((each) => each === (filter.category ?? each))) {
    const key = await keyring.freshForReading({ ...member, purpose: category });
    if (key !== null && found.length < limit) {
      const behind = category === after?.category ? after.itemId : null;
      const rows = await findIn(db, { ...member, category }, key, filter, behind, limit - found.length);
      found.push(...rows.map(({ item_id: itemId, size: bytes }) => ({ category, itemId, bytes })));
    }
  }
  return found;
}

function findIn(
  db: Reader,
  owner: MemberName & { readonly category: Category },
  key: DataKey,
  { folderId, participant, conversationId, modifiedSince }: ItemFilter,
  behind: string | null,
  limit: number,
): Promise<readonly Pick<Selectable<ItemsTable>, 'item_id' | 'size'>[]> {
  return itemsOf(db, owner)
    .select(['item_id', 'size'])
    .$if(behind !== null, (query) => query.where('item_id', '>', behind))
    .$if(folderId !== null, (query) => query.where('folder_id', '=', folderId))
    .$if(participant !== null, (query) =>
      query.where(sql<boolean>`participant_hashes @> array[${participantHash(key, participant ?? '')}]`),
    )
    .$if(conversationId !== null, (query) =>
      query.where('conversation_hash', '=', conversationHash(key, conversationId ?? '')),
    )
    .$if(modifiedSince !== null, (query) => query.where('modified_at', '>=', modifiedSince))
    .orderBy('item_id')
    .limit(limit)
    .execute();
}

async function readSizes(db: Reader, names: readonly ItemName[]): Promise<readonly number[]> {
  if (names.length === 0) {
    return [];
  }
  const { rows } = await sql`
    select coalesce(items.size, 0) as size from unnest(
      ${names.map(({ tenantId }) => tenantId)}::uuid[], ${names.map(({ memberId }) => memberId)}::uuid[],
      ${names.map(({ category }) => category)}::text[], ${names.map(({ itemId }) => itemId)}::text[]
    ) with ordinality as named (tenant_id, member_id, category, item_id, place)
    left join items using (tenant_id, member_id, category, item_id) order by place
  `.execute(db);
  return Sizes.parse(rows).map(({ size }) => size);
}

async function read(db: Reader, keyring: Keyring, names: readonly ItemName[]): Promise<readonly DeliveredItem[]> {
  if (names.length === 0) {
    return [];
  }
  const rows = await db
    .selectFrom('items')
    .select(COLUMNS)
    .select(sharedMailboxOf('folder_id').as('shared_mailbox_id'))
    .where(
      sql<boolean>`(tenant_id, member_id, category, item_id) in (select * from unnest(
        ${names.map(({ tenantId }) => tenantId)}::uuid[], ${names.map(({ memberId }) => memberId)}::uuid[],
        ${names.map(({ category }) => category)}::text[], ${names.map(({ itemId }) => itemId)}::text[]))`,
    )
    .execute();
  const keys = await keysOf(keyring, rows);
  return rows.flatMap((row) => {
    const key = keys.get(keyNameOf(row)) ?? null;
    return key === null ? [] : (toItem(key, row) ?? []);
  });
}

/** Each key once, after the rows were read: one that is destroyed meanwhile opens none of them. */
async function keysOf(keyring: Keyring, rows: readonly Row[]): Promise<ReadonlyMap<string, DataKey | null>> {
  const owners = new Map(rows.map((row) => [keyNameOf(row), row]));
  const keys = await Promise.all(
    Array.from(owners, async ([name, { tenant_id: tenantId, member_id: memberId, category }]) => {
      const key = await keyring.freshForReading({ tenantId, memberId, purpose: category });
      return [name, key] as const;
    }),
  );
  return new Map(keys);
}

function keyNameOf({ tenant_id, member_id, category }: Row): string {
  return `${tenant_id}/${member_id}/${category}`;
}

function toItem(key: DataKey, row: Row): DeliveredItem | null {
  const { tenant_id: tenantId, member_id: memberId, category, item_id: itemId } = row;
  const content = openContent(key, placeOf({ tenantId, memberId, category }, itemId), row.sealed);
  return content === null
    ? null
    : {
        tenantId,
        memberId,
        category,
        itemId,
        connectionId: row.connection_id,
        folderId: row.folder_id,
        sharedMailboxId: row.shared_mailbox_id,
        level: row.level,
        at: timeOf(row),
        modifiedAt: row.modified_at,
        version: versionOf(row),
        content,
      };
}

function versionOf({ change_key, level, key_id, folder_id, item_at }: Row): string {
  const parts = JSON.stringify([change_key, level, key_id, folder_id, item_at.toISOString()]);
  return createHash('sha256').update(parts).digest('base64url').slice(0, 22);
}
