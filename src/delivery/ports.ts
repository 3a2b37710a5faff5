/** What the operator's side needs of the database, of the key store and of time. */
import type { ApiKey } from '../domain/apiKeys.ts';
import type { Category } from '../domain/categories/categories.ts';
import type { ChangeType } from '../domain/feed.ts';
import type { ItemContent } from '../domain/items.ts';
import type { ReadLevel } from '../domain/levels.ts';
import type { Mode } from '../domain/mode.ts';
import type { MemberName, TenantGrant } from '../domain/records.ts';

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
  /** Behind it a reader goes on. */
  readonly place: FeedPlace;
  readonly organizationId: string;
  readonly sequence: number;
  readonly type: ChangeType;
  readonly at: Date;
  /** `null` for what happens to an organization. */
  readonly memberId: string | null;
  readonly connectionId: string | null;
  readonly category: Category | null;
  readonly itemId: string | null;
  readonly upTo: number | null;
  /** Codes that say more, where there are some. */
  readonly detail: ChangeDetail | null;
}

export type ChangeDetail = Readonly<Record<string, unknown>>;

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

/** Which item is meant: its member, its category and Graph's immutable id. */
export interface ItemName extends MemberName {
  readonly category: Category;
  readonly itemId: string;
}

/** An item as it is stored, opened. */
export interface DeliveredItem extends ItemName {
  readonly connectionId: string;
  /** Of which container it is, by Graph's id; of a shared mailbox, of that one's. */
  readonly folderId: string;
  readonly sharedMailboxId: string | null;
  readonly level: ReadLevel;
  /** `null` where no one knows when it was. */
  readonly at: Date | null;
  readonly modifiedAt: Date | null;
  /** The same as long as nothing of it changes. */
  readonly version: string;
  readonly content: ItemContent;
}

export interface ItemFilter {
  readonly category: Category | null;
  readonly folderId: string | null;
  /** An address that is on it, in lower case. */
  readonly participant: string | null;
  readonly conversationId: string | null;
  readonly modifiedSince: Date | null;
}

/** Where a page of items ends: items come by category and id, in one order that nothing that changes moves. */
export interface ItemsPlace {
  readonly category: Category;
  readonly itemId: string;
}

export interface ItemStore {
  /** A member's items behind a place, at most so many and so many bytes, and one at least. What does not open is left out. */
  list(
    member: MemberName,
    filter: ItemFilter,
    after: ItemsPlace | null,
    most: { readonly items: number; readonly bytes: number },
  ): Promise<{ readonly items: readonly DeliveredItem[]; readonly next: ItemsPlace | null }>;
  /** Those of the named that there are now, in any order. */
  read(names: readonly ItemName[]): Promise<readonly DeliveredItem[]>;
  /** How many bytes each of the named has as it is stored, in their order; 0 for what there is not. */
  sizes(names: readonly ItemName[]): Promise<readonly number[]>;
}

export interface ListedOrganization {
  readonly tenantId: string;
  readonly name: string | null;
  readonly isEnabled: boolean;
  readonly mode: Mode;
  readonly grant: 'none' | TenantGrant['state'];
  readonly admittedAt: Date;
  readonly suspendedAt: Date | null;
  /** People who are known, and those of them whose mailbox is connected. */
  readonly members: number;
  readonly connected: number;
}

/** Organizations (of those named; `null`: of all) by id, from after one. */
export type OrganizationList = (
  organizationIds: readonly string[] | null,
  after: string | null,
  limit: number,
) => Promise<readonly ListedOrganization[]>;

/** How an installation does, as numbers. */
export interface Health {
  /** How long the oldest change waits to be published; 0 where none does. */
  readonly feedLagSeconds: number;
  readonly mailboxes: { readonly due: number; readonly oldestSeconds: number };
  readonly expiringSubscriptions: number;
  /** By what they fail with. */
  readonly failingStreams: Readonly<Record<string, number>>;
  readonly webhooks: {
    /** By their state. */
    readonly endpoints: Readonly<Record<string, number>>;
    /** Pairs of an endpoint and an organization that have something to be sent. */
    readonly organizationsBehind: number;
    readonly setAside: number;
  };
}

/** Of the organizations (`null`: of all) and of the endpoints that are named. */
export type ReadHealth = (
  organizationIds: readonly string[] | null,
  endpointIds: readonly string[],
  now: Date,
) => Promise<Health>;

/** What a cursor is made with. */
export interface CursorSecret {
  /** Another one after a database was restored from a backup: cursors of before lead nowhere then. */
  readonly generation: string;
  readonly secret: Buffer;
}

export interface FeedPorts {
  readonly feed: FeedStore;
  readonly items: ItemStore;
  readonly cursors: CursorSecret;
  /** How often something was published, as far as this process was told. */
  newsCount(): number;
  /** Resolves when there was more news than `count`, after so many milliseconds, or when the process is to stop. */
  untilNews(count: number, milliseconds: number): Promise<void>;
  /** No one is kept waiting any more. */
  isStopping(): boolean;
  now(): Date;
}

/** A key as it is stored. */
export interface StoredApiKey extends ApiKey {
  readonly hash: string;
  readonly revokedAt: Date | null;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  /** The key that made it; `null`: the command did. */
  readonly madeBy: string | null;
}

export interface ApiKeyStore {
  find(id: string): Promise<StoredApiKey | null>;
  add(key: StoredApiKey, at: Date): Promise<void>;
  /** Answers whether there was one that was not revoked. */
  revoke(id: string, at: Date): Promise<boolean>;
  list(): Promise<readonly (StoredApiKey & { readonly createdAt: Date })[]>;
  /** Writes that a key was used. */
  use(id: string, at: Date): Promise<void>;
}
