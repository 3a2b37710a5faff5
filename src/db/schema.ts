/**
 * The tables as Kysely sees them. `tenant_id` leads every key of tenant data.
 *
 * Shapes  Instants are `timestamptz`, read as `Date` on both engines; counters are `bigint`, read as numbers.
 *         `sealed` columns hold AES-GCM envelopes (see sealing.ts); everything else is ids, codes and counts.
 */
import type { ColumnType, Generated } from 'kysely';
import type { AuditDetail } from '../domain/audit.ts';
import type { Reason } from '../domain/reasons.ts';
import type { Audience } from '../domain/audience.ts';
import type { Mode } from '../domain/mode.ts';
import type { Pause, Pauses } from '../domain/pause.ts';
import type { CloudKind, DirectoryCheck, Prompt, Purpose, ServiceGrant } from '../domain/records.ts';
import type { ProductRole } from '../domain/roles.ts';
import type { RelevancePolicy } from '../domain/relevance.ts';
import type { Selection } from '../domain/selection.ts';
import type { Category } from '../domain/categories/categories.ts';
import type { UserConsentKnowledge } from '../domain/userConsent.ts';
import type { WellKnownFolder } from '../domain/wellKnownFolders.ts';

/** A JSON column: read as a value, written as JSON text. */
type Json<T> = ColumnType<T, string, string>;
type DefaultedJson<T> = ColumnType<T, string | undefined, string>;

export interface OrganizationsTable {
  tenant_id: string;
  name: string | null;
  enabled: Generated<boolean>;
  mode: Generated<Mode>;
  selection: Json<Selection>;
  /** What an earlier version wrote has some of it only. */
  relevance: Json<Partial<RelevancePolicy>>;
  pause: Json<Pause | null> | null;
  epoch: Generated<number>;
  version: Generated<number>;
  user_consent: DefaultedJson<UserConsentKnowledge>;
  access: DefaultedJson<Audience>;
  coverage: DefaultedJson<Audience>;
  canary_id: string | null;
  cloud: Generated<CloudKind>;
  cloud_checked_at: Date | null;
  grant_state: Generated<'none' | 'unproven' | 'verified'>;
  grant_scopes: ColumnType<string[], string[] | undefined, string[]>;
  granted_by: string | null;
  granted_at: Date | null;
  grant_proven_at: Date | null;
  grant_missing: ColumnType<string[], string[] | undefined, string[]>;
  grant_missing_since: Date | null;
  grant_checked_at: Date | null;
  service: Json<ServiceGrant | null> | null;
  directory_check: Json<DirectoryCheck | null> | null;
  /** Its share of the workers beside other organizations. */
  weight: Generated<number>;
  created_at: Date;
}

export interface MembersTable {
  tenant_id: string;
  member_id: string;
  name: string | null;
  account: string | null;
  login_hint: string | null;
  product_role: ProductRole | null;
  is_guest: Generated<boolean>;
  is_disabled: Generated<boolean>;
  preference: Json<Selection>;
  pauses: DefaultedJson<Pauses>;
  /** The member's own rules, sealed. */
  rules: Uint8Array | null;
  /** What they say of how long things are kept, in clear. */
  retention_days: number | null;
  mailbox_kind: Generated<'unknown' | 'cloud' | 'onPremises' | 'none' | 'unlicensed'>;
  mailbox_checked_at: Date | null;
  created_at: Date;
  seen_at: Date;
  opened_at: Date | null;
  prompt: Generated<Prompt['state']>;
  prompt_after: Date | null;
}

/** Who was found in the groups that an organization's choices of people name. */
export interface MemberGroupsTable {
  tenant_id: string;
  group_id: string;
  member_id: string;
  checked_at: Date;
}

export interface ConnectionsTable {
  tenant_id: string;
  member_id: string;
  connection_id: string;
  status: 'live' | 'lost' | 'removed';
  lost_reason: string | null;
  epoch: Generated<number>;
  /** Every scope that the newest token carried. */
  scopes: string[];
  scopes_checked_at: Date;
  /** Scopes that are known to come from this member's own consent. */
  personal_scopes: string[];
  revoked_scopes: ColumnType<string[], string[] | undefined, string[]>;
  /** When what is granted is looked at again at the latest. */
  renew_at: Date;
  /** The member ended the connection; only the member begins another one of their own. */
  has_left: Generated<boolean>;
  credential: Uint8Array | null;
  created_at: Date;
}

