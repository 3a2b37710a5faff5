/** Takes what was set aside, or is to be sent again by itself, and is due: one of an endpoint at a time. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Batch, ClaimedBatch, Endpoint, LaneStretch } from '../../delivery/webhookPorts.ts';
import { WEBHOOK_EVENTS, webhookIdOf } from '../../domain/webhooks.ts';
import type { Writer } from '../transact.ts';
import { LEASE } from './laneColumns.ts';
import { readStretches } from './laneStretches.ts';
import type { Room, WebhookStoreParts } from './webhookStoreParts.ts';

const Rows = z.array(
  z.object({
    delivery_id: z.string(),
    endpoint_id: z.string(),
    tenant_id: z.string().nullable(),
    event: z.enum(WEBHOOK_EVENTS),
    first: z.number().nullable(),
    last: z.number().nullable(),
    detail: z.record(z.string(), z.unknown()).nullable(),
    tries: z.number(),
    first_at: z.date(),
  }),
);
type Row = z.infer<typeof Rows>[number];

export async function claimAside(
  tx: Writer,
  parts: WebhookStoreParts,
  owner: string,
  now: Date,
  rooms: readonly Room[],
): Promise<readonly ClaimedBatch[]> {
  const endpoints = new Map(rooms.map(({ endpoint }) => [endpoint.id, endpoint]));
  const rows = await takeAside(tx, owner, now, [...endpoints.keys()]);
  const stretches = await readStretches(tx, rows.map(wantedOf));
  const claimed: ClaimedBatch[] = [];
  for (const [index, row] of rows.entries()) {
    const endpoint = endpoints.get(row.endpoint_id);
    const stretch = stretches[index];
    const batch = endpoint === undefined || stretch === undefined ? null : batchOf(parts, row, stretch, endpoint);
    if (endpoint === undefined || batch === null) {
      // What it told was erased since.
      await tx.deleteFrom('webhook_deliveries').where('delivery_id', '=', row.delivery_id).execute();
    } else {
      const deliveryId = row.delivery_id;
      const messageId = webhookIdOf(deliveryId);
      const trial = { tries: row.tries, firstAt: row.first_at };
      claimed.push({ ...batch, endpoint, deliveryId, messageId, place: 'aside', trial });
    }
  }
  return claimed;
}

async function takeAside(
  tx: Writer,
  owner: string,
  now: Date,
  endpointIds: readonly string[],
): Promise<readonly Row[]> {
  if (endpointIds.length === 0) {
    return [];
  }
  const { rows } = await sql`
    update webhook_deliveries set lease_owner = ${owner}::uuid, lease_until = ${LEASE}
    where delivery_id in (
      select due.delivery_id from unnest(${[...endpointIds]}::text[]) as room (endpoint_id)
      cross join lateral (
        select delivery_id from webhook_deliveries
        where webhook_deliveries.endpoint_id = room.endpoint_id and due_at <= ${now}
          and (lease_until is null or lease_until < now())
        order by due_at limit 1 for update skip locked
      ) due
    )
    returning *
  `.execute(tx);
  return Rows.parse(rows);
}

function wantedOf({ tenant_id: tenantId, first, last, first_at: at }: Row) {
  const after = (first ?? 1) - 1;
  const upTo = last ?? 0;
  // Of no organization: nothing is read.
  return { tenantId: tenantId ?? NO_ORGANIZATION, after, upTo, most: Math.max(0, upTo - after), at };
}

const NO_ORGANIZATION = '00000000-0000-0000-0000-000000000000';

/** The same that was to be sent, whatever the endpoint has chosen since. */
function batchOf(parts: WebhookStoreParts, row: Row, stretch: LaneStretch, { payload }: Endpoint): Batch | null {
  const { event, first_at: at, detail, last } = row;
  if (detail !== null) {
    return { event, range: null, body: parts.write(event, at, detail) };
  }
  const batch = parts.plan(stretch, { events: [event], payload });
  const isWhole = batch?.range == null || last === null || batch.range.last >= last;
  return isWhole ? batch : parts.plan(stretch, { events: [event], payload: 'hint' });
}
