/** What follows a change: who is woken, what the history says, whose screens are told, and nothing of what is rolled back. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ConsentWriter, RecordedChange } from '../../../src/consent/store.ts';
import { openConsentStore } from '../../../src/db/consent/consentStore.ts';
import type { Database } from '../../../src/db/openDatabase.ts';
import { readAudit } from '../../../src/db/organization/audit.ts';
import { CHANGES_CHANNEL, notify, transact, WAKE_CHANNEL } from '../../../src/db/transact.ts';
import { aPrincipal } from '../../support/aPrincipal.ts';
import { ENGINES, openTestDatabase } from '../../support/databases.ts';

const MADE = new Date('2026-11-21T10:00:00Z');
const NOON = new Date('2026-11-21T12:00:00Z');

describe.each(ENGINES)('on %s', (engine) => {
  let database: Database;
  const heard: string[] = [];
  let tenantId: string;
  const connected = randomUUID();
  const left = randomUUID();
  const visitor = randomUUID();

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    for (const channel of [CHANGES_CHANNEL, WAKE_CHANNEL]) {
      await database.listen(channel, (payload) => heard.push(`${channel} ${payload}`));
    }
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    tenantId = randomUUID();
    await openConsentStore(database, () => MADE).transact(async (writer) => {
      await writer.addOrganization(tenantId, MADE);
      await connect(writer, connected);
      await connect(writer, left);
      await writer.recordVisit(aPrincipal(tenantId, visitor), MADE);
      const connection = await writer.lockConnection(tenantId, left);
      if (connection !== null) {
        await writer.removeConnection(connection, MADE);
      }
    });
    await everythingHeard();
  });

  async function connect(writer: ConsentWriter, memberId: string): Promise<void> {
    await writer.recordVisit(aPrincipal(tenantId, memberId), MADE);
    await writer.saveConnection({
      tenantId,
      memberId,
      connectionId: randomUUID(),
      scopes: ['Mail.Read'],
      personalScopes: [],
      revokedScopes: [],
      credential: null,
      at: MADE,
    });
  }

  /** What was heard since the last time. Notices come in order: when a later one is here, so are all. */
  async function everythingHeard(): Promise<readonly string[]> {
    const last = randomUUID();
    await transact(database, (tx) => notify(tx, CHANGES_CHANNEL, last));
    const deadline = Date.now() + 10_000;
    while (!heard.some((notice) => notice.endsWith(last)) && Date.now() < deadline) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    return heard.splice(0).filter((notice) => !notice.endsWith(last));
  }

  async function record(change: Omit<RecordedChange, 'tenantId' | 'at'>): Promise<void> {
    await openConsentStore(database, () => NOON).transact((writer) => writer.record({ tenantId, at: NOON, ...change }));
  }

  async function woken(): Promise<readonly string[]> {
    const rows = await database.kysely
      .selectFrom('mailboxes')
      .select('mailbox_id')
      .where('tenant_id', '=', tenantId)
      .where('due_at', '=', NOON)
      .execute();
    return rows.map((row) => row.mailbox_id).toSorted();
  }

  test('everyone is woken who has a connection; who is named is woken in any case', async () => {
    await record({ wake: 'everyone' });
    const all = await woken();
    await record({ wake: [left] });
    const named = await woken();

    expect(all).toEqual([connected]);
    expect(named).toEqual([connected, left].toSorted());
  });

  test('the screens of those who are named are told, or of everyone at once, and the worker once a change', async () => {
    await record({ tell: [connected, visitor], wake: [connected, left] });
    const named = await everythingHeard();
    await record({ tell: 'everyone' });
    const all = await everythingHeard();

    expect(named.toSorted()).toEqual(
      [
        `${CHANGES_CHANNEL} ${tenantId}/${connected}`,
        `${CHANGES_CHANNEL} ${tenantId}/${visitor}`,
        `${WAKE_CHANNEL} `,
      ].toSorted(),
    );
    expect(all).toEqual([`${CHANGES_CHANNEL} ${tenantId}/`]);
  });

  test('the history says the acts in their order, and a change that says nothing adds nothing', async () => {
    const act = { actorId: visitor, target: null, detail: {} };
    await record({
      acts: [
        { ...act, action: 'organization.paused' },
        { ...act, action: 'organization.resumed' },
      ],
    });
    await record({ tell: 'everyone', wake: 'everyone' });
    const events = await readAudit(database.kysely, tenantId, null, 10);

    expect(events.map(({ action, actorId, at }) => [action, actorId, at])).toEqual([
      ['organization.resumed', visitor, NOON],
      ['organization.paused', visitor, NOON],
    ]);
  });

  test('nothing of a transaction that failed is left', async () => {
    const failing = openConsentStore(database, () => NOON).transact(async (writer) => {
      const acts = [{ actorId: null, action: 'organization.paused', target: null, detail: {} }] as const;
      await writer.record({ tenantId, at: NOON, acts, tell: 'everyone', wake: 'everyone' });
      throw new Error('the rest failed');
    });

    await expect(failing).rejects.toThrow('the rest failed');
    expect(await woken()).toEqual([]);
    expect(await readAudit(database.kysely, tenantId, null, 10)).toEqual([]);
  });
});
