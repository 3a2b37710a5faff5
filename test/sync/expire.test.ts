import { describe, expect, test } from '@jest/globals';
import type { Category } from '../../src/domain/categories/categories.ts';
import { expireAll, type Expired } from '../../src/sync/expire.ts';
import { AT } from '../support/storedRecords.ts';
import { after } from '../support/syncWorld.ts';

const expired = (category: Category): Expired => ({
  tenantId: 'tenant',
  memberId: 'mara',
  connectionId: 'connection',
  category,
});

/** `batches`: how many full ones there are of each; the clock moves a second with each question. */
async function run(batches: Partial<Record<Category, number>>, found: readonly Expired[]) {
  const steps: string[] = [];
  const left = new Map(Object.entries(batches));
  let seconds = 0;
  const count = await expireAll({
    findExpired: (now) => {
      steps.push(`looked at ${now.toISOString()}`);
      return Promise.resolve(found);
    },
    deleteExpired: ({ category }, at) => {
      const full = left.get(category) ?? 0;
      left.set(category, full - 1);
      steps.push(`${category} at ${at.toISOString()}`);
      return Promise.resolve(full > 0);
    },
    now: () => {
      seconds += 1;
      return after(AT, seconds - 1);
    },
  });
  return { count, steps };
}

describe('what is older than the rules keep', () => {
  test('goes batch by batch until nothing of it is left, each by the rules of its time', async () => {
    expect(await run({ mail: 2, tasks: 0 }, [expired('mail'), expired('tasks')])).toEqual({
      count: 2,
      steps: [
        'looked at 2026-11-29T09:00:00.000Z',
        'mail at 2026-11-29T09:00:01.000Z',
        'mail at 2026-11-29T09:00:02.000Z',
        'mail at 2026-11-29T09:00:03.000Z',
        'tasks at 2026-11-29T09:00:04.000Z',
      ],
    });
  });

  test('may be nothing', async () => {
    expect(await run({}, [])).toEqual({ count: 0, steps: ['looked at 2026-11-29T09:00:00.000Z'] });
  });

  test('stays where it cannot be deleted, and that is told', async () => {
    const broken = new Error('The database is away');
    const deleted: string[] = [];
    const failing = expireAll({
      findExpired: () => Promise.resolve([expired('mail'), expired('tasks')]),
      deleteExpired: ({ category }) => {
        deleted.push(category);
        return Promise.reject(broken);
      },
      now: () => AT,
    });

    await expect(failing).rejects.toBe(broken);
    expect(deleted).toEqual(['mail']);
  });
});
