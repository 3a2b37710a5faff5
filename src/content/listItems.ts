/** What is stored of a member, page by page. */
import type { Category } from '../domain/categories/categories.ts';
import type { ContentPorts, ItemPlace, StoredItem } from './ports.ts';
import { type MemberName } from '../domain/records.ts';

const PAGE = 25;

export interface ListedItem extends StoredItem {
  /** The name of its folder, where it can be told. */
  readonly folderName: string | null;
}

export async function listItems(
  { store }: Pick<ContentPorts, 'store'>,
  member: MemberName,
  category: Category,
  from: ItemPlace | null,
): Promise<{ readonly items: readonly ListedItem[]; readonly next: ItemPlace | null }> {
  const { items, next } = await store.items(member, category, from, PAGE);
  const folders = await store.containers(member, category);
  return { items: items.map((item) => ({ ...item, folderName: folders.get(item.folderId)?.name ?? null })), next };
}
