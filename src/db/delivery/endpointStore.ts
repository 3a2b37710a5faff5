/** Endpoints of webhooks, and the log of what was sent to each. */
import { type Selectable, sql } from 'kysely';
import type {
  DeliveryFilter,
  DeliveryPlace,
  Endpoint,
  EndpointStore,
  Replay,
  StoredDelivery,
} from '../../delivery/webhookPorts.ts';
import { HEALTHY } from '../../domain/webhookLife.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Database } from '../openDatabase.ts';
import { type Reader, transact, type Writer } from '../transact.ts';
import { replayFailed, replayLanes } from './replayWebhooks.ts';
import { chosenColumns, healthColumns, toEndpoint } from './webhookEndpoints.ts';
import type { WebhookDeliveriesTable } from './webhookTables.ts';

export function openEndpointStore(database: Database, keyring: Keyring): EndpointStore {
  const { kysely: db } = database;
  return {
    add: (endpoint) => transact(database, (tx) => add(tx, keyring, endpoint)),
    list: async () => {
      const rows = await db.selectFrom('webhook_endpoints').selectAll().orderBy('created_at').execute();
      return rows.map((row) => toEndpoint(keyring, row));
    },
    find: (id) => find(db, keyring, id),
    change: (id, change) => transact(database, (tx) => changeEndpoint(tx, keyring, id, change)),
    resume: (id, isMeant, now) => transact(database, (tx) => resume(tx, keyring, id, isMeant, now)),
    remove: (id, isMeant) => transact(database, (tx) => remove(tx, keyring, id, isMeant)),
    deliveries: (id, filter, before, limit) => deliveries(db, id, filter, before, limit),
    retry: (id, deliveryId, now) => retry(db, id, deliveryId, now),
    replay: (id, replay, now) => transact(database, (tx) => replayTo(tx, id, replay, now)),
  };
}

/** No lane is made or moved meanwhile by whoever publishes, and what is changed holds for all that is published next. */
async function betweenPublications(tx: Writer): Promise<void> {
  await tx.selectFrom('feed_head').select('position').forUpdate().executeTakeFirstOrThrow();
}

