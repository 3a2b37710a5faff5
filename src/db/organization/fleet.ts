/** How an organization's mailboxes are doing, counted; no one is named. */
import { sql } from 'kysely';
import { z } from 'zod';
import { FAILING_REASONS, type FailingReason, PAUSES } from '../../domain/reasons.ts';
import type { Reader } from '../transact.ts';
import { type SyncErrorCode, syncErrorOf } from '../../domain/syncErrors.ts';
import { LOST } from '../consent/connectionStatus.ts';
import { type Fleet } from '../../administration/ports.ts';

const FLEET_STATES = ['healthy', 'catchingUp', 'paused', 'failing'] as const;
type FleetState = (typeof FLEET_STATES)[number];

const LOST_REASON: FailingReason = 'reauthenticate';

const Rows = z.array(
  z.object({
    state: z.enum(FLEET_STATES),
    cause: z.string().nullable(),
    mailboxes: z.number(),
    next_at: z.date().nullable(),
  }),
);

const isPaused = sql`(held_by in (${sql.join(PAUSES)}))`;

/**
 * A mailbox fails as soon as one of its streams does, and is behind until all of them were read once. What others share
 * with its member does not count: whether they go on doing so is between them.
 */
export async function readFleet(db: Reader, tenantId: string): Promise<Fleet> {
  const { rows } = await sql`
    select state, cause, count(*)::int as mailboxes, min(next_at) as next_at from (
      select streams.mailbox_id,
        case when connections.status = ${LOST} or bool_or(error is not null and held_by is null)
            or bool_or(held_by is not null and not ${isPaused}) then ${'failing' satisfies FleetState}
          when bool_and(held_by is not null) then ${'paused' satisfies FleetState}
          when bool_or(succeeded_at is null and held_by is null) then ${'catchingUp' satisfies FleetState}
          else ${'healthy' satisfies FleetState} end as state,
        case when connections.status = ${LOST} then ${LOST_REASON}
          else coalesce(min(error) filter (where held_by is null), min(held_by) filter (where not ${isPaused})) end as cause,
        case when connections.status = ${LOST} then null
          else min(due_at) filter (where error is not null and held_by is null) end as next_at
      from streams
      join connections on connections.tenant_id = streams.tenant_id and connections.member_id = streams.mailbox_id
      where streams.tenant_id = ${tenantId} and shared_mailbox_id is null
      group by streams.mailbox_id, connections.status
    ) mailboxes group by state, cause order by mailboxes desc, cause
  `.execute(db);
  const found = Rows.parse(rows);
  const count = (state: FleetState) =>
    found.filter((row) => row.state === state).reduce((sum, row) => sum + row.mailboxes, 0);
  return {
    healthy: count('healthy'),
    catchingUp: count('catchingUp'),
    paused: count('paused'),
    failing: found
      .filter(({ state }) => state === 'failing')
      .map(({ cause, mailboxes, next_at: nextAttemptAt }) => ({ cause: causeOf(cause), mailboxes, nextAttemptAt })),
  };
}

function causeOf(stored: string | null): SyncErrorCode | FailingReason {
  return FAILING_REASONS.find((reason) => reason === stored) ?? syncErrorOf(stored) ?? 'other';
}
