/**
 * The queue of webhooks: lanes that are due, and what was set aside. A lane is how far an endpoint has come in an
 * organization: nothing is copied for an endpoint, so that one which takes nothing costs nothing.
 *
 * What is sent is settled and its lease taken in one transaction, before it is tried. A process that dies leaves a lease
 * that ends, and what it was sending is sent again, the same to the byte.
 *
 * Units   A lease lasts 60 seconds, which is longer than a request can take.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { ClaimedBatch, Endpoint, WebhookQueue } from '../../delivery/webhookPorts.ts';
import { TRIED_STATES, tryOfFailing } from '../../domain/webhookLife.ts';
import type { Database } from '../openDatabase.ts';
import { transact, type Writer } from '../transact.ts';
import { claimAside } from './claimAside.ts';
import { claimLanes } from './claimLanes.ts';
import { finishBatches } from './finishBatches.ts';
import { healthColumns, toEndpoint } from './webhookEndpoints.ts';
import type { Room, WebhookStoreParts } from './webhookStoreParts.ts';

/** What an endpoint that was off is sent a second, so that it isn't overrun. */
const PACE = 20;

export function openWebhookQueue(database: Database, parts: WebhookStoreParts): WebhookQueue {
  return {
    claim: (owner, now, most) => transact(database, (tx) => claim(tx, parts, owner, now, most)),
    finish: (owner, ended, now) => transact(database, (tx) => finishBatches(tx, parts, owner, ended, now)),
  };
}

interface Candidate extends Room {
  readonly isCatchingUp: boolean;
  /** How much of it is under way. */
  readonly leased: number;
  readonly isDue: boolean;
}

function isWell({ endpoint }: Room): boolean {
  return endpoint.health.state === 'active';
}

/** What room is left beside what was taken. */
function without(rooms: readonly Candidate[], taken: readonly ClaimedBatch[]): readonly Candidate[] {
  const counts = Map.groupBy(taken, ({ endpoint }) => endpoint.id);
  return rooms
    .map((room) => ({ ...room, slots: room.slots - (counts.get(room.endpoint.id)?.length ?? 0) }))
    .filter(({ slots }) => slots > 0);
}

async function claim(
  tx: Writer,
  parts: WebhookStoreParts,
  owner: string,
  now: Date,
  most: number,
): Promise<{ readonly batches: readonly ClaimedBatch[]; readonly nextAt: Date | null }> {
  const candidates = await candidatesOf(tx, parts, now);
  if (candidates.length === 0) {
    return { batches: [], nextAt: null };
  }
  const open = candidates
    .filter(({ slots, isDue }) => slots > 0 && isDue)
    .toSorted((one, other) => one.leased - other.leased)
    .slice(0, most);
  const share = Math.max(1, Math.floor(most / Math.max(1, open.length)));
  const rooms = open.map((each) => ({ ...each, slots: Math.min(each.slots, share) }));
  // What is set aside first, where the endpoint takes something; one that fails is tried with what others wait for.
  const aside = await claimAside(tx, parts, owner, now, rooms.filter(isWell));
  const left = without(rooms, aside);
  const batches = await claimLanes(tx, parts, owner, now, left);
  const failing = await claimAside(
    tx,
    parts,
    owner,
    now,
    without(left, batches).filter((room) => !isWell(room)),
  );
  const all = [...aside, ...batches, ...failing];
  for (const room of rooms) {
    await noteClaim(tx, parts, room, all.filter(({ endpoint }) => endpoint.id === room.endpoint.id).length, now);
  }
  // Whoever has taken something looks again when it is done.
  return { batches: all, nextAt: all.length === 0 ? await nextDue(tx) : null };
}

const Work = z.array(z.object({ endpoint_id: z.string(), leased: z.number(), is_due: z.boolean() }));

