/** Takes lanes that are due, and settles what each sends next. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { ClaimedBatch, Endpoint, LaneStretch } from '../../delivery/webhookPorts.ts';
import type { Writer } from '../transact.ts';
import { readStretches, type StretchWanted } from './laneStretches.ts';
import { ADVANCED, LEASE, RELEASED } from './laneColumns.ts';
import { namesOf, type Room, type WebhookStoreParts } from './webhookStoreParts.ts';

/** About as many as fit into a request, and as many as one that names none may cover. */
const MOST_ROWS = { changes: 80, hint: 1_000 } as const;

const Lanes = z.array(
  z.object({
    endpoint_id: z.string(),
    tenant_id: z.string(),
    delivered: z.number(),
    published: z.number(),
    pending_to: z.number().nullable(),
    replay_until: z.number().nullable(),
    logged_to: z.number().nullable(),
    tries: z.number(),
    first_at: z.date().nullable(),
  }),
);
type Lane = z.infer<typeof Lanes>[number];

export async function claimLanes(
  tx: Writer,
  parts: WebhookStoreParts,
  owner: string,
  now: Date,
  rooms: readonly Room[],
): Promise<readonly ClaimedBatch[]> {
  const endpoints = new Map(rooms.map(({ endpoint }) => [endpoint.id, endpoint]));
  const lanes = (await lockLanes(tx, now, rooms)).flatMap((lane) => {
    const endpoint = endpoints.get(lane.endpoint_id);
    return endpoint === undefined ? [] : [{ lane, endpoint }];
  });
  const stretches = await readStretches(
    tx,
    lanes.map(({ lane, endpoint }) => wantedOf(lane, endpoint, now)),
  );
  const planned = lanes.flatMap(({ lane, endpoint }, index) => {
    const stretch = stretches[index];
    return stretch === undefined ? [] : [{ lane, endpoint, stretch, batch: parts.plan(stretch, endpoint) }];
  });
  const batches = planned.flatMap(({ lane, endpoint, batch }): readonly ClaimedBatch[] => {
    if (batch?.range == null) {
      return [];
    }
    const { tenantId, first, last } = batch.range;
    const names = namesOf(parts, endpoint.id, batch.event, tenantId, first, last);
    const isSame = lane.pending_to === last;
    const trial = isSame ? { tries: lane.tries, firstAt: lane.first_at ?? now } : { tries: 0, firstAt: now };
    return [{ ...batch, ...names, endpoint, place: 'lane', trial }];
  });
  await settle(tx, owner, batches);
  await pass(
    tx,
    now,
    planned.filter(({ batch }) => batch === null),
  );
  return batches;
}

/** The lane that has waited longest is tried of a failing endpoint, whenever it would be due by itself. */
async function lockLanes(tx: Writer, now: Date, rooms: readonly Room[]): Promise<readonly Lane[]> {
  if (rooms.length === 0) {
    return [];
  }
  const { rows } = await sql`
    select due.*, (
      select case when first = due.delivered + 1 then last else first - 1 end from webhook_deliveries
      where due.replay_until is not null and webhook_deliveries.endpoint_id = due.endpoint_id
        and webhook_deliveries.tenant_id = due.tenant_id and webhook_deliveries.first > due.delivered
      order by first, last limit 1
    ) as logged_to
    from unnest(
      ${rooms.map(({ endpoint }) => endpoint.id)}::text[], ${rooms.map(({ slots }) => slots)}::int[],
      ${rooms.map(({ endpoint }) => endpoint.health.state === 'failing')}::boolean[]
    ) as room (endpoint_id, slots, is_failing)
    cross join lateral (
      select * from webhook_lanes
      where webhook_lanes.endpoint_id = room.endpoint_id and due_at is not null
        and (room.is_failing or due_at <= ${now}) and (lease_until is null or lease_until < now())
      order by due_at limit room.slots for update skip locked
    ) due
  `.execute(tx);
  return Lanes.parse(rows);
}

/** What is under way, or was sent before, is the same again. */
function wantedOf(lane: Lane, { payload }: Endpoint, now: Date): StretchWanted {
  const { tenant_id: tenantId, delivered: after, published, pending_to: pending } = lane;
  const upTo = pending ?? Math.min(lane.logged_to ?? published, lane.replay_until ?? published);
  const most = pending === null && lane.logged_to === null ? MOST_ROWS[payload] : MOST_ROWS.hint;
  return { tenantId, after, upTo, most, at: lane.first_at ?? now };
}

/** What is sent, and by whom, before it is tried. */
async function settle(tx: Writer, owner: string, batches: readonly ClaimedBatch[]): Promise<void> {
  if (batches.length === 0) {
    return;
  }
  await sql`
    update webhook_lanes set lease_owner = ${owner}::uuid, lease_until = ${LEASE},
      pending_to = settled.last, tries = settled.tries, first_at = settled.first_at
    from unnest(
      ${batches.map(({ endpoint }) => endpoint.id)}::text[], ${batches.map(({ range }) => range?.tenantId)}::uuid[],
      ${batches.map(({ range }) => range?.last)}::bigint[], ${batches.map(({ trial }) => trial.tries)}::int[],
      ${batches.map(({ trial }) => trial.firstAt?.toISOString())}::timestamptz[]
    ) as settled (endpoint_id, tenant_id, last, tries, first_at)
    where webhook_lanes.endpoint_id = settled.endpoint_id and webhook_lanes.tenant_id = settled.tenant_id
  `.execute(tx);
}

interface Passed {
  readonly lane: Lane;
  readonly stretch: LaneStretch;
}

/** The endpoint wants nothing of these numbers. */
async function pass(tx: Writer, now: Date, passed: readonly Passed[]): Promise<void> {
  if (passed.length === 0) {
    return;
  }
  await sql`
    update webhook_lanes set ${ADVANCED(now)}, ${RELEASED}
    from unnest(
      ${passed.map(({ lane }) => lane.endpoint_id)}::text[], ${passed.map(({ lane }) => lane.tenant_id)}::uuid[],
      ${passed.map(({ stretch }) => stretch.rows.at(-1)?.sequence ?? stretch.after)}::bigint[]
    ) as ended (endpoint_id, tenant_id, last)
    where webhook_lanes.endpoint_id = ended.endpoint_id and webhook_lanes.tenant_id = ended.tenant_id
  `.execute(tx);
}
