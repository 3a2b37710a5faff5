/** Tables of items, and of what was erased. */
import type { Generated } from 'kysely';
import type { Category } from '../../domain/categories/categories.ts';
import type { Json } from '../columns.ts';

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

/** Entries of the deletion ledger that this database has followed. */
export interface ReplayedErasuresTable {
  tenant_id: string;
  key_id: string;
  followed_at: Date;
}
