import { expect, test } from '@jest/globals';
import { listItems } from '../../src/content/listItems.ts';
import type { ContentStore, StoredItem } from '../../src/content/ports.ts';
import { aListedFolder } from '../support/buildStream.ts';
import { contentPorts, MARA_NAME } from '../support/contentWorld.ts';
import { AT } from '../support/storedRecords.ts';

const item = (itemId: string, folderId: string): StoredItem => ({
  itemId,
  category: 'mail',
  at: AT,
  folderId,
  level: 'full',
  content: { subject: itemId, people: [] },
});

test('items are listed with the names of their folders, where they can be told', async () => {
  const folders = [aListedFolder('inbox', { name: 'Inbox' }), aListedFolder('sealed', { name: null })];
  const next = { at: AT, itemId: 'three' };
  const page = { items: [item('one', 'inbox'), item('two', 'sealed'), item('three', 'gone')], next };
  const ports = contentPorts({
    store: {
      items: () => Promise.resolve(page),
      containers: () => Promise.resolve(new Map(folders.map((folder) => [folder.id, folder]))),
    },
  });

  expect(await listItems(ports, MARA_NAME, 'mail', null)).toEqual({
    items: [
      { ...item('one', 'inbox'), folderName: 'Inbox' },
      { ...item('two', 'sealed'), folderName: null },
      { ...item('three', 'gone'), folderName: null },
    ],
    next,
  });
});

test('a page continues where the last one ended, with folders of its own category', async () => {
  const from = { at: AT, itemId: 'twenty-five' };
  const asked: unknown[] = [];
  const store: Partial<ContentStore> = {
    items: (...named) => {
      asked.push(named);
      return Promise.resolve({ items: [], next: null });
    },
    containers: (...named) => {
      asked.push(named);
      return Promise.resolve(new Map());
    },
  };

  expect(await listItems(contentPorts({ store }), MARA_NAME, 'tasks', from)).toEqual({ items: [], next: null });
  expect(asked).toEqual([
    [MARA_NAME, 'tasks', from, 25],
    [MARA_NAME, 'tasks'],
  ]);
});
