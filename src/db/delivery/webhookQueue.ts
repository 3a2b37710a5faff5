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
  const open = candidates.filter(({ slots }) => slots > 0);
  const share = Math.max(1, Math.floor(most / Math.max(1, open.length)));
  const rooms = open.slice(0, most).map((each) => ({ ...each, slots: Math.min(each.slots, share) }));
  const aside = await claimAside(tx, parts, owner, now, rooms);
  const taken = Map.groupBy(aside, ({ endpoint }) => endpoint.id);
  const left = rooms
    .map((room) => ({ ...room, slots: room.slots - (taken.get(room.endpoint.id)?.length ?? 0) }))
    .filter(({ slots }) => slots > 0);
  const { batches, lanes } = await claimLanes(tx, parts, owner, now, left);
  for (const room of left) {
    await noteClaim(tx, parts, room, lanes.get(room.endpoint.id) ?? 0, now);
  }
  const all = [...aside, ...batches];
  // Whoever has taken something looks again when it is done.
  return { batches: all, nextAt: all.length === 0 ? await nextDue(tx) : null };
}

const Leased = z.array(z.object({ endpoint_id: z.string(), count: z.number() }));

/** Locked until the claim is written, so that no two processes give an endpoint more than it takes. */
async function candidatesOf(tx: Writer, { keyring }: WebhookStoreParts, now: Date): Promise<readonly Candidate[]> {
  const rows = await tx
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('state', 'in', TRIED_STATES)
    .orderBy('endpoint_id')
    .forUpdate()
    .execute();
  if (rows.length === 0) {
    return [];
  }
  const { rows: counts } = await sql`
    select endpoint_id, count(*) as count from (
      select endpoint_id from webhook_lanes where lease_owner is not null and lease_until >= now()
      union all
      select endpoint_id from webhook_deliveries where lease_owner is not null and lease_until >= now()
    ) leased group by endpoint_id
  `.execute(tx);
  const leased = new Map(Leased.parse(counts).map(({ endpoint_id: id, count }) => [id, count]));
  return rows.map((row) => {
    const endpoint = toEndpoint(keyring, row);
    const free = freeOf(endpoint, leased.get(endpoint.id) ?? 0, now);
    const sinceClaim = row.claimed_at === null ? 1 : (now.getTime() - row.claimed_at.getTime()) / 1_000;
    const paced = row.is_catching_up ? Math.min(PACE, Math.floor(sinceClaim * PACE)) : free;
    return { endpoint, slots: Math.min(free, paced), isCatchingUp: row.is_catching_up };
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
  lanes: number,
  now: Date,
): Promise<void> {
  const isTry = endpoint.health.state === 'failing' && lanes > 0;
  const change = {
    ...(isTry ? healthColumns({ health: tryOfFailing(endpoint.health, now, random()) }) : {}),
    ...(isCatchingUp ? { claimed_at: now, is_catching_up: lanes === slots } : {}),
  };
  if (Object.keys(change).length > 0) {
    await tx.updateTable('webhook_endpoints').set(change).where('endpoint_id', '=', endpoint.id).execute();
  }
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
