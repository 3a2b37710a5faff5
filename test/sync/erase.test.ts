/** Each step of an erasure, in which order, and what goes on where one fails. */
import { describe, expect, test } from '@jest/globals';
import { eraseAll, type Erasure, type ErasePorts } from '../../src/sync/erase.ts';

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
      forgetTold: ({ category }) => {
        steps.push(`${category}: told`);
        return Promise.resolve();
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
      'mail: told',
      'mail: finished at 2026-11-30T12:00:00.000Z',
    ]);
  });

  test('comes after the one before it', async () => {
    const { ports, steps } = portsFor([erasure('mail'), erasure('files')], {});

    expect(await eraseAll(ports)).toBe(2);
    expect(steps.map((step) => step.split(':')[0])).toEqual([
      'mail',
      'mail',
      'mail',
      'mail',
      'files',
      'files',
      'files',
      'files',
    ]);
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
