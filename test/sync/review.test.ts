import { describe, expect, test } from '@jest/globals';
import { type Review, reviewAll, type ReviewPorts } from '../../src/sync/review.ts';
import { AT } from '../support/storedRecords.ts';

const review = (reviewId: string): Review => ({
  tenantId: 'tenant',
  memberId: 'mara',
  isOwn: true,
  reviewId,
  category: 'mail',
});

/** `batches`: how many each review takes; zero fails. */
async function run(batches: Readonly<Record<string, number>>, change: Partial<ReviewPorts> = {}) {
  const steps: string[] = [];
  const left = new Map(Object.entries(batches));
  const count = await reviewAll({
    openReviews: (now) => {
      steps.push(`open at ${now.toISOString()}`);
      return Promise.resolve(Object.keys(batches).map(review));
    },
    reviewBatch: ({ reviewId }) => {
      const more = (left.get(reviewId) ?? 0) - 1;
      left.set(reviewId, more);
      steps.push(reviewId);
      return more < 0 ? Promise.reject(new Error(`${reviewId} cannot be read`)) : Promise.resolve(more > 0);
    },
    postponeReview: ({ reviewId }, error, at) => {
      steps.push(`${reviewId} postponed at ${at.toISOString()}: ${String(error)}`);
      return Promise.resolve();
    },
    now: () => AT,
    ...change,
  });
  return { count, steps };
}

const OPEN = 'open at 2026-11-29T09:00:00.000Z';

describe('a review of the rules', () => {
  test('takes turns with the others, so that a short one does not wait for a long one', async () => {
    expect(await run({ long: 3, short: 1, middle: 2 })).toEqual({
      count: 3,
      steps: [OPEN, 'long', 'short', 'middle', 'long', 'middle', 'long'],
    });
  });

  test('that fails is postponed with its reason, and holds up no other', async () => {
    expect(await run({ broken: 0, whole: 2 })).toEqual({
      count: 2,
      steps: [
        OPEN,
        'broken',
        'broken postponed at 2026-11-29T09:00:00.000Z: Error: broken cannot be read',
        'whole',
        'whole',
      ],
    });
  });

  test('is not looked for again within the same run', async () => {
    expect(await run({})).toEqual({ count: 0, steps: [OPEN] });
  });

  test('that cannot even be postponed ends the run', async () => {
    const away = new Error('The database is away');

    await expect(run({ broken: 0, whole: 2 }, { postponeReview: () => Promise.reject(away) })).rejects.toBe(away);
  });
});
