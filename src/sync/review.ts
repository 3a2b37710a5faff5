/**
 * Looks through what is stored after a change of rules, and removes what they exclude now.
 *
 * Every batch is one transaction that notes how far it has come, so that a process that dies anywhere is followed by
 * one that goes on. What has become relevant comes by the streams, which are read anew.
 */
import type { Category } from '../domain/selection.ts';

export interface Review {
  readonly tenantId: string;
  readonly reviewId: string;
  readonly memberId: string;
  readonly category: Category;
}

export interface ReviewPorts {
  openReviews(): Promise<readonly Review[]>;
  /** Judges one batch; answers whether there is more to look at. */
  reviewBatch(review: Review, at: Date): Promise<boolean>;
  now(): Date;
}

/** Finishes every open review; answers how many mailboxes and categories there were. */
export async function reviewAll(ports: ReviewPorts): Promise<number> {
  const open = await ports.openReviews();
  for (const review of open) {
    while (await ports.reviewBatch(review, ports.now())) {
      // One batch a transaction, so that others can work between them.
    }
  }
  return open.length;
}
