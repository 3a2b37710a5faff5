/**
 * Notifications that were received: written before Graph is answered, and then turned into mailboxes that are due.
 *
 * Many at once become one due mailbox: a round that runs continues, and one more follows it.
 */
import { timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Category } from '../../domain/categories/categories.ts';
import type { ReceivedNotification } from '../../sync/receiveNotifications.ts';
import type { Database } from '../openDatabase.ts';
import { readSubscriptionsById } from './subscriptions.ts';
import { notify, transact, WAKE_CHANNEL, type Writer } from '../transact.ts';

const BATCH = 1_000;
/** Seconds between the beginnings of two rounds that notifications ask for. */
const SPACING = sql`interval '5 seconds'`;

/** Writes those that carry the secret of their subscription, in one statement; answers how many did not. */
export async function storeNotifications(
  database: Database,
  received: readonly ReceivedNotification[],
  at: Date,
): Promise<number> {
  const ids = [...new Set(received.map(({ subscriptionId }) => subscriptionId))];
  const known = await readSubscriptionsById(database.kysely, ids);
  const accepted = received.flatMap((notification) => {
    const subscription = known.get(notification.subscriptionId);
    const isOurs =
      subscription !== undefined &&
      isSame(subscription.clientStateHash, notification.clientStateHash) &&
      (notification.tenantId === null || notification.tenantId === subscription.tenantId);
    return isOurs ? [{ ...subscription, ...notification, tenantId: subscription.tenantId }] : [];
  });
  if (accepted.length > 0) {
    await transact(database, async (tx) => {
      await insert(tx, accepted, at);
      await notify(tx, WAKE_CHANNEL, '');
    });
  }
  return received.length - accepted.length;
}

function isSame(stored: Uint8Array, received: Uint8Array): boolean {
  return stored.byteLength === received.byteLength && timingSafeEqual(stored, received);
}

interface Accepted extends ReceivedNotification {
  readonly tenantId: string;
  readonly mailboxId: string;
  readonly category: Category;
}

async function insert(tx: Writer, accepted: readonly Accepted[], at: Date): Promise<void> {
  const column = <T>(read: (notification: Accepted) => T) => accepted.map(read);
  await sql`
    insert into notifications (tenant_id, mailbox_id, category, subscription_id, kind, received_at)
    select tenant_id, mailbox_id, category, subscription_id, kind, ${at}
    from unnest(
      ${column(({ tenantId }) => tenantId)}::uuid[], ${column(({ mailboxId }) => mailboxId)}::uuid[],
      ${column(({ category }) => category)}::text[], ${column(({ subscriptionId }) => subscriptionId)}::text[],
      ${column(({ kind }) => kind)}::text[]
    ) as incoming (tenant_id, mailbox_id, category, subscription_id, kind)
  `.execute(tx);
}

const Taken = z.array(
  z.object({
    tenant_id: z.string(),
    mailbox_id: z.string(),
    category: z.string(),
    subscription_id: z.string(),
    kind: z.string(),
  }),
);

/** Takes a batch of what was received, and has the mailboxes due; answers how many there were. */
export function takeNotifications(database: Database, at: Date): Promise<number> {
  return transact(database, async (tx) => {
    const { rows } = await sql`
      delete from notifications where notification_id in (
        select notification_id from notifications order by notification_id limit ${BATCH} for update skip locked
      ) returning tenant_id, mailbox_id, category, subscription_id, kind
    `.execute(tx);
    const taken = Taken.parse(rows);
    if (taken.length > 0) {
      await markMailboxDue(tx, taken, at);
    }
    return taken.length;
  });
}

async function markMailboxDue(tx: Writer, taken: z.infer<typeof Taken>, at: Date): Promise<void> {
  const column = (name: 'tenant_id' | 'mailbox_id' | 'category') => taken.map((row) => row[name]);
  const named = sql`unnest(${column('tenant_id')}::uuid[], ${column('mailbox_id')}::uuid[],
    ${column('category')}::text[]) as named (tenant_id, mailbox_id, category)`;
  await sql`
    update mailboxes set is_woken = true, due_at = least(due_at, greatest(${at}::timestamptz, round_at + ${SPACING}))
    where (tenant_id, mailbox_id) in (
      select tenant_id, mailbox_id from mailboxes
      where (tenant_id, mailbox_id) in (select tenant_id, mailbox_id from ${named})
      order by tenant_id, mailbox_id for update
    )
  `.execute(tx);
  await sql`
    update streams set wakes = wakes + 1,
      due_at = case when failures = 0 then least(due_at, ${at}::timestamptz) else due_at end
    where shared_mailbox_id is null
      and (tenant_id, mailbox_id, category) in (select tenant_id, mailbox_id, category from ${named})
  `.execute(tx);
  await markSubscriptionDue(tx, taken, at);
  await notify(tx, WAKE_CHANNEL, '');
}

/** What Graph has ended or wants to have confirmed is looked at in the same round. */
async function markSubscriptionDue(tx: Writer, taken: z.infer<typeof Taken>, at: Date): Promise<void> {
  const idsOf = (wanted: string) => taken.filter(({ kind }) => kind === wanted).map((row) => row.subscription_id);
  const ended = idsOf('removed');
  const named = [...ended, ...idsOf('reauthorizationRequired')];
  if (named.length > 0) {
    const isEnded = sql`subscription_id = any(${ended}::text[])`;
    await sql`
      update subscriptions set act_at = ${at},
        expires_at = case when ${isEnded} then null else expires_at end,
        subscription_id = case when ${isEnded} then null else subscription_id end
      where subscription_id = any(${named}::text[])
    `.execute(tx);
  }
}
