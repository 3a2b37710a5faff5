/** What is sent next of an organization's changes. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bodyOf, planBatch } from '../../src/delivery/planBatch.ts';
import type { Endpoint, LaneRow, LaneStretch } from '../../src/delivery/webhookPorts.ts';
import type { ChangeType } from '../../src/domain/feed.ts';

const TENANT = '11111111-0000-4000-8000-000000000001';
const MEMBER = '22222222-0000-4000-8000-000000000001';
const CONNECTION = '33333333-0000-4000-8000-000000000001';
const AT = new Date('2026-11-30T12:00:00Z');
const EVERYTHING: Pick<Endpoint, 'events' | 'payload'> = { events: null, payload: 'changes' };

function row(sequence: number, type: ChangeType | null, itemId: string | null = `item ${sequence}`): LaneRow {
  const at = new Date(AT.getTime() + sequence);
  const category = type === 'connection.ended' ? null : 'mail';
  const upTo = type === 'category.erased' ? sequence : null;
  const isItem = type === 'item.upserted' || type === 'item.removed';
  return {
    sequence,
    type,
    memberId: MEMBER,
    connectionId: CONNECTION,
    category,
    itemId: isItem ? itemId : null,
    upTo,
    detail: null,
    at,
  };
}

/** Rows behind the fourth number. */
function stretch(...types: readonly (ChangeType | null)[]): LaneStretch {
  const rows = types.map((type, index) => row(index + 5, type));
  return { tenantId: TENANT, after: 4, rows, floor: 0, at: AT };
}

const told = (sequence: number, type: ChangeType) => ({
  sequence,
  type,
  memberId: MEMBER,
  category: 'mail',
  itemId: `item ${sequence}`,
});
const textOf = (type: string, sequence: number, data: object) =>
  JSON.stringify({ type, timestamp: new Date(AT.getTime() + sequence).toISOString(), data });

test('items that changed are one event, in their order', () => {
  expect(planBatch(stretch('item.upserted', 'item.removed'), EVERYTHING)).toEqual({
    event: 'items.changed',
    range: { tenantId: TENANT, first: 5, last: 6 },
    body: textOf('items.changed', 6, {
      organizationId: TENANT,
      from: 5,
      to: 6,
      changes: [told(5, 'item.upserted'), told(6, 'item.removed')],
    }),
  });
});

test('what is told by itself ends them', () => {
  expect(planBatch(stretch('item.upserted', 'category.erased', 'item.upserted'), EVERYTHING)?.range).toEqual({
    tenantId: TENANT,
    first: 5,
    last: 5,
  });
});

test('an erasure is an event of its own', () => {
  expect(planBatch(stretch('category.erased', 'item.upserted'), EVERYTHING)).toEqual({
    event: 'category.erased',
    range: { tenantId: TENANT, first: 5, last: 5 },
    body: textOf('category.erased', 5, {
      organizationId: TENANT,
      sequence: 5,
      memberId: MEMBER,
      connectionId: CONNECTION,
      category: 'mail',
      upTo: 5,
    }),
  });
});

test('so is the end of a connection, and it covers what was erased before it', () => {
  expect(planBatch(stretch(null, null, 'connection.ended'), EVERYTHING)).toEqual({
    event: 'connection.ended',
    range: { tenantId: TENANT, first: 5, last: 7 },
    body: textOf('connection.ended', 7, {
      organizationId: TENANT,
      sequence: 7,
      memberId: MEMBER,
      connectionId: CONNECTION,
    }),
  });
});

test('what was erased since is passed over, and so is what follows it', () => {
  const batch = planBatch(stretch(null, 'item.upserted', null), EVERYTHING);
  expect(batch).toEqual({
    event: 'items.changed',
    range: { tenantId: TENANT, first: 5, last: 7 },
    body: textOf('items.changed', 6, {
      organizationId: TENANT,
      from: 5,
      to: 7,
      changes: [told(6, 'item.upserted')],
    }),
  });
});

test('where nothing is wanted, nothing is sent', () => {
  expect(planBatch(stretch(null, null), EVERYTHING)).toBeNull();
  expect(planBatch(stretch('item.upserted'), { events: ['webhook.disabled'], payload: 'changes' })).toBeNull();
  expect(planBatch(stretch(), EVERYTHING)).toBeNull();
});

test('an endpoint that is only told how far the feed has come is sent no ids', () => {
  const batch = planBatch(stretch('item.upserted', 'item.upserted', 'category.erased'), {
    events: null,
    payload: 'hint',
  });
  expect(batch?.range).toEqual({ tenantId: TENANT, first: 5, last: 6 });
  expect(batch?.body).toBe(textOf('items.changed', 6, { organizationId: TENANT, from: 5, to: 6, changes: [] }));
});

test('what was removed before it could be sent is a gap', () => {
  expect(planBatch({ ...stretch('item.upserted', 'item.upserted'), after: 4, floor: 5 }, EVERYTHING)).toEqual({
    event: 'feed.gap',
    range: { tenantId: TENANT, first: 5, last: 5 },
    body: bodyOf('feed.gap', AT, { organizationId: TENANT, from: 5, to: 5 }),
  });
});

describe('whatever there is', () => {
  const types = fc.constantFrom<ChangeType | null>(
    'item.upserted',
    'item.upserted',
    'item.removed',
    'category.erased',
    'connection.ended',
    null,
  );
  const ids = fc.string({ minLength: 1, maxLength: 400, unit: 'binary' });
  const rows = fc.array(fc.tuple(types, ids), { maxLength: 200 });

  test('batches cover every number once, tell every change once, and stay below 17 KB', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const all = given.map(([type, id], index) => row(index + 1, type, id));
        const found: unknown[] = [];
        for (let after = 0; after < all.length;) {
          const batch = planBatch({ tenantId: TENANT, after, rows: all.slice(after), floor: 0, at: AT }, EVERYTHING);
          if (batch === null) {
            break;
          }
          expect(batch.range).toMatchObject({ first: after + 1 });
          expect(Buffer.byteLength(batch.body)).toBeLessThan(17 * 1024);
          const { data }: { data: { changes?: { sequence: number }[]; sequence?: number } } = JSON.parse(batch.body);
          found.push(...(data.changes ?? [data]).map(({ sequence }) => sequence));
          after = batch.range?.last ?? all.length;
        }
        expect(found).toEqual(all.filter(({ type }) => type !== null).map(({ sequence }) => sequence));
      }),
    );
  });
});
