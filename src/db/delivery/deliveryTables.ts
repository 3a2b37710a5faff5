/** Tables of the outbox. */
import type { Category } from '../../domain/categories/categories.ts';

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
