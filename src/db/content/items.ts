/**
 * Items: what was synced, content sealed, looked up by keyed hashes.
 *
 * Writing the same items again changes nothing and tells the outbox nothing: an item counts as changed when
 * its change key, its level or its container did.
 */
import { type Selectable, sql } from 'kysely';
import { type ItemContent, participantsOf, type SyncedItem } from '../../domain/items.ts';
import type { Category } from '../../domain/categories/categories.ts';
import type { Stream } from '../../sync/ports.ts';
import type { Database } from '../openDatabase.ts';
import { openContent } from './itemContent.ts';
import type { OutboxEntry, OutboxOwner } from '../delivery/outbox.ts';
import { markSeen } from './placements.ts';
import type { ItemsTable } from './contentTables.ts';
import type { DataKey, SealContext } from '../keys/sealing.ts';
import type { Reader, Writer } from '../transact.ts';
import { type ItemPlace, type StoredItem, type StoredMessage } from '../../content/ports.ts';

/** An item with everything readable in it sealed or hashed. */
export interface SealedItem {
  readonly item: SyncedItem;
  readonly sealed: Buffer;
  readonly messageHash: string | null;
  readonly conversationHash: string | null;
  readonly participantHashes: readonly string[];
  /** The data key that sealed it. */
  readonly keyId: string;
}

export function sealItem(key: DataKey, owner: Omit<OutboxOwner, 'connectionId'>, item: SyncedItem): SealedItem {
  const { internetMessageId, conversationId } = item.content;
  return {
    item,
    sealed: key.seal(placeOf(owner, item.itemId), item.content),
    messageHash: internetMessageId === undefined ? null : messageHash(key, internetMessageId),
    conversationHash: conversationId === undefined ? null : conversationHash(key, conversationId),
    participantHashes: participantsOf(item.content).map((address) => participantHash(key, address)),
    keyId: key.id,
  };
}

export function messageHash(key: DataKey, internetMessageId: string): string {
  return key.lookup('message', internetMessageId.trim());
}

export function conversationHash(key: DataKey, conversationId: string): string {
  return key.lookup('conversation', conversationId);
}

export function participantHash(key: DataKey, address: string): string {
  return key.lookup('participant', address.toLowerCase());
}

export function placeOf(
  owner: { tenantId: string; memberId: string; category: Category },
  itemId: string,
): SealContext {
  return ['item', owner.tenantId, owner.memberId, owner.category, itemId];
}

/** What a batch of items is written as. */
export interface ItemWrite {
  readonly stream: Stream;
  readonly at: Date;
  /** The engines take bytes in different ways: see `sealedColumn`. */
  readonly engine: Database['engine'];
}

/** Writes what changed and marks the rest as seen; answers what the outbox must tell. */
export async function upsertItems(
  tx: Writer,
  owner: OutboxOwner,
  write: ItemWrite,
  items: readonly SealedItem[],
): Promise<readonly OutboxEntry[]> {
  if (items.length === 0) {
    return [];
  }
  const { stream } = write;
  const known = await readKnown(tx, owner, items);
  const verdicts = items.map((item) => ({
    item,
    verdict: verdictOn(item, known.get(item.item.itemId), owner, stream),
  }));
  const having = (wanted: Verdict) => verdicts.flatMap(({ item, verdict }) => (verdict === wanted ? [item] : []));
  const changed = having('write');
  await insertItems(tx, owner, write, changed);
  await markSeen(
    tx,
    owner,
    stream,
    having('seen').map(({ item }) => item.itemId),
  );
  return changed.map(({ item }) => ({ kind: 'upserted', itemId: item.itemId }));
}

type KnownItem = Pick<
  Selectable<ItemsTable>,
  | 'item_id'
  | 'change_key'
  | 'level'
  | 'folder_id'
  | 'connection_id'
  | 'item_at'
  | 'modified_at'
  | 'elsewhere'
  | 'gone_round'
  | 'key_id'
>;

