import { describe, expect, test } from '@jest/globals';
import { exportAudit, readAuditPage } from '../../src/administration/auditLog.ts';
import type { AuditRecord } from '../../src/administration/ports.ts';
import { AT, MARA } from '../support/storedRecords.ts';

const MARA_ID = '6d3f2d7e-3f0a-4a3e-9d51-0c5f9b1d2a10';

function record(sequence: number, change: Partial<AuditRecord> = {}): AuditRecord {
  return {
    tenantId: 'tenant',
    sequence,
    at: AT,
    actorId: MARA_ID,
    action: 'sync.changed',
    target: null,
    detail: {},
    previousHash: 'a',
    hash: 'b',
    ...change,
  };
}

/** A log of so many acts, newest first. */
function storeOf(count: number, change: Partial<AuditRecord> = {}) {
  const lookedUp: (readonly string[])[] = [];
  return {
    lookedUp,
    audit: (_tenantId: string, before: number | null, limit: number) => {
      const newest = Math.min(count, (before ?? count + 1) - 1);
      return Promise.resolve(
        Array.from({ length: Math.min(limit, newest) }, (_, index) => record(newest - index, change)),
      );
    },
    membersOf: (_tenantId: string, ids: readonly string[]) => {
      lookedUp.push(ids);
      return Promise.resolve(ids.includes(MARA_ID) ? [{ ...MARA, memberId: MARA_ID }] : []);
    },
  };
}

describe('a page of the log', () => {
  test('names who acted and who was acted upon, and looks each up once', async () => {
    const store = storeOf(2, { target: MARA_ID });
    const { events, next } = await readAuditPage(store, 'tenant', null);

    expect(next).toBeNull();
    expect(events).toEqual([
      {
        ...record(2, { target: MARA_ID }),
        actor: { id: MARA_ID, name: MARA.name },
        targeted: { id: MARA_ID, name: MARA.name },
      },
      {
        ...record(1, { target: MARA_ID }),
        actor: { id: MARA_ID, name: MARA.name },
        targeted: { id: MARA_ID, name: MARA.name },
      },
    ]);
    expect(store.lookedUp).toEqual([[MARA_ID]]);
  });

  test('names no one for Assent itself, and asks for no name of what is not a person', async () => {
    const store = storeOf(1, { actorId: null, target: 'a-receipt' });
    const { events } = await readAuditPage(store, 'tenant', null);

    expect(events).toMatchObject([{ actor: null, targeted: { id: 'a-receipt', name: null } }]);
    expect(store.lookedUp).toEqual([[]]);
  });

  test('ends after fifty, and the next begins where it ended', async () => {
    const store = storeOf(51);
    const first = await readAuditPage(store, 'tenant', null);
    const second = await readAuditPage(store, 'tenant', first.next);

    expect([first.events.length, first.next]).toEqual([50, 2]);
    expect([second.events.map(({ sequence }) => sequence), second.next]).toEqual([[1], null]);
  });

  test('of exactly fifty has none behind it', async () => {
    expect((await readAuditPage(storeOf(50), 'tenant', null)).next).toBeNull();
  });
});

describe('the whole log', () => {
  test.each([0, 1, 499, 500, 501, 1_001])('of %i acts comes once, newest first', async (count) => {
    const sequences: number[] = [];
    for await (const page of exportAudit(storeOf(count), 'tenant')) {
      sequences.push(...page.map(({ sequence }) => sequence));
    }

    expect(sequences).toEqual(Array.from({ length: count }, (_, index) => count - index));
  });
});
