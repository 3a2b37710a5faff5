/** Reads the state: items of a member, page by page, and items by name. */
import { type Refused, refuse } from '../domain/problems.ts';
import type { MemberName } from '../domain/records.ts';
import { itemsCursorOf, parseItemsCursor } from './cursors.ts';
import type { DeliveredItem, FeedPorts, ItemFilter, ItemName, ItemsPlace } from './ports.ts';

/** What a page holds at most as it is stored: about a third more on the wire. */
export const PAGE_BYTES = 8 * 1024 * 1024;

export type ItemPorts = Pick<FeedPorts, 'items' | 'cursors'>;

export interface ItemsRequest {
  readonly member: MemberName;
  readonly filter: ItemFilter;
  /** `null`: from the beginning. */
  readonly cursor: string | null;
  readonly limit: number;
}

export interface ItemsPage {
  readonly kind: 'page';
  readonly items: readonly DeliveredItem[];
  /** `null` at the end. */
  readonly next: string | null;
}

/** Errors: `cursor_invalid` and `cursor_not_for_this`, as the cursor is. */
export async function readItems(ports: ItemPorts, request: ItemsRequest): Promise<ItemsPage | Refused> {
  const { member, filter, cursor, limit } = request;
  const after = cursor === null ? null : placeOf(ports, request, cursor);
  if (after !== null && 'kind' in after) {
    return after;
  }
  const { items, next } = await ports.items.list(member, filter, after, { items: limit, bytes: PAGE_BYTES });
  const text = next === null ? null : itemsCursorOf(ports.cursors, member, filter, next);
  return { kind: 'page', items, next: text };
}

function placeOf({ cursors }: ItemPorts, { member, filter }: ItemsRequest, cursor: string): ItemsPlace | Refused {
  const parsed = parseItemsCursor(cursors, member, filter, cursor);
  switch (parsed.kind) {
    case 'invalid':
      return refuse('cursor_invalid');
    case 'notForThis':
      return refuse('cursor_not_for_this');
    case 'place':
      return parsed.place;
  }
}

export interface NamedItems {
  readonly items: readonly DeliveredItem[];
  /** Those of the named that there are not, for whichever reason. */
  readonly missing: readonly ItemName[];
}

/** Items by name, in the order in which they were named, each once. */
export async function readNamedItems({ items }: ItemPorts, names: readonly ItemName[]): Promise<NamedItems> {
  const wanted = new Map(names.map((name) => [keyOf(name), name]));
  const found = new Map((await items.read([...wanted.values()])).map((item) => [keyOf(item), item]));
  return {
    items: [...wanted.keys()].flatMap((key) => found.get(key) ?? []),
    missing: [...wanted].flatMap(([key, name]) => (found.has(key) ? [] : [name])),
  };
}

export function keyOf({ tenantId, memberId, category, itemId }: ItemName): string {
  return JSON.stringify([tenantId, memberId, category, itemId]);
}
