import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SyncedItem } from '../../src/domain/items.ts';
import { mergePage } from '../../src/sync/mergePage.ts';
import type { Change } from '../../src/sync/ports.ts';

const NOON = new Date('2026-11-21T12:00:00Z');

function item(itemId: string, changeKey: string, address = 'nora@quillworks.example'): SyncedItem {
  const content = { subject: changeKey, people: [{ address, role: 'from' as const }] };
  return { itemId, changeKey, modifiedAt: null, at: NOON, content };
}

function upsert(changed: SyncedItem): Change<SyncedItem> {
  return { kind: 'upsert', id: changed.itemId, item: changed };
}

const changes: fc.Arbitrary<Change<SyncedItem>> = fc.oneof(
  fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.string()).map(([id, key]) => upsert(item(id, key))),
  fc.constantFrom('a', 'b', 'c').map((id) => ({ kind: 'removed' as const, id })),
);

/** What is stored after pages were applied in order. */
function apply(pages: readonly (readonly Change<SyncedItem>[])[]): ReadonlyMap<string, string | null> {
  const stored = new Map<string, string | null>();
  for (const page of pages) {
    const { upserts, removals } = mergePage(page, () => true);
    upserts.forEach(({ itemId, changeKey }) => stored.set(itemId, changeKey));
    removals.forEach((id) => stored.delete(id));
  }
  return stored;
}

describe('merging a page', () => {
  test('SYN-04 of an item that comes several times the last word counts', () => {
    const page = [upsert(item('a', 'old')), { kind: 'removed', id: 'a' } as const, upsert(item('a', 'new'))];

    expect(mergePage(page, () => true)).toMatchObject({ upserts: [{ changeKey: 'new' }], removals: [] });
  });

  test('SYN-04 an older version that comes last does not replace a newer one', () => {
    const newer = { ...item('a', 'new'), modifiedAt: new Date('2026-11-21T11:00:00Z') };
    const older = { ...item('a', 'old'), modifiedAt: new Date('2026-11-21T10:00:00Z') };

    expect(mergePage([upsert(newer), upsert(older)], () => true)).toMatchObject({ upserts: [{ changeKey: 'new' }] });
  });

  test('SYN-04 of two that are equally old the last counts, and what has no date does not judge', () => {
    const at = new Date('2026-11-21T11:00:00Z');
    const dated = (key: string) => ({ ...item('a', key), modifiedAt: at });
    const merge = (...items: readonly SyncedItem[]) => mergePage(items.map(upsert), () => true).upserts;

    expect(merge(dated('first'), dated('second'))).toEqual([dated('second')]);
    expect(merge(dated('dated'), item('a', 'undated'))).toEqual([item('a', 'undated')]);
    expect(merge(item('a', 'undated'), dated('dated'))).toEqual([dated('dated')]);
  });

  test('what is there as it is stored, or is not whole, changes nothing but that it was met', () => {
    const page = [
      { kind: 'seen', id: 'a' },
      { kind: 'partial', id: 'b', changeKey: null, raw: {} },
    ] as const;

    expect(mergePage(page, () => true)).toEqual({
      upserts: [],
      removals: [],
      excluded: [],
      seen: ['a', 'b'],
      unreadable: [],
    });
  });

  test('what became irrelevant is removed, wherever it is', () => {
    const page = [upsert(item('a', '1', 'x@harborreed.example'))];

    expect(mergePage(page, ({ itemId }) => itemId !== 'a')).toEqual({
      upserts: [],
      removals: [],
      excluded: [{ itemId: 'a', modifiedAt: null }],
      seen: [],
      unreadable: [],
    });
  });

  test('SYN-18 an unreadable item is set aside and the others continue', () => {
    const page = [{ kind: 'unreadable', id: 'bad', reason: 'id: invalid', raw: {} } as const, upsert(item('a', '1'))];

    expect(mergePage(page, () => true)).toMatchObject({ upserts: [{ itemId: 'a' }], unreadable: [{ itemId: 'bad' }] });
  });

  test('applying the same pages twice, or cut elsewhere, ends in the same state', () => {
    fc.assert(
      fc.property(fc.array(changes), fc.nat(), (all, cut) => {
        const at = all.length === 0 ? 0 : cut % (all.length + 1);
        const whole = apply([all]);
        expect(apply([all, all])).toEqual(whole);
        expect(apply([all.slice(0, at), all.slice(at)])).toEqual(whole);
      }),
    );
  });
});