async function readKnown(
  tx: Writer,
  owner: OutboxOwner,
  items: readonly SealedItem[],
): Promise<ReadonlyMap<string, KnownItem>> {
  const rows = await itemsOf(tx, owner)
    .select(['item_id', 'change_key', 'level', 'folder_id', 'connection_id', 'item_at'])
    .select(['modified_at', 'elsewhere', 'gone_round', 'key_id'])
    .where('item_id', '=', sql<string>`any(${items.map(({ item }) => item.itemId)}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.item_id, row]));
}

/** The change keys of items that are stored in a container at its level, and would stay as they are. */
export async function readVersions(
  db: Reader,
  owner: OutboxOwner,
  { folderId, level }: Pick<Stream, 'folderId' | 'level'>,
  keyId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await itemsOf(db, owner)
    .select(['item_id', 'change_key'])
    .where('item_id', '=', sql<string>`any(${ids}::text[])`)
    .where('connection_id', '=', owner.connectionId)
    .where('level', '=', level)
    .where('gone_round', 'is', null)
    .where(sql<boolean>`(key_id is null or key_id = ${keyId}) and (folder_id = ${folderId} or elsewhere ? ${folderId})`)
    .execute();
  return new Map(rows.flatMap((row) => (row.change_key === null ? [] : [[row.item_id, row.change_key] as const])));
}

/** `ignore`: an older version from where the item is not any more, which a late or repeated page brings. */
type Verdict = 'write' | 'seen' | 'ignore';

/**
 * The newest change wins, by the source's own time; of two that are equally old, the one that was read last. The
 * content is kept as it is where nothing would change.
 */
function verdictOn(
  { item, keyId }: SealedItem,
  known: KnownItem | undefined,
  { connectionId }: OutboxOwner,
  { folderId, level }: Stream,
): Verdict {
  if (known?.level !== level || known.connection_id !== connectionId || (known.key_id ?? keyId) !== keyId) {
    return 'write';
  }
  const isHere = known.gone_round === null && (known.folder_id === folderId || folderId in known.elsewhere);
  if (known.modified_at !== null && item.modifiedAt !== null && item.modifiedAt < known.modified_at) {
    return isHere ? 'seen' : 'ignore';
  }
  const isSameTime = item.at === null || item.at.getTime() === known.item_at.getTime();
  const isSame = item.changeKey !== null && item.changeKey === known.change_key && isSameTime;
  const isBack = known.gone_round !== null && known.folder_id === folderId;
  return isSame && (isHere || isBack) ? 'seen' : 'write';
}

async function insertItems(
  tx: Writer,
  owner: OutboxOwner,
  { stream, at, engine }: ItemWrite,
  items: readonly SealedItem[],
): Promise<void> {
  if (items.length === 0) {
    return;
  }
  const sealed = sealedColumn(engine, items);
  const column = <T>(read: (item: SealedItem) => T) => items.map(read);
  await sql`
    insert into items (tenant_id, member_id, category, connection_id, folder_id, level, generation, stored_at, key_id,
      item_id, change_key, item_at, is_undated, modified_at, size, message_hash, conversation_hash,
      participant_hashes, sealed)
    select ${owner.tenantId}::uuid, ${owner.memberId}::uuid, ${owner.category}, ${owner.connectionId}::uuid,
      ${stream.folderId}, ${stream.level}, ${stream.generation}::bigint, ${at}::timestamptz, ${items[0]?.keyId}::uuid,
      item_id, change_key, coalesce(item_at, ${at}::timestamptz), item_at is null, modified_at, size, message_hash,
      conversation_hash, string_to_array(participant_hashes, ' '), ${sealed.value}
    from unnest(
      ${column(({ item }) => item.itemId)}::text[],
      ${column(({ item }) => item.changeKey)}::text[],
      ${column(({ item }) => item.at?.toISOString() ?? null)}::timestamptz[],
      ${column(({ item }) => item.modifiedAt?.toISOString() ?? null)}::timestamptz[],
      ${column((item) => item.sealed.length)}::int[],
      ${column((item) => item.messageHash)}::text[],
      ${column((item) => item.conversationHash)}::text[],
      ${column((item) => item.participantHashes.join(' '))}::text[],
      ${sealed.column}
    ) as incoming (item_id, change_key, item_at, modified_at, size, message_hash, conversation_hash,
      participant_hashes, sealed)
    on conflict (tenant_id, member_id, category, item_id) do update set
      elsewhere = case when items.gone_round is not null then '{}'
        when items.folder_id = excluded.folder_id then items.elsewhere
        else (items.elsewhere - excluded.folder_id) || jsonb_build_object(items.folder_id, items.generation) end,
      connection_id = excluded.connection_id, folder_id = excluded.folder_id, level = excluded.level,
      generation = excluded.generation, stored_at = excluded.stored_at, change_key = excluded.change_key,
      item_at = excluded.item_at, is_undated = excluded.is_undated, modified_at = excluded.modified_at, size = excluded.size,
      message_hash = excluded.message_hash, conversation_hash = excluded.conversation_hash,
      participant_hashes = excluded.participant_hashes, sealed = excluded.sealed, key_id = excluded.key_id,
      gone_round = null
  `.execute(tx);
}

/**
 * The sealed contents: as texts for PGlite, which takes bytes one by one, and as one run of bytes for PostgreSQL, cut
 * there by where each begins, so that nothing is written down as text and back.
 */
function sealedColumn(engine: Database['engine'], items: readonly SealedItem[]) {
  if (engine === 'pglite') {
    const texts = items.map(({ sealed }) => sealed.toString('base64'));
    return { column: sql`${texts}::text[]`, value: sql`decode(sealed, 'base64')` };
  }
  const starts: number[] = [];
  let next = 1;
  for (const { sealed } of items) {
    starts.push(next);
    next += sealed.length;
  }
  const all = Buffer.concat(items.map(({ sealed }) => sealed));
  return { column: sql`${starts}::int[]`, value: sql`substring(${all}::bytea from sealed for size)` };
}

/** A member's items of one category, newest first, from after `from`. What does not open any more is left out. */
export async function readItems(
  db: Reader,
  owner: { tenantId: string; memberId: string; category: Category },
  key: DataKey,
  from: ItemPlace | null,
  limit: number,
): Promise<{ readonly items: readonly StoredItem[]; readonly next: ItemPlace | null }> {
  const rows = await itemsOf(db, owner)
    .select(['item_id', 'item_at', 'is_undated', 'folder_id', 'level', 'sealed'])
    .where('gone_round', 'is', null)
    .$if(from !== null, (query) =>
      query.where(sql<boolean>`(item_at, item_id) < (${from?.at}::timestamptz, ${from?.itemId})`),
    )
    .orderBy('item_at', 'desc')
    .orderBy('item_id', 'desc')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: page.flatMap((row) => openItem(owner, key, row) ?? []),
    next: last === undefined ? null : { at: last.item_at, itemId: last.item_id },
  };
}

/** One item; `null` where there is none, or where it does not open any more. */
export async function readItem(
  db: Reader,
  owner: { tenantId: string; memberId: string; category: Category },
  key: DataKey,
  itemId: string,
): Promise<StoredItem | null> {
  const row = await itemsOf(db, owner)
    .select(['item_id', 'item_at', 'is_undated', 'folder_id', 'level', 'sealed'])
    .where('item_id', '=', itemId)
    .where('gone_round', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : openItem(owner, key, row);
}

function openItem(
  owner: { tenantId: string; memberId: string; category: Category },
  key: DataKey,
  row: Pick<Selectable<ItemsTable>, 'item_id' | 'item_at' | 'is_undated' | 'folder_id' | 'level' | 'sealed'>,
): StoredItem | null {
  const { item_id: itemId, folder_id: folderId, level } = row;
  const at = timeOf(row);
  const content = openContent(key, placeOf(owner, itemId), row.sealed);
  return content === null ? null : { itemId, category: owner.category, at, folderId, level, content };
}

/** Finds a stored message by its internet message id. */
export async function findByMessageId(
  db: Reader,
  owner: { tenantId: string; memberId: string },
  key: DataKey,
  internetMessageId: string,
): Promise<StoredMessage | null> {
  const row = await itemsOf(db, { ...owner, category: 'mail' })
    .select(['item_id', 'item_at', 'is_undated', 'folder_id', 'level', 'stored_at', 'sealed'])
    .where('message_hash', '=', messageHash(key, internetMessageId))
    .where('gone_round', 'is', null)
    .executeTakeFirst();
  if (row === undefined) {
    return null;
  }
  const { item_id: itemId, folder_id: folderId, level, stored_at: storedAt } = row;
  return {
    itemId,
    folderId,
    at: timeOf(row),
    content: openContent(key, placeOf({ ...owner, category: 'mail' }, itemId), row.sealed) ?? NOTHING,
    stored: { level, storedAt },
  };
}

/** When an item was; `null` where no one knows. */
export function timeOf(row: Pick<Selectable<ItemsTable>, 'item_at' | 'is_undated'>): Date | null {
  return row.is_undated ? null : row.item_at;
}

const NOTHING: ItemContent = { subject: '', people: [] };

export function itemsOf(db: Reader, owner: { tenantId: string; memberId: string; category: Category }) {
  return db
    .selectFrom('items')
    .where('tenant_id', '=', owner.tenantId)
    .where('member_id', '=', owner.memberId)
    .where('category', '=', owner.category);
}
