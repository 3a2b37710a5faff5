/**
 * Mailboxes: the queue of rounds. A lease is given by the database's clock and carries a fence; whoever holds
 * an older one can write nothing.
 *
 * Units   A lease lasts 60 seconds and is kept while its round continues, so that a crashed worker's mailbox
 *         runs again within that time.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Reach } from '../../consent/store.ts';
import type { Lease, NextRound, WorkerCapacity } from '../../sync/ports.ts';
import { notify, type Reader, WAKE_CHANNEL, type Writer } from '../transact.ts';
import { REMOVED } from '../consent/connectionStatus.ts';

/** How many more are looked at than are taken, for others take some of them at the same moment. */
const OTHERS = 32;
const LEASE = sql`now() + interval '60 seconds'`;

const Claimed = z.array(z.object({ tenant_id: z.string(), mailbox_id: z.string(), fence: z.number() }));

/** Has the worker look at mailboxes now; of everyone only at those of people with a connection. */
export async function wakeMailboxes(tx: Writer, tenantId: string, whose: Reach, at: Date): Promise<void> {
  if (whose.length === 0) {
    return;
  }
  const mailboxes =
    whose === 'everyone'
      ? sql`select member_id from connections where tenant_id = ${tenantId} and status <> ${REMOVED}`
      : sql`select unnest(${[...whose]}::uuid[]) as member_id`;
  await sql`
    insert into mailboxes (tenant_id, mailbox_id, due_at)
    select ${tenantId}::uuid, member_id, ${at}::timestamptz from (${mailboxes}) as meant order by member_id
    on conflict (tenant_id, mailbox_id) do update set due_at = excluded.due_at, is_woken = true
  `.execute(tx);
  await notify(tx, WAKE_CHANNEL, '');
}

/**
 * Takes mailboxes that are due and that no one holds; first syncs where the others leave room.
 *
 * Fair between organizations: the one that holds fewest leases for its weight comes next, whatever waits elsewhere.
 */
export async function claimDue(tx: Writer, owner: string, now: Date, room: WorkerCapacity): Promise<readonly Lease[]> {
  const current = await claimMailboxes(tx, owner, now, false, room.all);
  const first = await claimMailboxes(tx, owner, now, true, Math.min(room.first, room.all - current.length));
  return [...current, ...first];
}

async function claimMailboxes(
  tx: Writer,
  owner: string,
  now: Date,
  isFirst: boolean,
  limit: number,
): Promise<readonly Lease[]> {
  if (limit <= 0) {
    return [];
  }
  const isDue = sql`mailboxes.is_first = ${isFirst} and mailboxes.due_at <= ${now}
    and (mailboxes.quiet_until is null or mailboxes.quiet_until <= ${now})
    and (mailboxes.lease_until is null or mailboxes.lease_until < now())`;
  const { rows } = await sql`
    with chosen as (
      select due.tenant_id, due.mailbox_id, (held.leases + due.place)::numeric / organizations.weight as turn, due.due_at
      from organizations
      cross join lateral (
        select count(*) as leases from mailboxes
        where mailboxes.tenant_id = organizations.tenant_id and is_first = ${isFirst} and lease_until >= now()
      ) held
      cross join lateral (
        select tenant_id, mailbox_id, due_at, row_number() over (order by due_at) as place from mailboxes
        where mailboxes.tenant_id = organizations.tenant_id and ${isDue}
        order by due_at limit ${limit + OTHERS}
      ) due
      order by turn, due_at
      limit ${limit + OTHERS}
    ), free as (
      select mailboxes.tenant_id, mailboxes.mailbox_id from mailboxes
      join chosen using (tenant_id, mailbox_id) where ${isDue}
      order by chosen.turn, chosen.due_at limit ${limit}
      for update of mailboxes skip locked
    )
    update mailboxes set lease_owner = ${owner}, lease_until = ${LEASE}, fence = fence + 1, is_woken = false,
      round_at = ${now}
    from free where mailboxes.tenant_id = free.tenant_id and mailboxes.mailbox_id = free.mailbox_id
    returning mailboxes.tenant_id, mailboxes.mailbox_id, fence
  `.execute(tx);
  return Claimed.parse(rows).map((row) => ({
    tenantId: row.tenant_id,
    mailboxId: row.mailbox_id,
    owner,
    fence: row.fence,
    isFirst,
  }));
}

/**
 * Gives the mailbox back: due again when its first stream is, or at `dueAt`, at once where it was woken meanwhile, and
 * always by `latestAt`. It is in the lane of first syncs until every stream was read once. What is held counts for
 * neither.
 */
export async function releaseMailbox(tx: Writer, lease: Lease, next: NextRound): Promise<void> {
  const own = sql`tenant_id = ${lease.tenantId} and mailbox_id = ${lease.mailboxId}`;
  await sql`
    update mailboxes set lease_owner = null, lease_until = null,
      quiet_until = greatest(quiet_until, ${next.quietUntil}::timestamptz),
      is_first = exists (select 1 from streams where ${own} and succeeded_at is null and held_by is null
        and not (shared_mailbox_id is not null and failures > 0)),
      due_at = case when is_woken then due_at else coalesce(
        ${next.dueAt}::timestamptz, least((select min(due_at) from streams where ${own} and held_by is null),
          (select min(act_at) from subscriptions where ${own}), ${next.latestAt}::timestamptz)) end
    where ${own} and fence = ${lease.fence}
  `.execute(tx);
}

/** Notes at once until when Graph asked for silence, so that a crash does not forget it. */
export async function setRetryAfter(db: Reader, lease: Lease, until: Date): Promise<void> {
  await sql`
    update mailboxes set quiet_until = greatest(quiet_until, ${until}::timestamptz)
    where tenant_id = ${lease.tenantId} and mailbox_id = ${lease.mailboxId} and fence = ${lease.fence}
  `.execute(db);
}

/** Keeps the lease for another while; says whether it was still held. */
export async function keepLease(db: Reader, lease: Lease): Promise<boolean> {
  const result = await sql`
    update mailboxes set lease_until = ${LEASE}
    where tenant_id = ${lease.tenantId} and mailbox_id = ${lease.mailboxId} and fence = ${lease.fence}
      and lease_owner is not null
  `.execute(db);
  return result.numAffectedRows === 1n;
}

/** Locks the mailbox's row, whoever holds its lease: nothing of a round is written meanwhile. Answers the newest round. */
export async function lockMailbox(tx: Writer, tenantId: string, mailboxId: string): Promise<number> {
  const row = await tx
    .selectFrom('mailboxes')
    .select('fence')
    .where('tenant_id', '=', tenantId)
    .where('mailbox_id', '=', mailboxId)
    .forUpdate()
    .executeTakeFirst();
  return row?.fence ?? 0;
}

/** Locks the mailbox's row and says whether the lease still holds; every write of a round begins so. */
export async function lockLease(tx: Writer, lease: Lease): Promise<boolean> {
  const row = await tx
    .selectFrom('mailboxes')
    .select('fence')
    .where('tenant_id', '=', lease.tenantId)
    .where('mailbox_id', '=', lease.mailboxId)
    .where('fence', '=', lease.fence)
    .where('lease_owner', '=', lease.owner)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}
