/**
 * Erases what was synced: the key first, then the rows, then what the feed told of them, then one tombstone and the
 * receipt.
 *
 * Every step can be done again, so that a process that dies anywhere is followed by one that finishes. Nothing
 * comes back: the epoch rose when the erasure was asked for, and no stale round can write.
 */
import type { Category } from '../domain/categories/categories.ts';

export interface Erasure {
  readonly tenantId: string;
  readonly memberId: string;
  readonly category: Category;
  readonly receiptId: string;
  readonly connectionId: string;
}

export interface ErasePorts {
  openErasures(): Promise<readonly Erasure[]>;
  destroyKey(erasure: Erasure): Promise<void>;
  /** Deletes a batch of rows; answers whether any were left to delete. */
  deleteBatch(erasure: Erasure): Promise<boolean>;
  /** Takes the ids of its items out of what the feed has told. */
  forgetTold(erasure: Erasure): Promise<void>;
  /** Tombstone, receipt and audit in one transaction; answers whether it was still open, as another process may be faster. */
  finish(erasure: Erasure, at: Date): Promise<boolean>;
  now(): Date;
}

/** Finishes every open erasure; answers how many this process finished. */
export async function eraseAll(ports: ErasePorts): Promise<number> {
  let finished = 0;
  for (const erasure of await ports.openErasures()) {
    await ports.destroyKey(erasure);
    while (await ports.deleteBatch(erasure)) {
      // One batch a transaction, so that others can work between them.
    }
    await ports.forgetTold(erasure);
    finished += Number(await ports.finish(erasure, ports.now()));
  }
  return finished;
}
