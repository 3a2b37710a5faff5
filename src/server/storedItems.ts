/** What is stored of a member, page by page. */
import type { Principal } from '../consent/ports.ts';
import type { Item, Items } from '../contract/api/items.ts';
import { readFolders } from '../db/containers.ts';
import { type ItemPlace, readItems, type StoredItem } from '../db/items.ts';
import { titleOf } from '../domain/items.ts';
import type { Category } from '../domain/categories/categories.ts';
import type { StoredItemsSources } from './findMemberMessage.ts';

const PAGE = 25;

/** One page; `null` for a cursor that this never gave out. */
export async function listItems(
  { database, keyring }: Pick<StoredItemsSources, 'database' | 'keyring'>,
  { tenantId, memberId }: Principal,
  category: Category,
  cursor: string | undefined,
): Promise<Items | null> {
  const from = cursor === undefined ? null : parseCursor(cursor);
  if (from === undefined) {
    return null;
  }
  const key = await keyring.forReading({ tenantId, memberId, purpose: category });
  if (key === null) {
    return { items: [], next: null };
  }
  const folders = await readFolders(database.kysely, { tenantId, mailboxId: memberId }, category, key);
  const page = await readItems(database.kysely, { tenantId, memberId, category }, key, from, PAGE);
  return {
    items: page.items.map((item) => present(item, folders.get(item.folderId)?.name ?? undefined)),
    next: page.next === null ? null : cursorOf(page.next),
  };
}

function present({ itemId, category, at, level, content }: StoredItem, folder: string | undefined): Item {
  const { people, internetMessageId, end, isAllDay, isCancelled, isBusyTime } = content;
  return {
    id: itemId,
    category,
    subject: titleOf(content),
    at: at?.toISOString() ?? null,
    people: people.map(({ name, address, role }) => ({ address, role, ...(name === undefined ? {} : { name }) })),
    level,
    ...(end === undefined ? {} : { endsAt: end }),
    ...(isAllDay === true ? { isAllDay } : {}),
    ...(isCancelled === true ? { isCancelled } : {}),
    ...(isBusyTime === true ? { isBusyTime } : {}),
    ...(internetMessageId === undefined ? {} : { internetMessageId }),
    ...(folder === undefined ? {} : { folder }),
  };
}

function cursorOf({ at, itemId }: ItemPlace): string {
  return Buffer.from(`${at.toISOString()} ${itemId}`).toString('base64url');
}

function parseCursor(text: string): ItemPlace | undefined {
  const match = /^(\S+Z) (\S+)$/.exec(Buffer.from(text, 'base64url').toString('utf8'));
  const at = new Date(match?.[1] ?? '');
  return match?.[2] === undefined || Number.isNaN(at.getTime()) ? undefined : { at, itemId: match[2] };
}
