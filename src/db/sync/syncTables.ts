/** Tables of mailboxes: their streams, folders and subscriptions, what Graph told, what was set aside, and reviews. */
import type { Generated } from 'kysely';
import type { Reason } from '../../domain/reasons.ts';
import type { Category } from '../../domain/categories/categories.ts';
import type { WellKnownFolder } from '../../domain/wellKnownFolders.ts';

export interface MailboxesTable {
  tenant_id: string;
  mailbox_id: string;
  due_at: Date;
  lease_owner: string | null;
  lease_until: Date | null;
  fence: Generated<number>;
  quiet_until: Date | null;
  /** Woken since it was claimed: due again as soon as it is released. */
  is_woken: Generated<boolean>;
  /** Something in it was never read to its end: a lane of its own, so that first syncs hold up no one. */
  is_first: Generated<boolean>;
  /** When a round was begun last. */
  round_at: Date | null;
}

/** Graph tells of changes by these; one a resource of a mailbox. */
export interface SubscriptionsTable {
  tenant_id: string;
  mailbox_id: string;
  category: Category;
  /** Below the mailbox, as Graph names it: `messages`. */
  resource: string;
  /** `null` until Graph has made it. */
  subscription_id: string | null;
  /** SHA-256 of the secret that every notification must carry. */
  client_state_hash: Uint8Array;
  expires_at: Date | null;
  /** When it is to be made, looked at or renewed. */
  act_at: Date;
  failures: Generated<number>;
  error: string | null;
}

/** Notifications that were answered and not looked at yet. */
export interface NotificationsTable {
  notification_id: Generated<number>;
  tenant_id: string;
  mailbox_id: string;
  category: Category;
  subscription_id: string;
  kind: 'changed' | 'missed' | 'removed' | 'reauthorizationRequired';
  received_at: Date;
}

export interface StreamsTable {
  tenant_id: string;
  mailbox_id: string;
  stream_key: string;
  category: Category;
  /** What items say of where they are (`items.folder_id`). */
  folder_id: string;
  /** As Graph knows it in its mailbox. */
  container: string;
  /** The shared mailbox that it is in; `null` for the member's own. */
  shared_mailbox_id: string | null;
  level: 'limited' | 'full';
  /** The link from which the next page is read; `null` starts again. */
  cursor: string | null;
  /** Rises with every new baseline; items of an older one are removed at its end. */
  generation: Generated<number>;
  stage: 'baseline' | 'current';
  items_seen: Generated<number>;
  items_expected: number | null;
  started_at: Date;
  page_at: Date | null;
  succeeded_at: Date | null;
  /** For windows: the day on which the window was laid. */
  window_on: string | null;
  reconciled_at: Date | null;
  due_at: Date;
  failures: Generated<number>;
  error: string | null;
  /** The round in which the reading in progress began; `null` between readings. */
  begun_round: number | null;
  /** Why its category waits: it keeps its place and is not read; `null` for what is read. */
  held_by: Reason | null;
  /** When it is reread, because someone has become known. */
  reread_at: Date | null;
  /** The newest round as of whose beginning everything was read. */
  caught_up_round: Generated<number>;
  /** Rises whenever something says that there is more to read: whoever reads meanwhile has to come back. */
  wakes: Generated<number>;
  /** How many items are asked for at once; `null` until an answer has shown how heavy they are. */
  page_size: number | null;
  /** Whether pages name items only, and each is read by itself. */
  is_light: Generated<boolean>;
  /** Pages without anything on them since the last one that had something. */
  empty_pages: Generated<number>;
  /** How often in a row its pages did not end. */
  endless: Generated<number>;
}

export interface ContainersTable {
  tenant_id: string;
  mailbox_id: string;
  category: Category;
  folder_id: string;
  /** As Graph knows it in its mailbox. */
  container: string;
  /** The shared mailbox that it is in; `null` for the member's own. */
  shared_mailbox_id: string | null;
  /** Someone else's, shared with the member. */
  is_shared: boolean;
  /** The one that it is in, where Graph says so. */
  parent_id: string | null;
  generation: number;
  item_count: number | null;
  /** Which of the folders that every mailbox has it is. */
  well_known: WellKnownFolder | null;
  sealed: Uint8Array;
}

export interface QuarantineTable {
  tenant_id: string;
  member_id: string;
  category: Category;
  item_id: string;
  stream_key: string;
  /** The shared mailbox that its stream reads; `null` for the member's own. */
  shared_mailbox_id: string | null;
  reason: string;
  sealed: Uint8Array;
  quarantined_at: Date;
  tried_at: Date | null;
}

/** Looking through what is stored after a change of rules: one row a mailbox and category. */
export interface ReviewsTable {
  tenant_id: string;
  review_id: string;
  /** The member whose own rules have changed; `null` for the organization's. */
  scope_id: string | null;
  member_id: string;
  category: Category;
  /** How far it has come, in the order of ids. */
  after_item: string | null;
  looked: Generated<number>;
  removed: Generated<number>;
  started_at: Date;
  ended_at: Date | null;
  /** When one that failed is tried again. */
  retry_at: Date | null;
}
