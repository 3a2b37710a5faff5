/** A transaction that stays open, here or in another database of the server, keeps no one's changes back but its own. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { openFeedStore } from '../../../src/db/delivery/feedStore.ts';
import { appendOutbox } from '../../../src/db/delivery/outbox.ts';
import { publishAll } from '../../../src/db/delivery/publisher.ts';
import type { Database } from '../../../src/db/openDatabase.ts';
import { transact } from '../../../src/db/transact.ts';
import type { FeedScope } from '../../../src/delivery/ports.ts';
import { ENGINES, openTestDatabase } from '../../support/databases.ts';

const AT = new Date('2026-11-30T12:00:00Z');
const ALL: FeedScope = { kind: 'all', organizationIds: null };

// PGlite has one connection: nothing there can stay open beside something else.
describe.each(ENGINES.filter((engine) => engine === 'postgres'))('on %s', (engine) => {
  let database: Database;
  let neighbor: Database;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    neighbor = await openTestDatabase(engine);
  });
  afterAll(async () => {
    await neighbor.close();
    await database.close();
  });

  const append = (on: Database, tenantId: string, itemId: string, until: Promise<void> = Promise.resolve()) => {
    const begun = Promise.withResolvers<void>();
    const owner = { tenantId, memberId: tenantId, connectionId: tenantId, category: 'mail' as const };
    const ended = transact(on, async (tx) => {
      // With the head of its organization, which is all that a writer of the feed can hold.
      await sql`insert into outbox_heads (tenant_id, sequence) values (${tenantId}, 0)
        on conflict (tenant_id) do update set sequence = outbox_heads.sequence`.execute(tx);
      begun.resolve();
      await until;
      appendOutbox(tx, owner, [{ kind: 'upserted', itemId }], AT);
    });
    return { begun: Promise.race([begun.promise, ended]), ended };
  };

  const read = async () => {
    await publishAll(database, AT);
    const { changes } = await openFeedStore(database).read(
      ALL,
      { position: 0, sequence: 0 },
      { types: null, category: null, memberId: null },
      100,
    );
    return changes.map(({ itemId, sequence }) => [itemId, sequence]);
  };

  test('others are read meanwhile, and what it writes comes behind them once it has ended', async () => {
    const tenants = [randomUUID(), randomUUID()] as const;
    const release = Promise.withResolvers<void>();
    const late = append(database, tenants[0], 'late', release.promise);
    const elsewhere = append(neighbor, tenants[0], 'elsewhere', release.promise);
    await Promise.all([late.begun, elsewhere.begun]);

    await append(database, tenants[1], 'first').ended;
    await append(database, tenants[1], 'second').ended;
    const meanwhile = await read();
    release.resolve();
    await Promise.all([late.ended, elsewhere.ended]);

    expect(meanwhile).toEqual([
      ['first', 1],
      ['second', 2],
    ]);
    expect(await read()).toEqual([...meanwhile, ['late', 1]]);
  });
});
