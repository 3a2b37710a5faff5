/** Subscriptions to Graph's notifications: what there is of each mailbox, and when it needs attention. */
import { type Selectable, sql } from 'kysely';
import type { Category } from '../../domain/categories/categories.ts';
import type { DesiredSubscription } from '../../domain/desiredSubscriptions.ts';
import type { Subscription, SubscriptionChange } from '../../sync/ports.ts';
import type { SubscriptionsTable } from './syncTables.ts';
import type { Reader, Writer } from '../transact.ts';

interface MailboxName {
  readonly tenantId: string;
  readonly mailboxId: string;
}

export async function readSubscriptions(db: Reader, mailbox: MailboxName): Promise<readonly Subscription[]> {
  const rows = await subscriptionsOf(db, mailbox).selectAll().orderBy('resource').execute();
  return rows.map(toSubscription);
}

/** The ids of what an organization's mailboxes have at Microsoft, by mailbox. */
export async function readSubscriptionIds(
  db: Reader,
  tenantId: string,
  limit: number,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await db
    .selectFrom('subscriptions')
    .select(['mailbox_id', 'subscription_id'])
    .where('tenant_id', '=', tenantId)
    .where('subscription_id', 'is not', null)
    .orderBy('mailbox_id')
    .limit(limit)
    .execute();
  const found = new Map<string, string[]>();
  for (const { mailbox_id: mailboxId, subscription_id: id } of rows) {
    found.set(mailboxId, [...(found.get(mailboxId) ?? []), ...(id === null ? [] : [id])]);
  }
  return found;
}

/** Writes down what is about to be made, before Graph is asked: a notification may come before the answer. */
export async function prepareSubscription(
  tx: Writer,
  { tenantId, mailboxId }: MailboxName,
  { category, resource }: DesiredSubscription,
  clientStateHash: Uint8Array,
  at: Date,
): Promise<void> {
  const fresh = { client_state_hash: clientStateHash, subscription_id: null, expires_at: null };
  await tx
    .insertInto('subscriptions')
    .values({ tenant_id: tenantId, mailbox_id: mailboxId, category, resource, act_at: at, error: null, ...fresh })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'mailbox_id', 'resource']).doUpdateSet(fresh))
    .execute();
}

export async function updateSubscription(
  tx: Writer,
  { tenantId, mailboxId }: MailboxName,
  { resource, before }: { readonly resource: string; readonly before: string | null },
  { subscriptionId, expiresAt, actAt, failures, error }: SubscriptionChange,
): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .set({ subscription_id: subscriptionId, expires_at: expiresAt, act_at: actAt, failures, error })
    .where('tenant_id', '=', tenantId)
    .where('mailbox_id', '=', mailboxId)
    .where('resource', '=', resource)
    .where('subscription_id', 'is not distinct from', before)
    .execute();
}

export async function deleteSubscription(
  tx: Writer,
  { tenantId, mailboxId }: MailboxName,
  resource: string,
): Promise<void> {
  await tx
    .deleteFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('mailbox_id', '=', mailboxId)
    .where('resource', '=', resource)
    .execute();
}

export async function deleteSubscriptionsOfMailbox(tx: Writer, { tenantId, mailboxId }: MailboxName): Promise<void> {
  await tx.deleteFrom('subscriptions').where('tenant_id', '=', tenantId).where('mailbox_id', '=', mailboxId).execute();
}

/** One way of access has nothing to do with what another one has made: all are recreated. */
export async function deleteSubscriptionsOf(tx: Writer, tenantId: string, at: Date): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .set({ subscription_id: null, expires_at: null, act_at: at, failures: 0, error: null })
    .where('tenant_id', '=', tenantId)
    .execute();
}

/** Those that Graph's notifications name, by their id. */
export async function readSubscriptionsById(
  db: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, MailboxName & { readonly category: Category; readonly clientStateHash: Uint8Array }>> {
  const rows = await db
    .selectFrom('subscriptions')
    .select(['subscription_id', 'tenant_id', 'mailbox_id', 'category', 'client_state_hash'])
    .where('subscription_id', '=', sql<string>`any(${ids}::text[])`)
    .execute();
  return new Map(
    rows.map((row) => [
      row.subscription_id ?? '',
      {
        tenantId: row.tenant_id,
        mailboxId: row.mailbox_id,
        category: row.category,
        clientStateHash: row.client_state_hash,
      },
    ]),
  );
}

function subscriptionsOf(db: Reader, { tenantId, mailboxId }: MailboxName) {
  return db.selectFrom('subscriptions').where('tenant_id', '=', tenantId).where('mailbox_id', '=', mailboxId);
}

function toSubscription(row: Selectable<SubscriptionsTable>): Subscription {
  return {
    category: row.category,
    resource: row.resource,
    subscriptionId: row.subscription_id,
    expiresAt: row.expires_at,
    actAt: row.act_at,
    failures: row.failures,
  };
}