export interface ConsentsTable {
  tenant_id: string;
  consent_hash: string;
  member_id: string;
  purpose: Purpose;
  mode: Mode;
  grant_for: 'self' | 'everyone';
  link_hash: string | null;
  is_qualified: Generated<boolean>;
  selection: Json<Selection>;
  relevance: Json<Partial<RelevancePolicy> | null>;
  erase: Json<readonly Category[]>;
  epoch: number;
  step: 'created' | 'adminConsent' | 'signIn' | 'redeeming' | 'proving' | 'ended';
  state: 'started' | 'propagating' | 'settling' | 'grantedUnproven' | 'verified' | 'refused' | 'expired';
  reason: string | null;
  browser_hash: string | null;
  granted_by: string | null;
  attempts: Generated<number>;
  attempt_at: Date | null;
  created_at: Date;
  expires_at: Date;
}

export interface ConsentLinksTable {
  tenant_id: string;
  link_hash: string;
  consent_hash: string;
  member_id: string;
  purpose: Purpose;
  mode: Mode;
  grant_for: 'self' | 'everyone';
  selection: Json<Selection>;
  relevance: Json<Partial<RelevancePolicy> | null>;
  erase: Json<readonly Category[]>;
  epoch: number;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
}

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
  container: string;
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
  rejudge_at: Date | null;
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
  container_id: string;
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

export interface ItemsTable {
  tenant_id: string;
  member_id: string;
  category: Category;
  item_id: string;
  connection_id: string;
  change_key: string | null;
  item_at: Date;
  /** No one knows when it was: `item_at` is when it was stored, for the order alone. */
  is_undated: Generated<boolean>;
  folder_id: string;
  level: 'limited' | 'full';
  generation: number;
  /** The source's own time of the newest change; an older version never replaces a newer one. */
  modified_at: Date | null;
  /** Other containers whose readings have it too, with their generations: while it moves, or is in several. */
  elsewhere: Json<Readonly<Record<string, number>>>;
  /** The round that found it in no container any more; removed when all of them were read after that. */
  gone_round: number | null;
  /** Which data key sealed it. */
  key_id: string | null;
  size: number;
  message_hash: string | null;
  conversation_hash: string | null;
  participant_hashes: string[];
  sealed: Uint8Array;
  stored_at: Date;
}

export interface QuarantineTable {
  tenant_id: string;
  member_id: string;
  category: Category;
  item_id: string;
  stream_key: string;
  reason: string;
  sealed: Uint8Array;
  quarantined_at: Date;
  tried_at: Date | null;
}

export interface OutboxTable {
  tenant_id: string;
  sequence: number;
  /** `disconnected`: the member ended the connection; nothing more comes of it. */
  kind: 'upserted' | 'removed' | 'erased' | 'disconnected';
  member_id: string;
  connection_id: string;
  category: Category | 'all';
  item_id: string | null;
  /** For `erased`: everything of the category up to this sequence is gone. */
  up_to: number | null;
  at: Date;
}

export interface HeadsTable {
  tenant_id: string;
  sequence: number;
}

export interface AuditHeadsTable {
  tenant_id: string;
  sequence: number;
  hash: string;
}

export interface AuditTable {
  tenant_id: string;
  sequence: number;
  at: Date;
  actor_id: string | null;
  action: string;
  target: string | null;
  detail: Json<Readonly<Record<string, AuditDetail>>>;
  previous_hash: string;
  hash: string;
}

export interface ErasuresTable {
  /** The key that it destroys, as the deletion ledger names it; empty for none, `null` of earlier versions. */
  key_id: string | null;
  tenant_id: string;
  member_id: string;
  category: Category;
  receipt_id: string;
  connection_id: string;
  state: 'erasing' | 'erased';
  items: Generated<number>;
  started_at: Date;
  ended_at: Date | null;
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

/** Entries of the deletion ledger that this database has followed. */
export interface ReplayedErasuresTable {
  tenant_id: string;
  key_id: string;
  followed_at: Date;
}

export interface Schema {
  organizations: OrganizationsTable;
  members: MembersTable;
  connections: ConnectionsTable;
  consents: ConsentsTable;
  consent_links: ConsentLinksTable;
  member_groups: MemberGroupsTable;
  mailboxes: MailboxesTable;
  streams: StreamsTable;
  subscriptions: SubscriptionsTable;
  notifications: NotificationsTable;
  containers: ContainersTable;
  items: ItemsTable;
  quarantine: QuarantineTable;
  outbox: OutboxTable;
  outbox_heads: HeadsTable;
  audit: AuditTable;
  audit_heads: AuditHeadsTable;
  erasures: ErasuresTable;
  reviews: ReviewsTable;
  followed_deletions: ReplayedErasuresTable;
}
