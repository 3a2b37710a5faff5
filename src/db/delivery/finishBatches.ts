/**
 * Writes what became of batches: how far their lanes have come, when they are tried again, how their endpoints are, and
 * what the log of deliveries says of them.
 *
 * Whoever no longer holds the lease of a batch writes nothing of it: another process is sending the same.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { ClaimedBatch, DisabledEndpoint, EndedBatch } from '../../delivery/webhookPorts.ts';
import {
  type AfterTrial,
  type EndpointHealth,
  endpointAfter,
  HEALTHY,
  isScheduleOver,
  TRIED_STATES,
  trialAfter,
} from '../../domain/webhookLife.ts';
import { type DeliveryState, isSent } from '../../domain/webhooks.ts';
import { json, type Writer } from '../transact.ts';
import { ADVANCED, RELEASED } from './laneColumns.ts';
import { healthColumns, toEndpoint, toEvents } from './webhookEndpoints.ts';
import { namesOf, type WebhookStoreParts } from './webhookStoreParts.ts';

/** A success is written down so often: nothing asks when exactly it was. */
const SUCCESS_MILLISECONDS = 1_000;

interface Judged extends EndedBatch {
  readonly after: AfterTrial;
}

export async function finishBatches(
  tx: Writer,
  parts: WebhookStoreParts,
  owner: string,
  ended: readonly EndedBatch[],
  now: Date,
): Promise<readonly DisabledEndpoint[]> {
  if (ended.length === 0) {
    return [];
  }
  const ids = [...new Set(ended.map(({ claimed }) => claimed.endpoint.id))].toSorted();
  const seen = await readEndpoints(tx, ids, parts, false);
  const isUsual = ended.every(({ outcome }) => outcome.kind === 'delivered') && [...seen.values()].every(isWell(now));
  // What changes nothing of its endpoint doesn't wait for those who take something of it.
  const before = isUsual ? seen : await readEndpoints(tx, ids, parts, true);
  const held = await heldBy(tx, owner, ended);
  const health = new Map(before);
  const judged: Judged[] = [];
  for (const each of ended.filter(({ claimed }) => held.has(claimed.deliveryId))) {
    const { claimed, outcome } = each;
    const known = health.get(claimed.endpoint.id);
    if (known !== undefined) {
      const next = endpointAfter(known, outcome, now, parts.random());
      health.set(claimed.endpoint.id, next);
      judged.push({ ...each, after: trialAfter(claimed.trial, outcome, next.succeededAt, now, parts.random()) });
    }
  }
  await writeLanes(tx, owner, judged, now);
  await writeLog(tx, judged, now);
  return writeEndpoints(tx, parts, before, health, now);
}

async function readEndpoints(
  tx: Writer,
  ids: readonly string[],
  { keyring }: WebhookStoreParts,
  isLocked: boolean,
): Promise<ReadonlyMap<string, EndpointHealth>> {
  const rows = await tx
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('endpoint_id', 'in', ids)
    .orderBy('endpoint_id')
    // At least against being removed: what is written names it.
    .$if(isLocked, (query) => query.forNoKeyUpdate())
    .$if(!isLocked, (query) => query.forKeyShare())
    .execute();
  return new Map(rows.map((row) => [row.endpoint_id, toEndpoint(keyring, row).health]));
}

/** Whether one more success leaves an endpoint as it is. */
function isWell(now: Date) {
  return (health: EndpointHealth) =>
    !isWorthWriting(health, { ...HEALTHY, succeededAt: now }) && health.succeededAt !== null;
}

const Held = z.array(z.object({ place: z.number() }));

/** The deliveries whose lease is still this process's. */
async function heldBy(tx: Writer, owner: string, ended: readonly EndedBatch[]): Promise<ReadonlySet<string>> {
  const claims = ended.map(({ claimed }) => claimed);
  const { rows } = await sql`
    select claimed.place from unnest(
      ${claims.map(({ endpoint }) => endpoint.id)}::text[], ${claims.map(({ deliveryId }) => deliveryId)}::text[],
      ${claims.map(({ place }) => place === 'lane')}::boolean[], ${claims.map(({ range }) => range?.tenantId ?? null)}::uuid[],
      ${claims.map(({ range }) => range?.last ?? null)}::bigint[]
    ) with ordinality as claimed (endpoint_id, delivery_id, is_lane, tenant_id, last, place)
    where (is_lane and exists (
      select 1 from webhook_lanes where webhook_lanes.endpoint_id = claimed.endpoint_id
        and webhook_lanes.tenant_id = claimed.tenant_id and webhook_lanes.pending_to = claimed.last
        and lease_owner = ${owner}::uuid
    )) or (not is_lane and exists (
      select 1 from webhook_deliveries where webhook_deliveries.delivery_id = claimed.delivery_id
        and lease_owner = ${owner}::uuid
    ))
  `.execute(tx);
  return new Set(Held.parse(rows).flatMap(({ place }) => claims[place - 1]?.deliveryId ?? []));
}

