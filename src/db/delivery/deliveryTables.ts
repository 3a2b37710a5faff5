/** Tables of the outbox. */
import type { Category } from '../../domain/categories/categories.ts';
import type { LifecycleType } from '../../domain/feed.ts';
import type { Json } from '../columns.ts';

/** `disconnected`: the member ended the connection; nothing more comes of it. */
export type ToldKind = 'upserted' | 'removed' | 'erased' | 'disconnected' | LifecycleType;

/** `void`: what was told of an item that was erased since; its number stays, and nothing else of it. */
export type OutboxKind = ToldKind | 'void';

export interface OutboxTable {
  tenant_id: string;
  sequence: number;
  kind: OutboxKind;
  /** `null` for what happens to an organization. */
  member_id: string | null;
  connection_id: string | null;
  category: Category | 'all' | null;
  item_id: string | null;
  detail: Json<Readonly<Record<string, unknown>>> | null;
  /** For `erased`: everything of the category up to this sequence is gone. */
  up_to: number | null;
  at: Date;
}

export interface HeadsTable {
  tenant_id: string;
  sequence: number;
}

/** Of an API key only its hash is kept. */
export interface ApiKeysTable {
  key_id: string;
  name: string;
  /** SHA-256 of the whole key. */
  hash: string;
  scopes: string[];
  /** `null`: every organization. */
  organization_ids: string[] | null;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
  /** Addresses and networks from which it may be used; `null`: all. */
  allowed_addresses: string[] | null;
  /** The id of a key; `null`: the command. */
  made_by: string | null;
}

/** A request that is to have one effect. */
export interface IdempotentRequestsTable {
  /** A hash of its key, its method and its path. */
  scope: string;
  /** A hash of the whole request. */
  fingerprint: string;
  /** What its chance comes from, as base64: an envelope of the master key. */
  sealed_seed: string;
  /** Until then a process is doing it. */
  lease_until: Date | null;
  /** `null` until it is answered. */
  status: number | null;
  sealed_answer: string | null;
  created_at: Date;
}

/** Numbers of an organization that were committed and that the feed over all organizations doesn't have yet. */
export interface FeedNewsTable {
  tenant_id: string;
  first: number;
  last: number;
}

/** The feed over all organizations: each position is a run of numbers of one organization. */
export interface FeedRunsTable extends FeedNewsTable {
  position: number;
}

/** The newest position: one row, whose lock serializes publishers. */
export interface FeedHeadTable {
  id: boolean;
  position: number;
  /** Up to here everything was removed: the last run's position, and the number of its last change. */
  floor_position: number;
  floor_sequence: number;
}
