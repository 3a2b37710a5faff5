/** What the feed has told of erased items loses their ids, and nothing else does. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { openFeedStore } from '../../../src/db/delivery/feedStore.ts';
import { appendOutbox, appendTombstone, forgetTold, type OutboxOwner } from '../../../src/db/delivery/outbox.ts';
import { publishAll } from '../../../src/db/delivery/publisher.ts';
import type { Database } from '../../../src/db/openDatabase.ts';
import { transact } from '../../../src/db/transact.ts';
import type { FeedScope } from '../../../src/delivery/ports.ts';
import { ENGINES, openTestDatabase } from '../../support/databases.ts';
import { emptyTables } from '../../support/tables.ts';

const AT = new Date('2026-11-30T12:00:00Z');
const EVERYTHING = { types: null, category: null, memberId: null };
const MARA: OutboxOwner = {
  tenantId: randomUUID(),
  memberId: randomUUID(),
  connectionId: randomUUID(),
  category: 'mail',
};

describe.each(ENGINES)('on %s', (engine) => {
  let database: Database;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  afterAll(() => database.close());
  afterEach(() => emptyTables(database));

  const upserts = (owner: OutboxOwner, ...ids: readonly string[]) =>
    transact(database, (tx) => {
      appendOutbox(
        tx,
        owner,
        ids.map((itemId) => ({ kind: 'upserted', itemId })),
        AT,
      );
      return Promise.resolve();
    });
  const tombstone = (owner: OutboxOwner) =>
    transact(database, (tx) => {
      appendTombstone(tx, owner, AT);
      return Promise.resolve();
    });

  async function anErasure(state: 'erasing' | 'erased'): Promise<string> {
    const { tenantId, memberId, connectionId, category } = MARA;
    const receiptId = randomUUID();
    await sql`
      insert into erasures (tenant_id, member_id, category, receipt_id, connection_id, state, started_at)
      values (${tenantId}, ${memberId}, ${category}, ${receiptId}, ${connectionId}, ${state}, ${AT})
    `.execute(database.kysely);
    return receiptId;
  }

  async function told(scope: FeedScope): Promise<readonly unknown[]> {
    await publishAll(database, AT);
    const page = await openFeedStore(database).read(scope, { position: 0, sequence: 0 }, EVERYTHING, 100);
    return page.changes.map(({ sequence, type, itemId }) => [sequence, type, itemId]);
  }

  const ALL: FeedScope = { kind: 'all', organizationIds: null };
  const ONE: FeedScope = { kind: 'organization', tenantId: MARA.tenantId };

  test('of what was erased the numbers stay, and nothing else is told of it or kept', async () => {
    await upserts(MARA, 'a', 'b');
    await upserts({ ...MARA, category: 'calendar' }, 'meeting');
    await upserts({ ...MARA, memberId: randomUUID() }, 'theirs');
    await forgetTold(database, { ...MARA, receiptId: await anErasure('erasing') });
    await tombstone(MARA);
    const { rows } = await sql<{ kind: string; item_id: string | null }>`
      select kind, item_id from outbox order by sequence
    `.execute(database.kysely);

    expect(rows.map(({ kind, item_id: itemId }) => [kind, itemId])).toEqual([
      ['void', null],
      ['void', null],
      ['upserted', 'meeting'],
      ['upserted', 'theirs'],
      ['erased', null],
    ]);
    for (const scope of [ALL, ONE]) {
      expect(await told(scope)).toEqual([
        [3, 'item.upserted', 'meeting'],
        [4, 'item.upserted', 'theirs'],
        [5, 'category.erased', null],
      ]);
    }
  });

  test('what was told after an erasure that another process has finished stays', async () => {
    await upserts(MARA, 'before');
    const receiptId = await anErasure('erased');
    await tombstone(MARA);
    await upserts(MARA, 'since');
    await forgetTold(database, { ...MARA, receiptId });

    expect(await told(ALL)).toEqual([
      [1, 'item.upserted', 'before'],
      [2, 'category.erased', null],
      [3, 'item.upserted', 'since'],
    ]);
  });
});