/** Its lanes begin with whatever is published next. */
async function add(tx: Writer, keyring: Keyring, endpoint: Endpoint): Promise<void> {
  await betweenPublications(tx);
  await tx
    .insertInto('webhook_endpoints')
    .values({
      endpoint_id: endpoint.id,
      ...chosenColumns(keyring, endpoint),
      ...healthColumns(endpoint),
      is_catching_up: false,
      claimed_at: null,
      created_at: endpoint.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function find(db: Reader, keyring: Keyring, id: string): Promise<Endpoint | null> {
  const row = await db.selectFrom('webhook_endpoints').selectAll().where('endpoint_id', '=', id).executeTakeFirst();
  return row === undefined ? null : toEndpoint(keyring, row);
}

/** An endpoint that nobody else changes until the transaction ends. */
async function lockEndpoint(tx: Writer, keyring: Keyring, id: string): Promise<Endpoint | null> {
  await betweenPublications(tx);
  const row = await tx
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('endpoint_id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row === undefined ? null : toEndpoint(keyring, row);
}

async function changeEndpoint(
  tx: Writer,
  keyring: Keyring,
  id: string,
  change: (endpoint: Endpoint) => Endpoint | null,
): Promise<Endpoint | null> {
  const current = await lockEndpoint(tx, keyring, id);
  const changed = current === null ? null : change(current);
  if (changed === null) {
    return null;
  }
  await tx
    .updateTable('webhook_endpoints')
    .set({ ...chosenColumns(keyring, changed), ...healthColumns(changed) })
    .where('endpoint_id', '=', id)
    .execute();
  if (changed.organizationIds !== null) {
    // What it isn't told of any more has no place in it, and is not in its log for those who see it now.
    const isLeft = sql<boolean>`not tenant_id = any(${[...changed.organizationIds]}::uuid[])`;
    await tx.deleteFrom('webhook_lanes').where('endpoint_id', '=', id).where(isLeft).execute();
    await tx.deleteFrom('webhook_deliveries').where('endpoint_id', '=', id).where(isLeft).execute();
  }
  return changed;
}

async function remove(
  tx: Writer,
  keyring: Keyring,
  id: string,
  isMeant: (endpoint: Endpoint) => boolean,
): Promise<boolean> {
  const current = await lockEndpoint(tx, keyring, id);
  const isRemoved = current !== null && isMeant(current);
  if (isRemoved) {
    await tx.deleteFrom('webhook_endpoints').where('endpoint_id', '=', id).execute();
  }
  return isRemoved;
}

async function resume(
  tx: Writer,
  keyring: Keyring,
  id: string,
  isMeant: (endpoint: Endpoint) => boolean,
  now: Date,
): Promise<Endpoint | null> {
  const resumed = await changeEndpoint(tx, keyring, id, (endpoint) =>
    isMeant(endpoint) ? { ...endpoint, health: { ...HEALTHY, succeededAt: endpoint.health.succeededAt } } : null,
  );
  if (resumed !== null) {
    await tx
      .updateTable('webhook_endpoints')
      .set({ is_catching_up: true, claimed_at: null })
      .where('endpoint_id', '=', id)
      .execute();
    await tx
      .updateTable('webhook_lanes')
      .set({ due_at: sql<Date>`least(due_at, ${now}::timestamptz)` })
      .where('endpoint_id', '=', id)
      .where('due_at', 'is not', null)
      .execute();
  }
  return resumed;
}

async function deliveries(
  db: Reader,
  id: string,
  { state, organizationId, since }: DeliveryFilter,
  before: DeliveryPlace | null,
  limit: number,
): Promise<readonly StoredDelivery[]> {
  const rows = await db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('endpoint_id', '=', id)
    .where(sql<boolean>`(${state}::text is null or state = ${state})`)
    .where(sql<boolean>`(${organizationId}::uuid is null or tenant_id = ${organizationId}::uuid)`)
    .where(sql<boolean>`(${since}::timestamptz is null or last_at >= ${since}::timestamptz)`)
    .where(
      sql<boolean>`(${before?.at ?? null}::timestamptz is null
        or (last_at, delivery_id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}::text))`,
    )
    .orderBy('last_at', 'desc')
    .orderBy('delivery_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toDelivery);
}

function toDelivery(row: Selectable<WebhookDeliveriesTable>): StoredDelivery {
  return {
    id: row.delivery_id,
    event: row.event,
    organizationId: row.tenant_id,
    first: row.first,
    last: row.last,
    state: row.state,
    attempts: row.attempts.map((attempt) => ({ ...attempt, at: new Date(attempt.at) })),
    firstAt: row.first_at,
    lastAt: row.last_at,
    dueAt: row.due_at,
  };
}

/** One that its lane still holds is due with it. */
async function retry(db: Reader, id: string, deliveryId: string, now: Date): Promise<boolean> {
  const found = await db
    .updateTable('webhook_deliveries')
    .set({
      state: sql`case when state = 'retrying' then state else 'waiting' end`,
      due_at: sql`case when state = 'retrying' then null else ${now}::timestamptz end`,
    })
    .where('endpoint_id', '=', id)
    .where('delivery_id', '=', deliveryId)
    .returning(['tenant_id', 'state'])
    .executeTakeFirst();
  if (found?.state === 'retrying' && found.tenant_id !== null) {
    await db
      .updateTable('webhook_lanes')
      .set({ due_at: now })
      .where('endpoint_id', '=', id)
      .where('tenant_id', '=', found.tenant_id)
      .execute();
  }
  return found !== undefined;
}

function replayTo(tx: Writer, id: string, replay: Replay, now: Date): Promise<number> {
  return replay.only === 'failed' ? replayFailed(tx, id, replay, now) : replayLanes(tx, id, replay, now);
}
