/** How the installation does, as numbers: of every organization, or of those that are named. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { ReadHealth } from '../../delivery/ports.ts';
import { SYNC_ERROR_CODES } from '../../domain/syncErrors.ts';
import { ENDPOINT_STATES } from '../../domain/webhookLife.ts';
import type { Database } from '../openDatabase.ts';

const Row = z.object({
  feed_oldest: z.date().nullable(),
  due: z.number(),
  due_oldest: z.date().nullable(),
  expiring: z.number(),
  failing: z.record(z.string(), z.number()),
  endpoints: z.record(z.string(), z.number()),
  behind: z.number(),
  aside: z.number(),
});

/** A subscription that has less left is renewed by now, or won't be. */
const EXPIRING = sql`interval '1 hour'`;

export function openHealthStore({ kysely }: Database): ReadHealth {
  return async (organizationIds, endpointIds, now) => {
    const isMeant = sql`(${organizationIds === null} or tenant_id = any(${[...(organizationIds ?? [])]}::uuid[]))`;
    const isSeen = sql`endpoint_id = any(${[...endpointIds]}::text[])`;
    const { rows } = await sql`
      select
        (select min(outbox.at) from feed_news join outbox on outbox.tenant_id = feed_news.tenant_id
          and outbox.sequence = feed_news.first) as feed_oldest,
        (select count(*) from mailboxes where due_at <= ${now} and ${isMeant}) as due,
        (select min(due_at) from mailboxes where due_at <= ${now} and ${isMeant}) as due_oldest,
        (select count(*) from subscriptions where expires_at < ${now}::timestamptz + ${EXPIRING} and ${isMeant}) as expiring,
        (select coalesce(jsonb_object_agg(error, streams), '{}') from (
          select error, count(*) as streams from streams where error is not null and ${isMeant} group by error
        ) failing) as failing,
        (select coalesce(jsonb_object_agg(state, endpoints), '{}') from (
          select state, count(*) as endpoints from webhook_endpoints where ${isSeen} group by state
        ) by_state) as endpoints,
        (select count(*) from webhook_lanes where delivered < published and ${isSeen}) as behind,
        (select count(*) from webhook_deliveries where due_at is not null and ${isSeen}) as aside
    `.execute(kysely);
    const row = Row.parse(rows[0]);
    return {
      feedLagSeconds: secondsSince(row.feed_oldest, now),
      mailboxes: { due: row.due, oldestSeconds: secondsSince(row.due_oldest, now) },
      expiringSubscriptions: row.expiring,
      failingStreams: Object.fromEntries(SYNC_ERROR_CODES.flatMap((code) => countOf(row.failing, code))),
      webhooks: {
        endpoints: Object.fromEntries(ENDPOINT_STATES.flatMap((state) => countOf(row.endpoints, state))),
        organizationsBehind: row.behind,
        setAside: row.aside,
      },
    };
  };
}

function countOf(counts: Readonly<Record<string, number>>, word: string): readonly (readonly [string, number])[] {
  const count = counts[word] ?? 0;
  return count === 0 ? [] : [[word, count]];
}

function secondsSince(at: Date | null, now: Date): number {
  return at === null ? 0 : Math.max(0, Math.round((now.getTime() - at.getTime()) / 1_000));
}
