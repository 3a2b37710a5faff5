import { describe, expect, test } from '@jest/globals';
import { listSetAside, readKept } from '../../src/content/keptItems.ts';
import { listItems } from '../../src/content/listItems.ts';
import type { StoredItem } from '../../src/content/ports.ts';
import type { Category } from '../../src/domain/categories/categories.ts';
import { aListedFolder } from '../support/buildStream.ts';
import { type ContentWorld, contentPorts, MARA_NAME } from '../support/contentWorld.ts';
import { AT, CONNECTED } from '../support/storedRecords.ts';

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

test('items are listed with the names of their folders, where they can be told', async () => {
  const item = (itemId: string, folderId: string): StoredItem => ({
    itemId,
    category: 'mail',
    at: AT,
    folderId,
    level: 'full',
    content: { subject: itemId, people: [] },
  });
  const folder = aListedFolder('inbox', { name: 'Inbox' });
  const next = { at: AT, itemId: 'two' };
  const page = { items: [item('one', 'inbox'), item('two', 'gone')], next };
  const ports = contentPorts({
    store: {
      items: () => Promise.resolve(page),
      containers: () => Promise.resolve(new Map([['inbox', folder]])),
    },
  });

  expect(await listItems(ports, MARA_NAME, 'mail', null)).toEqual({
    items: [
      { ...item('one', 'inbox'), folderName: 'Inbox' },
      { ...item('two', 'gone'), folderName: null },
    ],
    next,
  });
});
