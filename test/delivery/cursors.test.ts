/** A cursor leads back to its place, and to no other feed, filter or installation. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cursorOf, parseCursor } from '../../src/delivery/cursors.ts';
import type { FeedFilter, FeedScope } from '../../src/delivery/ports.ts';

const SECRET = { generation: '0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9', secret: Buffer.alloc(32, 1) };
const ALL: FeedScope = { kind: 'all', organizationIds: null };
const ONE: FeedScope = { kind: 'organization', tenantId: '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001' };
const NOTHING: FeedFilter = { types: null, category: null, memberId: null };
const PLACE = { position: 12, sequence: 4711 };

const scopes = fc.constantFrom(ALL, ONE);
const filters = fc.record<FeedFilter>({
  types: fc.constantFrom(null, ['item.upserted'], ['item.removed', 'item.upserted']),
  category: fc.constantFrom(null, 'mail', 'calendar'),
  memberId: fc.constantFrom(null, '7c2a9e10-0001-4c3d-8e5f-100000000001'),
});

test('leads back to its place', () => {
  fc.assert(
    fc.property(scopes, filters, fc.maxSafeNat(), fc.maxSafeNat(), (scope, filter, position, sequence) => {
      const cursor = cursorOf(SECRET, scope, filter, { position, sequence });

      expect(cursor).toMatch(/^c1\.[A-Za-z0-9_-]+$/);
      expect(parseCursor(SECRET, scope, filter, cursor)).toEqual({ kind: 'place', place: { position, sequence } });
    }),
  );
});

test('with any bit changed it is none', () => {
  const cursor = cursorOf(SECRET, ALL, NOTHING, PLACE);
  const bytes = Buffer.from(cursor.slice(3), 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const text = `c1.${changed.toString('base64url')}`;

    expect(parseCursor(SECRET, ALL, NOTHING, text)).toEqual({ kind: 'invalid' });
  }
});

test.each(['', 'c1.', 'c1.AAAA', 'latest', 'c2.e30', '💥', 'c1.' + 'A'.repeat(900)])('%j is none', (text) => {
  expect(parseCursor(SECRET, ALL, NOTHING, text)).toEqual({ kind: 'invalid' });
});

test('with something that base64 does not count behind it, it is none', () => {
  expect(parseCursor(SECRET, ALL, NOTHING, `${cursorOf(SECRET, ALL, NOTHING, PLACE)}=`)).toEqual({ kind: 'invalid' });
});

describe('belongs to', () => {
  const cursor = cursorOf(SECRET, ONE, { ...NOTHING, category: 'mail' }, PLACE);
  const mail: FeedFilter = { ...NOTHING, category: 'mail' };

  test.each<[string, FeedScope, FeedFilter]>([
    ['its organization', { ...ONE, tenantId: '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1002' }, mail],
    ['its scope', ALL, mail],
    ['its filter', ONE, NOTHING],
    ['its category', ONE, { ...NOTHING, category: 'calendar' }],
  ])('%s', (_what, scope, filter) => {
    expect(parseCursor(SECRET, scope, filter, cursor)).toEqual({ kind: 'notForThis' });
  });

  test('its filter, in whichever order the types were named', () => {
    const one = cursorOf(SECRET, ALL, { ...NOTHING, types: ['item.removed', 'item.upserted'] }, PLACE);
    const other: FeedFilter = { ...NOTHING, types: ['item.upserted', 'item.removed'] };

    expect(parseCursor(SECRET, ALL, other, one)).toEqual({ kind: 'place', place: PLACE });
  });

  test('every key that may read it: which organizations a key knows is not in it', () => {
    const limited: FeedScope = { kind: 'all', organizationIds: ['5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001'] };

    expect(parseCursor(SECRET, limited, NOTHING, cursorOf(SECRET, ALL, NOTHING, PLACE))).toEqual({
      kind: 'place',
      place: PLACE,
    });
  });

  test('its installation', () => {
    expect(parseCursor({ ...SECRET, secret: Buffer.alloc(32, 2) }, ONE, mail, cursor)).toEqual({ kind: 'invalid' });
  });

  test('its generation: a database that was restored has forgotten it', () => {
    const generation = '1c2d3e4f-5061-4728-93a4-b5c6d7e8f90a';

    expect(parseCursor({ ...SECRET, generation }, ONE, mail, cursor)).toEqual({ kind: 'tooOld' });
  });
});
