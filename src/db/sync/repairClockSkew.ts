/**
 * What a clock that was ahead has put off: a round that began in what is now the future set its next one, its streams'
 * and its subscriptions' as far ahead, and nothing else would look at that mailbox until then.
 *
 * Units   Clocks of well-kept machines differ by less than the tolerance.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../openDatabase.ts';
import { transact } from '../transact.ts';

const TOLERANCE = sql`interval '2 minutes'`;
/** The longest Retry-After that we honor. */
const MAX_RETRY_AFTER = sql`interval '1 hour'`;
const BATCH = 500;

const Found = z.array(z.object({ tenant_id: z.string(), mailbox_id: z.string() }));

/** Has the mailboxes due whose last round began in the future; answers how many there were. */
export async function repairClockSkew(database: Database, now: Date): Promise<number> {
  let count = 0;
  for (;;) {
    const found = await putSomeRight(database, now);
    count += found;
    if (found < BATCH) {
      return count;
    }
  }
}

function putSomeRight(database: Database, now: Date): Promise<number> {
  return transact(database, async (tx) => {
    const { rows } = await sql`
      update mailboxes set due_at = ${now}, round_at = ${now}, quiet_until = least(quiet_until, ${now}::timestamptz + ${MAX_RETRY_AFTER})
      where (tenant_id, mailbox_id) in (
        select tenant_id, mailbox_id from mailboxes
        where round_at > ${now}::timestamptz + ${TOLERANCE} and (lease_until is null or lease_until < now())
        order by tenant_id, mailbox_id limit ${BATCH} for update skip locked
      )
      returning tenant_id, mailbox_id
    `.execute(tx);
    const found = Found.parse(rows);
    const those = sql`(tenant_id, mailbox_id) in (
      select * from unnest(${found.map((each) => each.tenant_id)}::uuid[], ${found.map((each) => each.mailbox_id)}::uuid[]))`;
    await sql`update streams set due_at = ${now} where ${those} and due_at > ${now}`.execute(tx);
    await sql`update subscriptions set act_at = ${now} where ${those} and act_at > ${now}`.execute(tx);
    return found.length;
  });
}