/** Locked until the claim is written, so that no two processes give an endpoint more than it takes. */
async function candidatesOf(tx: Writer, { keyring }: WebhookStoreParts, now: Date): Promise<readonly Candidate[]> {
  const rows = await tx
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('state', 'in', TRIED_STATES)
    .orderBy('endpoint_id')
    // Not against those who make lanes of it, and only name it.
    .forNoKeyUpdate()
    .execute();
  if (rows.length === 0) {
    return [];
  }
  const { rows: work } = await sql`
    select endpoint_id, (
        select count(*) from webhook_lanes where webhook_lanes.endpoint_id = meant.endpoint_id
          and lease_owner is not null and lease_until >= now()
      ) + (
        select count(*) from webhook_deliveries where webhook_deliveries.endpoint_id = meant.endpoint_id
          and due_at is not null and lease_until >= now()
      ) as leased,
      exists (
        select 1 from webhook_lanes where webhook_lanes.endpoint_id = meant.endpoint_id and due_at is not null
          and (due_at <= ${now} or is_failing) and (lease_until is null or lease_until < now())
      ) or exists (
        select 1 from webhook_deliveries where webhook_deliveries.endpoint_id = meant.endpoint_id and due_at <= ${now}
          and (lease_until is null or lease_until < now())
      ) as is_due
    from unnest(
      ${rows.map(({ endpoint_id: id }) => id)}::text[], ${rows.map(({ state }) => state === 'failing')}::boolean[]
    ) as meant (endpoint_id, is_failing)
  `.execute(tx);
  const found = new Map(Work.parse(work).map((each) => [each.endpoint_id, each]));
  return rows.map((row) => {
    const endpoint = toEndpoint(keyring, row);
    const { leased = 0, is_due: isDue = false } = found.get(endpoint.id) ?? {};
    const free = freeOf(endpoint, leased, now);
    const sinceClaim = row.claimed_at === null ? 1 : (now.getTime() - row.claimed_at.getTime()) / 1_000;
    const paced = row.is_catching_up ? Math.min(PACE, Math.floor(sinceClaim * PACE)) : free;
    return { endpoint, slots: Math.min(free, paced), isCatchingUp: row.is_catching_up, leased, isDue };
  });
}

function freeOf({ health, maxInFlight }: Endpoint, leased: number, now: Date): number {
  if (health.nextTryAt !== null && health.nextTryAt > now) {
    return 0;
  }
  const limit = health.state === 'failing' || health.isBusy ? 1 : maxInFlight;
  return Math.max(0, limit - leased);
}

/** A failing endpoint's next try is put off; one that has caught up is like every other. */
async function noteClaim(
  tx: Writer,
  { random }: WebhookStoreParts,
  { endpoint, slots, isCatchingUp }: Candidate,
  taken: number,
  now: Date,
): Promise<void> {
  const isTry = endpoint.health.state === 'failing' && taken > 0;
  const isBehind = isCatchingUp && (taken >= slots || (await hasMore(tx, endpoint.id)));
  const change = {
    ...(isTry ? healthColumns({ health: tryOfFailing(endpoint.health, now, random()) }) : {}),
    ...(isCatchingUp ? { is_catching_up: isBehind } : {}),
    ...(isCatchingUp && taken > 0 ? { claimed_at: now } : {}),
  };
  if (Object.keys(change).length > 0) {
    await tx.updateTable('webhook_endpoints').set(change).where('endpoint_id', '=', endpoint.id).execute();
  }
}

/** Whether there is something behind what is being sent. */
async function hasMore(tx: Writer, endpointId: string): Promise<boolean> {
  const found = await tx
    .selectFrom('webhook_lanes')
    .select('tenant_id')
    .where('endpoint_id', '=', endpointId)
    .where(sql<boolean>`coalesce(pending_to, delivered) < published`)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

const Next = z.array(z.object({ next_at: z.date().nullable() }));

async function nextDue(tx: Writer): Promise<Date | null> {
  const { rows } = await sql`
    select min(greatest(due.due_at, webhook_endpoints.next_try_at)) as next_at from webhook_endpoints
    cross join lateral (
      select min(due_at) as due_at from webhook_lanes
      where webhook_lanes.endpoint_id = webhook_endpoints.endpoint_id and due_at is not null
        and (lease_until is null or lease_until < now())
    ) due
    where webhook_endpoints.state = any(${[...TRIED_STATES]})
  `.execute(tx);
  return Next.parse(rows)[0]?.next_at ?? null;
}
