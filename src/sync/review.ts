/**
 * Looks through what is stored after a change of rules, and removes what they exclude now.
 *
 * Every batch is one transaction that notes how far it has come, so that a process that dies anywhere is followed by
 * one that continues. What has become relevant comes by the streams, which are reread.
 */
import type { Category } from '../domain/categories/categories.ts';

export interface Review {
  readonly tenantId: string;
  readonly reviewId: string;
  /** Whether the member's own rules have changed, and not the organization's. */
  readonly isOwn: boolean;
  readonly memberId: string;
  readonly category: Category;
}

export interface ReviewPorts {
  openReviews(now: Date): Promise<readonly Review[]>;
  /** Judges one batch; answers whether there is more to look at. */
  reviewBatch(review: Review, at: Date): Promise<boolean>;
  /** Leaves one that failed for later, and says why. */
  postponeReview(review: Review, error: unknown, at: Date): Promise<void>;
  now(): Date;
}

/** Takes batches of every open review in turn, so that none waits for a large one; answers how many there were. */
export async function reviewAll(ports: ReviewPorts): Promise<number> {
  const open = await ports.openReviews(ports.now());
  let left = open;
  while (left.length > 0) {
    const unfinished: Review[] = [];
    for (const review of left) {
      if (await reviewOne(ports, review)) {
        unfinished.push(review);
      }
    }
    left = unfinished;
  }
  return open.length;
}

async function reviewOne(ports: ReviewPorts, review: Review): Promise<boolean> {
  try {
    return await ports.reviewBatch(review, ports.now());
  } catch (error) {
    await ports.postponeReview(review, error, ports.now());
    return false;
  }
}
