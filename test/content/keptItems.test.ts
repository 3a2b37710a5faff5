import { describe, expect, test } from '@jest/globals';
import { listSetAside, readKept } from '../../src/content/keptItems.ts';
import type { ContentPorts } from '../../src/content/ports.ts';
import type { Category } from '../../src/domain/categories/categories.ts';
import type { Receipt } from '../../src/domain/records.ts';
import { type ContentWorld, contentPorts, MARA_NAME } from '../support/contentWorld.ts';
import { AT, CONNECTED } from '../support/storedRecords.ts';

const RECEIPT: Receipt = { receiptId: 'receipt', state: 'erased', startedAt: AT, endedAt: AT, items: { mail: 12 } };
const COUNTS = new Map<Category, number>([
  ['mail', 7],
  ['calendar', 3],
  ['tasks', 0],
]);
const store = {
  count: (_member: unknown, categories: readonly Category[]) =>
    Promise.resolve(new Map([...COUNTS].filter(([category]) => categories.includes(category)))),
};
const kept = async (world: Partial<ContentWorld>) =>
  (await readKept(contentPorts({ store, ...world }), MARA_NAME))?.kept;

describe('what is kept', () => {
  test('is what is off and has items', async () => {
    expect(await kept({})).toEqual([{ category: 'calendar', items: 3 }]);
  });

  test('is everything after a disconnect', async () => {
    const all = [
      { category: 'mail', items: 7 },
      { category: 'calendar', items: 3 },
    ];

    expect(await kept({ connection: { ...CONNECTED, status: 'removed' } })).toEqual(all);
    expect(await kept({ connection: null })).toEqual(all);
  });

  test('is not what is only on hold', async () => {
    expect(await kept({ connection: { ...CONNECTED, status: 'lost' } })).toEqual([{ category: 'calendar', items: 3 }]);
  });

  test('is not what is being erased, even after a disconnect', async () => {
    expect(await kept({ connection: null, erasing: ['mail'] })).toEqual([{ category: 'calendar', items: 3 }]);
  });

  test('is told with the newest fifty receipts', async () => {
    const asked: unknown[] = [];
    const ports = contentPorts({ store });
    const records: ContentPorts['records'] = {
      ...ports.records,
      receipts: (...named) => {
        asked.push(named);
        return Promise.resolve([RECEIPT]);
      },
    };

    expect(await readKept({ ...ports, records }, MARA_NAME)).toEqual({
      kept: [{ category: 'calendar', items: 3 }],
      receipts: [RECEIPT],
    });
    expect(asked).toEqual([['tenant', 'mara', 50]]);
  });

  test('of a member who is not known is not told', async () => {
    const ports = contentPorts({ store });
    const records = { ...ports.records, decisionFacts: () => Promise.resolve(null) };

    expect(await readKept({ ...ports, records }, MARA_NAME)).toBeNull();
  });
});

test('what was set aside is listed up to two hundred', async () => {
  const limits: number[] = [];
  const setAside = (_member: unknown, limit: number) => {
    limits.push(limit);
    return Promise.resolve([{ category: 'mail' as const, reason: 'tooHeavy', raw: null, at: AT }]);
  };

  expect(await listSetAside(contentPorts({ store: { setAside } }), MARA_NAME)).toEqual([
    { category: 'mail', reason: 'tooHeavy', raw: null, at: AT },
  ]);
  expect(limits).toEqual([200]);
});
