import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SyncedItem } from '../../src/domain/items.ts';
import { EVERYTHING } from '../../src/domain/relevance.ts';
import { mergePage } from '../../src/sync/mergePage.ts';
import type { Change } from '../../src/sync/ports.ts';

const NOON = new Date('2026-11-21T12:00:00Z');

function item(itemId: string, changeKey: string, address = 'nora@quillworks.example'): SyncedItem {
  return { itemId, changeKey, at: NOON, content: { subject: changeKey, people: [{ address, role: 'from' }] } };
}

const changes: fc.Arbitrary<Change<SyncedItem>> = fc.oneof(
  fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.string())
    .map(([id, key]) => ({ kind: 'upsert' as const, item: item(id, key) })),
  fc.constantFrom('a', 'b', 'c').map((id) => ({ kind: 'removed' as const, id })),
);

/** What is stored after pages were applied in order. */
function apply(pages: readonly (readonly Change<SyncedItem>[])[]): ReadonlyMap<string, string | null> {
  const stored = new Map<string, string | null>();
  for (const page of pages) {
    const { upserts, removals } = mergePage(page, EVERYTHING);
    upserts.forEach(({ itemId, changeKey }) => stored.set(itemId, changeKey));
    removals.forEach((id) => stored.delete(id));
  }
  return stored;
}

describe('merging a page', () => {
  test('SYN-04 of an item that comes several times the last word counts', () => {
    const page = [
      { kind: 'upsert', item: item('a', 'old') },
      { kind: 'removed', id: 'a' },
      { kind: 'upsert', item: item('a', 'new') },
    ] as const;

    expect(mergePage(page, EVERYTHING)).toMatchObject({ upserts: [{ changeKey: 'new' }], removals: [] });
  });

  test('what became irrelevant is removed', () => {
    const page = [{ kind: 'upsert', item: item('a', '1', 'x@harborreed.example') }] as const;

    expect(mergePage(page, { ignoredDomains: ['harborreed.example'] })).toEqual({
      upserts: [],
      removals: ['a'],
      unreadable: [],
    });
  });

  test('SYN-18 an unreadable item is set aside and the others go on', () => {
    const page = [
      { kind: 'unreadable', id: 'bad', reason: 'id: invalid', raw: {} },
      { kind: 'upsert', item: item('a', '1') },
    ] as const;

    expect(mergePage(page, EVERYTHING)).toMatchObject({ upserts: [{ itemId: 'a' }], unreadable: [{ itemId: 'bad' }] });
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
