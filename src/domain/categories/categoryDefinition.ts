/**
 * What a category of Microsoft 365 content is. Everything that differs from category to category is a trait here, and
 * each category is one file beside this one; how Graph is asked for it is `microsoft/graph/resources.ts`.
 *
 * Source  Each file names the pages that its traits come from.
 */
import type { ReadLevel, SyncLevel } from '../levels.ts';

export interface CategoryDefinition {
  /** The levels at which it can be read, lowest first. */
  readonly levels: readonly ReadLevel[];
  /** What an admin is proposed who decides for everyone for the first time. */
  readonly proposedLevel: SyncLevel;
  readonly permissions: CategoryPermissions;
  /** What others share with a member; `null` where Graph has no permission for it that we use. */
  readonly sharing: CategorySharing | null;
  /** A mailbox that cannot be read stops what is in it, and nothing else. */
  readonly location: 'mailbox' | 'drive';
  /** How Graph tells which containers there are: by delta, by a whole list, or not at all. */
  readonly containers: 'delta' | 'list' | 'none';
  /** Whether Graph has names of its own for some of them, as for the inbox. */
  readonly hasWellKnownFolders: boolean;
  /** The containers that every mailbox or drive has without being listed. */
  readonly fixedContainers: readonly string[];
  /** Whether items come by a delta of their container, or by a delta of a window of time that moves. */
  readonly reading: 'delta' | 'window';
  /** The change notifications to subscribe to; `null` where it is polled. */
  readonly subscription: CategorySubscription | null;
  /** Whether items have participants, so that rules about people and time apply to them and not folder rules alone. */
  readonly isFiltered: boolean;
  /** Whether its items are the known contacts that rules ask for. */
  readonly isContactSource: boolean;
  /**
   * Whether a role of Exchange Online ("RBAC for Applications") can limit an application's permission to some mailboxes;
   * without one it reaches everyone's.
   */
  readonly hasExchangeRole: boolean;
}

export interface CategoryPermissions {
  /** How the names of all of its permissions begin. */
  readonly prefix: string;
  /** The permission that each of its levels needs. */
  readonly read: Readonly<Partial<Record<ReadLevel, string>>>;
  /** The permissions to act for people, in the own mailbox and in shared ones. No level offers them yet. */
  readonly act: { readonly own: string; readonly shared: string } | null;
  /** Of a permission, those that contain it in function though not by name. */
  readonly containedIn: Readonly<Record<string, readonly string[]>>;
}

export interface CategorySubscription {
  /** Below the mailbox, as Graph names it. */
  readonly resource: string;
  /** The levels whose permission allows it. */
  readonly levels: readonly ReadLevel[];
  /** The life that is asked for; Graph may refuse it, and what it answers counts. */
  readonly lifeDays: number;
}

export interface CategorySharing {
  /** The permission that each level needs besides, also at a level at which sharing is not offered. */
  readonly permissions: Readonly<Record<ReadLevel, string>>;
  /** The levels at which it is offered. */
  readonly levels: readonly ReadLevel[];
  /** Whether shared containers stand in the member's own list, or in mailboxes that the member names by address. */
  readonly found: 'inOwnList' | 'byAddress';
}
