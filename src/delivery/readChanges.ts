/**
 * Reads a page of a feed: from a cursor, from the oldest change that is kept, or from now on.
 *
 * Errors  `cursor_invalid`, `cursor_not_for_this` and `cursor_too_old`, as the cursor is.
 */
import { countFitting } from '../domain/fitting.ts';
import { type Refused, refuse } from '../domain/problems.ts';
import { cursorOf, parseCursor } from './cursors.ts';
import type {
  Change,
  DeliveredItem,
  FeedFilter,
  FeedPage,
  FeedPlace,
  FeedPorts,
  FeedScope,
  ItemName,
} from './ports.ts';
import { type ItemPorts, keyOf, PAGE_BYTES, readNamedItems } from './readItems.ts';

export interface ChangesRequest {
  readonly scope: FeedScope;
  readonly filter: FeedFilter;
  /** `null`: from the oldest; `latest`: nothing but the cursor of now. */
  readonly cursor: string | null;
  readonly limit: number;
  /** How long to wait for a change where there is none. */
  readonly waitMilliseconds: number;
  /** Whether items are told as they are now, beside their ids. */
  readonly withItems: boolean;
}

export interface ToldChange extends Change {
  /** Of `item.upserted`, where items are wanted: `null` when it has gone since, and its removal follows. */
  readonly item?: DeliveredItem | null;
}

export interface ChangesPage {
  readonly kind: 'page';
  readonly changes: readonly ToldChange[];
  /** Where the page begins and ends. */
  readonly from: string;
  readonly next: string;
  readonly isMore: boolean;
}

const LATEST = 'latest';

export async function readChanges(ports: FeedPorts, request: ChangesRequest): Promise<ChangesPage | Refused> {
  const { scope, filter, cursor } = request;
  const textOf = (place: FeedPlace) => cursorOf(ports.cursors, scope, filter, place);
  if (cursor === LATEST) {
    const now = textOf(await ports.feed.newest(scope));
    return { kind: 'page', changes: [], from: now, next: now, isMore: false };
  }
  const after = await placeOf(ports, request);
  if ('kind' in after) {
    return after;
  }
  const page = await readOrWait(ports, request, after);
  const { changes, to, isMore } = request.withItems ? await withItems(ports, page) : page;
  return { kind: 'page', changes, from: textOf(after), next: textOf(to), isMore };
}

/** The page with its items, or as much of it as is not too heavy. */
async function withItems(
  ports: ItemPorts,
  page: FeedPage,
): Promise<Omit<FeedPage, 'changes'> & { readonly changes: readonly ToldChange[] }> {
  const names = page.changes.flatMap(nameOf);
  const sizes = await ports.items.sizes(names);
  const sizeOf = new Map(names.map((name, index) => [keyOf(name), sizes[index] ?? 0]));
  const bytes = page.changes.map((change) =>
    nameOf(change).reduce((sum, name) => sum + (sizeOf.get(keyOf(name)) ?? 0), 0),
  );
  const fitting = page.changes.slice(0, countFitting(bytes, PAGE_BYTES));
  const { items } = await readNamedItems(ports, fitting.flatMap(nameOf));
  const found = new Map(items.map((item) => [keyOf(item), item]));
  const changes = fitting.map((change) => {
    const [name] = nameOf(change);
    return name === undefined ? change : { ...change, item: found.get(keyOf(name)) ?? null };
  });
  const last = fitting.at(-1);
  return fitting.length < page.changes.length && last !== undefined
    ? { changes, to: last.place, isMore: true }
    : { ...page, changes };
}

/** Which item a change is about, where there is something of it to be told. */
function nameOf({ type, organizationId: tenantId, memberId, category, itemId }: Change): readonly ItemName[] {
  const isTold = type === 'item.upserted' && memberId !== null && category !== null && itemId !== null;
  return isTold ? [{ tenantId, memberId, category, itemId }] : [];
}

async function placeOf(ports: FeedPorts, { scope, filter, cursor }: ChangesRequest): Promise<FeedPlace | Refused> {
  const oldest = await ports.feed.oldest(scope);
  if (cursor === null) {
    return oldest;
  }
  const parsed = parseCursor(ports.cursors, scope, filter, cursor);
  switch (parsed.kind) {
    case 'invalid':
      return refuse('cursor_invalid');
    case 'notForThis':
      return refuse('cursor_not_for_this');
    case 'tooOld':
      return refuse('cursor_too_old');
    case 'place':
      return isBefore(parsed.place, oldest) ? refuse('cursor_too_old') : parsed.place;
  }
}

function isBefore(one: FeedPlace, other: FeedPlace): boolean {
  return one.position < other.position || (one.position === other.position && one.sequence < other.sequence);
}

async function readOrWait(ports: FeedPorts, request: ChangesRequest, after: FeedPlace): Promise<FeedPage> {
  const { scope, filter, limit, waitMilliseconds } = request;
  const until = ports.now().getTime() + waitMilliseconds;
  for (let from = after; ;) {
    // Before the look: what is published while it is taken must not be waited for.
    const news = ports.newsCount();
    const page = await ports.feed.read(scope, from, filter, limit);
    const left = until - ports.now().getTime();
    if (page.changes.length > 0 || left <= 0 || ports.isStopping()) {
      return page;
    }
    from = page.to;
    await (page.isMore ? Promise.resolve() : ports.untilNews(news, left));
  }
}