/** A lane that was sent back meanwhile stays where it was put. */
async function writeLanes(tx: Writer, owner: string, judged: readonly Judged[], now: Date): Promise<void> {
  const lanes = judged.filter(({ claimed }) => claimed.place === 'lane');
  const passed = lanes.filter(({ after }) => after.kind !== 'retry').map(({ claimed }) => claimed);
  if (passed.length > 0) {
    await sql`
      update webhook_lanes set ${ADVANCED(now)}, ${RELEASED}
      from unnest(${endpointsOf(passed)}::text[], ${tenantsOf(passed)}::uuid[], ${passed.map(({ range }) => range?.last)}::bigint[])
        as ended (endpoint_id, tenant_id, last)
      where webhook_lanes.endpoint_id = ended.endpoint_id and webhook_lanes.tenant_id = ended.tenant_id
        and webhook_lanes.pending_to = ended.last and lease_owner = ${owner}::uuid
    `.execute(tx);
  }
  const again = lanes.flatMap(({ claimed, after }) => (after.kind === 'retry' ? [{ claimed, after }] : []));
  if (again.length > 0) {
    const claims = again.map(({ claimed }) => claimed);
    await sql`
      update webhook_lanes set tries = ended.tries, due_at = ended.due_at, ${RELEASED}
      from unnest(
        ${endpointsOf(claims)}::text[], ${tenantsOf(claims)}::uuid[], ${again.map(({ after }) => after.tries)}::int[],
        ${again.map(({ after }) => after.dueAt.toISOString())}::timestamptz[]
      ) as ended (endpoint_id, tenant_id, tries, due_at)
      where webhook_lanes.endpoint_id = ended.endpoint_id and webhook_lanes.tenant_id = ended.tenant_id
        and lease_owner = ${owner}::uuid
    `.execute(tx);
  }
}

const endpointsOf = (claims: readonly ClaimedBatch[]) => claims.map(({ endpoint }) => endpoint.id);
const tenantsOf = (claims: readonly ClaimedBatch[]) => claims.map(({ range }) => range?.tenantId ?? null);

/** How a delivery stands in the log, and when it is tried by itself. */
function standing({ claimed, after }: Judged): { readonly state: DeliveryState; readonly dueAt: Date | null } {
  if (after.kind === 'done') {
    return { state: 'delivered', dueAt: null };
  }
  if (after.kind === 'retry' && claimed.place === 'lane') {
    return { state: 'retrying', dueAt: null };
  }
  return isScheduleOver(after.tries) ? { state: 'failed', dueAt: null } : { state: 'waiting', dueAt: after.dueAt };
}

async function writeLog(tx: Writer, judged: readonly Judged[], now: Date): Promise<void> {
  if (judged.length === 0) {
    return;
  }
  // One that was sent in its lane and by itself at the same time has one row.
  const last = new Map(judged.map((each) => [each.claimed.deliveryId, each]));
  const rows = [...last.values()].map((each) => {
    const { claimed, attempt, after } = each;
    const { state, dueAt } = standing(each);
    return {
      delivery_id: claimed.deliveryId,
      endpoint_id: claimed.endpoint.id,
      tenant_id: claimed.range?.tenantId ?? null,
      event: claimed.event,
      first: claimed.range?.first ?? null,
      last: claimed.range?.last ?? null,
      state,
      tries: after.kind === 'done' ? claimed.trial.tries : after.tries,
      attempts: json([{ ...attempt, at: attempt.at.toISOString() }]),
      first_at: claimed.trial.firstAt ?? now,
      last_at: now,
      due_at: dueAt,
      lease_owner: null,
      lease_until: null,
    };
  });
  await tx
    .insertInto('webhook_deliveries')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('delivery_id').doUpdateSet(({ ref }) => ({
        state: ref('excluded.state'),
        tries: ref('excluded.tries'),
        attempts: sql`webhook_deliveries.attempts || excluded.attempts`,
        last_at: ref('excluded.last_at'),
        due_at: ref('excluded.due_at'),
        lease_owner: null,
        lease_until: null,
      })),
    )
    .execute();
}

async function writeEndpoints(
  tx: Writer,
  parts: WebhookStoreParts,
  before: ReadonlyMap<string, EndpointHealth>,
  after: ReadonlyMap<string, EndpointHealth>,
  now: Date,
): Promise<readonly DisabledEndpoint[]> {
  const disabled: DisabledEndpoint[] = [];
  for (const [endpointId, health] of after) {
    const was = before.get(endpointId);
    if (was === undefined || !isWorthWriting(was, health)) {
      continue;
    }
    await tx
      .updateTable('webhook_endpoints')
      .set(healthColumns({ health }))
      .where('endpoint_id', '=', endpointId)
      .execute();
    if (health.state === 'disabled' && was.state !== 'disabled' && health.disabledReason !== null) {
      const ended = { endpointId, reason: health.disabledReason };
      disabled.push(ended);
      await tellOthers(tx, parts, ended, now);
    }
  }
  return disabled;
}

function isWorthWriting(was: EndpointHealth, is: EndpointHealth): boolean {
  const [before, after] = [was, is].map(({ succeededAt: _at, ...rest }) => JSON.stringify(rest));
  const since = (is.succeededAt?.getTime() ?? 0) - (was.succeededAt?.getTime() ?? 0);
  return before !== after || since >= SUCCESS_MILLISECONDS;
}

/** Those who are still sent something read that another one isn't. */
async function tellOthers(
  tx: Writer,
  parts: WebhookStoreParts,
  { endpointId, reason }: DisabledEndpoint,
  now: Date,
): Promise<void> {
  const others = await tx
    .selectFrom('webhook_endpoints')
    .select(['endpoint_id', 'events'])
    .where('endpoint_id', '<>', endpointId)
    .where('state', 'in', TRIED_STATES)
    .execute();
  const told = others.filter(({ events }) => isSent('webhook.disabled', toEvents(events)));
  for (const { endpoint_id: other } of told) {
    await tx
      .insertInto('webhook_deliveries')
      .values({
        delivery_id: namesOf(parts, other, 'webhook.disabled', endpointId, now.toISOString()).deliveryId,
        endpoint_id: other,
        tenant_id: null,
        event: 'webhook.disabled',
        first: null,
        last: null,
        detail: json({ endpointId, reason }),
        state: 'waiting',
        first_at: now,
        last_at: now,
        due_at: now,
        lease_owner: null,
        lease_until: null,
        tries: 0,
      })
      .execute();
  }
}
