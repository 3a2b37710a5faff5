/** Has an endpoint sent again what it was sent, or was not. */
import { sql } from 'kysely';
import type { Replay } from '../../delivery/webhookPorts.ts';
import type { DeliveryState } from '../../domain/webhooks.ts';
import type { Writer } from '../transact.ts';

const NOT_TAKEN: readonly DeliveryState[] = ['waiting', 'failed'];
const AGAIN: DeliveryState = 'waiting';

/** What was set aside and not taken, by itself. */
export async function replayFailed(
  tx: Writer,
  id: string,
  { from, to, organizationId }: Replay,
  now: Date,
): Promise<number> {
  const result = await tx
    .updateTable('webhook_deliveries')
    .set({ state: AGAIN, due_at: now })
    .where('endpoint_id', '=', id)
    .where('state', 'in', NOT_TAKEN)
    .where('first_at', '>=', from)
    .where(sql<boolean>`(${to}::timestamptz is null or first_at <= ${to}::timestamptz)`)
    .where(sql<boolean>`(${organizationId}::uuid is null or tenant_id = ${organizationId}::uuid)`)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/**
 * Lanes go back to where the feed was at that time, or to where what was sent then began, and go on from where they stood
 * when they have come to its end. What is being sent meanwhile may come twice.
 */
export async function replayLanes(
  tx: Writer,
  id: string,
  { from, to, organizationId }: Replay,
  now: Date,
): Promise<number> {
  const stood = sql`coalesce(resume_from, delivered)`;
  const result = await sql`
    update webhook_lanes set
      delivered = least(span.first - 1, case when replay_until is not null then delivered end),
      due_at = ${now}, pending_to = null, tries = 0, first_at = null,
      replay_until = greatest(replay_until, least(span.last, ${stood})), resume_from = ${stood},
      lease_owner = null, lease_until = null
    from (
      select told.tenant_id, told.last, coalesce((
        select min(sent.first) from webhook_deliveries sent
        where sent.endpoint_id = ${id} and sent.tenant_id = told.tenant_id
          and sent.first <= told.first and sent.last >= told.first
      ), told.first) as first
      from (
        select tenant_id, min(sequence) as first, max(sequence) as last from outbox
        where tenant_id in (
          select tenant_id from webhook_lanes where endpoint_id = ${id}
            and (${organizationId}::uuid is null or tenant_id = ${organizationId}::uuid)
        ) and at >= ${from} and (${to}::timestamptz is null or at <= ${to}::timestamptz)
        group by tenant_id
      ) told
    ) span
    where endpoint_id = ${id} and webhook_lanes.tenant_id = span.tenant_id and span.first <= ${stood}
  `.execute(tx);
  return Number(result.numAffectedRows ?? 0n);
}
