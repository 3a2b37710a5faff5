/** Removes what is older than the rules of retention keep, also where nothing is synced any more. */
import type { Category } from '../domain/categories/categories.ts';

/** Something of a member's that is older than their rules keep. */
export interface Expired {
  readonly tenantId: string;
  readonly memberId: string;
  readonly connectionId: string;
  readonly category: Category;
}

export interface ExpirePorts {
  findExpired(now: Date): Promise<readonly Expired[]>;
  /** Deletes a batch by the rules that hold then; answers whether there is more. */
  deleteExpired(findExpired: Expired, at: Date): Promise<boolean>;
  now(): Date;
}

/** Answers in how many categories of how many members there was something to remove. */
export async function expireAll(ports: ExpirePorts): Promise<number> {
  const found = await ports.findExpired(ports.now());
  for (const each of found) {
    while (await ports.deleteExpired(each, ports.now())) {
      // One batch a transaction, so that others can work between them.
    }
  }
  return found.length;
}
