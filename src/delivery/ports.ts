/** What the operator's side needs of the database, of the key store and of time. */
import type { ApiKey } from '../domain/apiKeys.ts';
import type { Category } from '../domain/categories/categories.ts';
import type { ChangeType } from '../domain/feed.ts';

/** Of which organizations a feed tells: of one, or of all that a key may know of. */
export type FeedScope =
  | { readonly kind: 'organization'; readonly tenantId: string }
  /** `organizationIds` is `null` for every organization. */
  | { readonly kind: 'all'; readonly organizationIds: readonly string[] | null };

/**
 * A place in a feed, behind a change that was read. In the feed of one organization `sequence` is the number of that
 * change and `position` is 0; in the feed over all, `position` is that of the run that has it.
 */
export interface FeedPlace {
  readonly position: number;
  readonly sequence: number;
}

export interface FeedFilter {
  readonly types: readonly ChangeType[] | null;
  readonly category: Category | null;
  readonly memberId: string | null;
}

export interface Change {
  readonly organizationId: string;
  readonly sequence: number;
  readonly type: ChangeType;
  readonly at: Date;
  readonly memberId: string;
  readonly connectionId: string;
  readonly category: Category | null;
  readonly itemId: string | null;
  readonly upTo: number | null;
}

export interface FeedPage {
  readonly changes: readonly Change[];
  /** Behind everything that the page covers, also what the filter left out. */
  readonly to: FeedPlace;
  /** Whether there is something behind it already. */
  readonly isMore: boolean;
}

export interface FeedStore {
  /** Behind the newest change. */
  newest(scope: FeedScope): Promise<FeedPlace>;
  /** Before the oldest change that is kept. */
  oldest(scope: FeedScope): Promise<FeedPlace>;
  read(scope: FeedScope, after: FeedPlace, filter: FeedFilter, limit: number): Promise<FeedPage>;
}

/** What a cursor is made with. */
export interface CursorSecret {
  /** Another one after a database was restored from a backup: cursors of before lead nowhere then. */
  readonly generation: string;
  readonly secret: Buffer;
}

export interface FeedPorts {
  readonly feed: FeedStore;
  readonly cursors: CursorSecret;
  /** Resolves when something was published, after so many milliseconds, or when the process is to stop. */
  untilNews(milliseconds: number): Promise<void>;
  /** No one is kept waiting any more. */
  isStopping(): boolean;
  now(): Date;
}

/** A key as it is stored. */
export interface StoredApiKey extends ApiKey {
  readonly hash: string;
  readonly revokedAt: Date | null;
}

export interface ApiKeyStore {
  find(id: string): Promise<StoredApiKey | null>;
  add(key: StoredApiKey, at: Date): Promise<void>;
  /** Answers whether there was one that was not revoked. */
  revoke(id: string, at: Date): Promise<boolean>;
  list(): Promise<readonly (StoredApiKey & { readonly lastUsedAt: Date | null; readonly createdAt: Date })[]>;
  /** Writes that a key was used, at most once a minute. */
  use(id: string, at: Date): Promise<void>;
}
