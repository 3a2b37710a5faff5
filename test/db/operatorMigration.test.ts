/**
 * A database of the version before webhooks opens: its keys are used from everywhere, its organizations are neither suspended nor
 * limited, and an endpoint is told what changes from then on.
 */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { openApiKeyStore } from '../../src/db/delivery/apiKeys.ts';
import { openEndpointStore } from '../../src/db/delivery/endpointStore.ts';
import { appendLifecycle, appendOutbox } from '../../src/db/delivery/outbox.ts';
import { publishAll } from '../../src/db/delivery/publisher.ts';
import { openWebhookQueue } from '../../src/db/delivery/webhookQueue.ts';
import { migrate } from '../../src/db/migrate.ts';
import { type Database, openDatabase } from '../../src/db/openDatabase.ts';
import { readOrganization } from '../../src/db/organization/organizations.ts';
import { transact } from '../../src/db/transact.ts';
import { bodyOf, planBatch } from '../../src/delivery/planBatch.ts';
import { HEALTHY } from '../../src/domain/webhookLife.ts';
import { emptyDatabase, ENGINES } from '../support/databases.ts';
import { memoryKeys } from '../support/memoryKeys.ts';
import { migrationsThrough } from '../support/migrationsThrough.ts';

const AT = new Date('2026-11-30T09:00:00.000Z');
const MEMBER = '7c2a9e10-0001-4c3d-8e5f-100000000001';
const HARBOR = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001';

describe.each(ENGINES)('on %s', (engine) => {
  let database: Database;

  beforeEach(async () => {
    database = await openDatabase(await emptyDatabase(engine), () => undefined);
    const { kysely } = database;
    const provider = { getMigrations: () => Promise.resolve({ ...migrationsThrough('013_item_fields') }) };
    await new Migrator({ db: kysely, provider }).migrateToLatest();
    await sql`
      insert into organizations (tenant_id, selection, relevance, created_at) values (${HARBOR}, '{}', '{}', ${AT})
    `.execute(kysely);
    await sql`
      insert into outbox (tenant_id, sequence, kind, member_id, connection_id, category, item_id, at) values
        (${HARBOR}, 1, 'upserted', ${MEMBER}, ${MEMBER}, 'mail', 'before', ${AT}),
        (${HARBOR}, 2, 'disconnected', ${MEMBER}, ${MEMBER}, 'all', null, ${AT})
    `.execute(kysely);
    await sql`insert into outbox_heads values (${HARBOR}, 2)`.execute(kysely);
    await sql`insert into feed_runs (position, tenant_id, first, last) values (1, ${HARBOR}, 1, 2)`.execute(kysely);
    await sql`update feed_head set position = 1`.execute(kysely);
    await sql`
      insert into api_keys (key_id, name, hash, scopes, created_at)
      values ('k', 'CRM', 'hash', array['read:changes'], ${AT})
    `.execute(kysely);
    await migrate(database);
  });
  afterEach(() => database.close());

  test('what was there is as it was', async () => {
    expect(await openApiKeyStore(database).find('k')).toEqual({
      id: 'k',
      name: 'CRM',
      scopes: ['read:changes'],
      organizationIds: null,
      expiresAt: null,
      allowedAddresses: null,
      hash: 'hash',
      revokedAt: null,
      lastUsedAt: null,
      madeBy: null,
    });
    expect(await readOrganization(database.kysely, HARBOR)).toMatchObject({ suspendedAt: null, caps: null });
  });

  test('an endpoint is told what changes from then on, items and what else there is', async () => {
    const keyring = await memoryKeys(() => AT);
    await openEndpointStore(database, keyring).add({
      id: 'whk_a',
      url: 'https://hooks.example.com/',
      events: null,
      organizationIds: null,
      payload: 'changes',
      linger: 0,
      maxInFlight: 10,
      headers: {},
      secrets: [{ text: 'whsec_', until: null }],
      health: HEALTHY,
      createdAt: AT,
    });
    const owner = { tenantId: HARBOR, memberId: MEMBER, connectionId: MEMBER, category: 'mail' } as const;
    await transact(database, (tx) => {
      appendLifecycle(
        tx,
        HARBOR,
        { type: 'organization.suspended', memberId: null, connectionId: null, detail: { by: 'key k' } },
        AT,
      );
      appendOutbox(tx, owner, [{ kind: 'upserted', itemId: 'since' }], AT);
      return Promise.resolve();
    });
    await publishAll(database, AT);
    const parts = { keyring, generation: 'first', plan: planBatch, write: bodyOf, random: () => 0.5 };
    const { batches } = await openWebhookQueue(database, parts).claim(randomUUID(), AT, 10);

    expect(batches.map(({ body }): unknown => JSON.parse(body))).toEqual([
      {
        type: 'organization.suspended',
        timestamp: AT.toISOString(),
        data: { organizationId: HARBOR, sequence: 3, detail: { by: 'key k' } },
      },
    ]);
  });
});
