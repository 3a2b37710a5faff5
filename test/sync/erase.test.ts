/** Erasures, expiry and reviews: each step of them, in which order, and what goes on where one fails. */
import { describe, expect, test } from '@jest/globals';
import { eraseAll, type Erasure, type ErasePorts } from '../../src/sync/erase.ts';
import { expireAll, type Expired } from '../../src/sync/expire.ts';
import { type Review, reviewAll } from '../../src/sync/review.ts';

const AT = new Date('2026-11-30T12:00:00Z');
const OF = { tenantId: 'tenant', memberId: 'mara', connectionId: 'connection' };

function erasure(category: Erasure['category']): Erasure {
  return { ...OF, category, receiptId: `receipt of ${category}` };
}

describe('an erasure', () => {
  /** `batches`: how many full ones each category has; `others`: what another process has finished already. */
  function portsFor(
    open: readonly Erasure[],
    batches: Partial<Record<Erasure['category'], number>>,
    others: readonly string[] = [],
  ) {
    const steps: string[] = [];
    const left = new Map(Object.entries(batches));
    const ports: ErasePorts = {
      openErasures: () => Promise.resolve(open),
      destroyKey: ({ category }) => {
        steps.push(`${category}: key`);
        return Promise.resolve();
      },
      deleteBatch: ({ category }) => {
        steps.push(`${category}: batch`);
        const full = left.get(category) ?? 0;
        left.set(category, full - 1);
        return Promise.resolve(full > 0);
      },
      finish: ({ category }, at) => {
        steps.push(`${category}: finished at ${at.toISOString()}`);
        return Promise.resolve(!others.includes(category));
      },
      now: () => AT,
    };
    return { ports, steps };
  }

  test('destroys the key before anything is deleted, and is finished when nothing is left', async () => {
    const { ports, steps } = portsFor([erasure('mail')], { mail: 2 });

    expect(await eraseAll(ports)).toBe(1);
    expect(steps).toEqual([
      'mail: key',
      'mail: batch',
      'mail: batch',
      'mail: batch',
      'mail: finished at 2026-11-30T12:00:00.000Z',
    ]);
  });

  test('comes after the one before it', async () => {
    const { ports, steps } = portsFor([erasure('mail'), erasure('files')], {});

    expect(await eraseAll(ports)).toBe(2);
    expect(steps.map((step) => step.split(':')[0])).toEqual(['mail', 'mail', 'mail', 'files', 'files', 'files']);
  });

  test('that another process was faster with is not counted', async () => {
    const { ports } = portsFor([erasure('mail'), erasure('files')], {}, ['mail']);

    expect(await eraseAll(ports)).toBe(1);
  });

  test('that fails stays open, and says so', async () => {
    const { ports, steps } = portsFor([erasure('mail'), erasure('files')], {});
    const failing = { ...ports, deleteBatch: () => Promise.reject(new Error('no room')) };

    await expect(eraseAll(failing)).rejects.toThrow('no room');
    expect(steps).toEqual(['mail: key']);
  });

  test('of nothing is none', async () => {
    const { ports, steps } = portsFor([], {});

    expect(await eraseAll(ports)).toBe(0);
    expect(steps).toEqual([]);
  });
});

describe('what is older than the rules keep', () => {
  test('goes batch by batch until nothing of it is left', async () => {
    const mail: Expired = { ...OF, category: 'mail' };
    const tasks: Expired = { ...OF, category: 'tasks' };
    const deleted: string[] = [];
    const found = await expireAll({
      findExpired: (now) => Promise.resolve(now === AT ? [mail, tasks] : []),
      deleteExpired: ({ category }) => {
        deleted.push(category);
        return Promise.resolve(deleted.filter((each) => each === category).length < 3 && category === 'mail');
      },
      now: () => AT,
    });

    expect(found).toBe(2);
    expect(deleted).toEqual(['mail', 'mail', 'mail', 'tasks']);
  });
});

describe('a review of the rules', () => {
  const review = (reviewId: string): Review => ({
    tenantId: 'tenant',
    memberId: 'mara',
    isOwn: true,
    reviewId,
    category: 'mail',
  });

  /** `batches`: how many each review takes; zero fails. */
  async function run(batches: Readonly<Record<string, number>>) {
    const steps: string[] = [];
    const left = new Map(Object.entries(batches));
    const count = await reviewAll({
      openReviews: () => Promise.resolve(Object.keys(batches).map(review)),
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
    });
    return { count, steps };
  }

  test('takes turns with the others, so that a short one does not wait for a long one', async () => {
    expect(await run({ long: 3, short: 1 })).toEqual({ count: 2, steps: ['long', 'short', 'long', 'long'] });
  });

  test('that fails is postponed with its reason, and holds up no other', async () => {
    expect(await run({ broken: 0, whole: 2 })).toEqual({
      count: 2,
      steps: ['broken', 'broken postponed at 2026-11-30T12:00:00.000Z: Error: broken cannot be read', 'whole', 'whole'],
    });
  });
});
