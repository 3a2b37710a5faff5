/** Items of a member: their pages, and what a cursor of them is good for. */
import { expect, test } from '@jest/globals';
import type { DeliveredItem, ItemFilter, ItemName, ItemStore } from '../../src/delivery/ports.ts';
import { type ItemsPage, PAGE_BYTES, readItems, readNamedItems } from '../../src/delivery/readItems.ts';
import { refuse } from '../../src/domain/problems.ts';
import { anItem } from '../support/anItem.ts';

const MEMBER = { tenantId: '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001', memberId: '7c2a9e10-0001-4c3d-8e5f-100000000001' };
const EVERYTHING: ItemFilter = {
  category: null,
  folderId: null,
  participant: null,
  conversationId: null,
  modifiedSince: null,
};
const named = (itemId: string): ItemName => ({ ...MEMBER, category: 'mail', itemId });

/** A store of these items, in this order, and what was asked of it. */
function portsOf(stored: readonly DeliveredItem[]) {
  const asked: Parameters<ItemStore['list']>[] = [];
  const items: ItemStore = {
    list: (...request) => {
      asked.push(request);
      const [, , after, most] = request;
      const rest = stored.slice(after === null ? 0 : stored.findIndex(({ itemId }) => itemId === after.itemId) + 1);
      const page = rest.slice(0, most.items);
      const last = page.at(-1);
      const next = rest.length > page.length && last !== undefined ? last : null;
      return Promise.resolve({ items: page, next });
    },
    read: (names) =>
      Promise.resolve(stored.filter(({ itemId }) => names.some((name) => name.itemId === itemId)).toReversed()),
    sizes: (names) => Promise.resolve(names.map(() => 1)),
  };
  return { asked, ports: { items, cursors: { generation: 'a generation', secret: Buffer.alloc(32, 1) } } };
}

function pageIn(result: Awaited<ReturnType<typeof readItems>>): ItemsPage {
  if (result.kind !== 'page') {
    throw new Error(`It was refused: ${result.code}`);
  }
  return result;
}

test('pages go on where the last one ended, to the end', async () => {
  const { ports, asked } = portsOf(['a', 'b', 'c'].map((id) => anItem(named(id))));
  const request = { member: MEMBER, filter: EVERYTHING, limit: 2 };
  const first = pageIn(await readItems(ports, { ...request, cursor: null }));
  const second = pageIn(await readItems(ports, { ...request, cursor: first.next }));

  expect(first.items.map(({ itemId }) => itemId)).toEqual(['a', 'b']);
  expect([second.items.map(({ itemId }) => itemId), second.next]).toEqual([['c'], null]);
  expect(asked).toEqual([
    [MEMBER, EVERYTHING, null, { items: 2, bytes: PAGE_BYTES }],
    [MEMBER, EVERYTHING, { category: 'mail', itemId: 'b' }, { items: 2, bytes: PAGE_BYTES }],
  ]);
});

test.each<[string, typeof MEMBER, ItemFilter]>([
  ['another member', { ...MEMBER, memberId: '7c2a9e10-0001-4c3d-8e5f-100000000009' }, EVERYTHING],
  ['another organization', { ...MEMBER, tenantId: '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1002' }, EVERYTHING],
  ['another category', MEMBER, { ...EVERYTHING, category: 'mail' }],
  ['another folder', MEMBER, { ...EVERYTHING, folderId: 'inbox' }],
  ['another participant', MEMBER, { ...EVERYTHING, participant: 'nora@quillworks.example' }],
  ['another conversation', MEMBER, { ...EVERYTHING, conversationId: 'c' }],
  ['another time', MEMBER, { ...EVERYTHING, modifiedSince: new Date('2026-11-30T12:00:00Z') }],
])('a cursor is not for %s', async (_what, member, filter) => {
  const { ports } = portsOf(['a', 'b'].map((id) => anItem(named(id))));
  const { next } = pageIn(await readItems(ports, { member: MEMBER, filter: EVERYTHING, limit: 1, cursor: null }));

  expect(await readItems(ports, { member, filter, limit: 1, cursor: next })).toEqual(refuse('cursor_not_for_this'));
});

test.each(['', 'i1.', 'i1.AAAA', 'c1.e30', 'latest'])('%j is no cursor', async (cursor) => {
  const { ports } = portsOf([]);

  expect(await readItems(ports, { member: MEMBER, filter: EVERYTHING, limit: 1, cursor })).toEqual(
    refuse('cursor_invalid'),
  );
});

test('a cursor names no address', async () => {
  const { ports } = portsOf(['a', 'b'].map((id) => anItem(named(id))));
  const filter = { ...EVERYTHING, participant: 'nora@quillworks.example' };
  const { next } = pageIn(await readItems(ports, { member: MEMBER, filter, limit: 1, cursor: null }));

  expect(Buffer.from((next ?? '').slice(3), 'base64url').toString('latin1')).not.toContain('quillworks');
});

test('named items come in the order of their names, each once, and the rest is missing', async () => {
  const { ports } = portsOf(['a', 'b'].map((id) => anItem(named(id))));
  const { items, missing } = await readNamedItems(ports, ['b', 'gone', 'a', 'b'].map(named));

  expect(items.map(({ itemId }) => itemId)).toEqual(['b', 'a']);
  expect(missing).toEqual([named('gone')]);
});
