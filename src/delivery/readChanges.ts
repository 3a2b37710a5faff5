/**
 * Reads a page of a feed: from a cursor, from the oldest change that is kept, or from now on.
 *
 * Errors  `cursor_invalid`, `cursor_not_for_this` and `cursor_too_old`, as the cursor is.
 */
import { type Refused, refuse } from '../domain/problems.ts';
import { cursorOf, parseCursor } from './cursors.ts';
import type { Change, FeedFilter, FeedPage, FeedPlace, FeedPorts, FeedScope } from './ports.ts';

export interface ChangesRequest {
  readonly scope: FeedScope;
  readonly filter: FeedFilter;
  /** `null`: from the oldest; `latest`: nothing but the cursor of now. */
  readonly cursor: string | null;
  readonly limit: number;
  /** How long to wait for a change where there is none. */
  readonly waitMilliseconds: number;
}

export interface ChangesPage {
  readonly kind: 'page';
  readonly changes: readonly Change[];
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
  const { changes, to, isMore } = await readOrWait(ports, request, after);
  return { kind: 'page', changes, from: textOf(after), next: textOf(to), isMore };
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
    const page = await ports.feed.read(scope, from, filter, limit);
    const left = until - ports.now().getTime();
    if (page.changes.length > 0 || left <= 0 || ports.isStopping()) {
      return page;
    }
    from = page.to;
    await (page.isMore ? Promise.resolve() : ports.untilNews(left));
  }
}
