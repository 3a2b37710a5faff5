/** Fulfils what reviewing and expiring need: judged and deleted under the locks that a round's writes take. */
import { sql } from 'kysely';
import { z } from 'zod';
import { asksForContacts } from '../domain/relevance.ts';
import { CATEGORIES, type Category } from '../domain/selection.ts';
import type { Expired, ExpirePorts } from '../sync/expire.ts';
import type { Review, ReviewPorts } from '../sync/review.ts';
import { readConnection } from './connections.ts';
import { readFolders } from './containers.ts';
import type { Keyring } from './keys/keyring.ts';
import { lockMailbox } from './mailboxes.ts';
import { openRules, readSealedRules, rulesKeyName } from './memberRules.ts';
import type { Database } from './openDatabase.ts';
import { shareOrganization } from './organizations.ts';
import { appendOutbox, type OutboxOwner } from './outbox.ts';
import { deleteExcluded } from './placements.ts';
import { advanceReview, judgeStored, lockReview, readOpenReviews } from './reviews.ts';
import type { DataKey } from './sealing.ts';
import { CHANGES_CHANNEL, notify, transact, type Writer } from './transact.ts';

const BATCH = 200;
const MOST_OPEN = 100;

export function openRelevanceStore(database: Database, keyring: Keyring, now: () => Date): ReviewPorts & ExpirePorts {
  return {
    now,
    openReviews: () => readOpenReviews(database.kysely, MOST_OPEN),
    reviewBatch: (review, at) => reviewBatch(database, keyring, review, at),
    expired: (at) => readExpired(database, at),
    deleteExpired: (expired, at) => transact(database, (tx) => deleteExpired(tx, expired, at)),
  };
}

type Keys = Partial<Record<Category | 'rules', DataKey>>;

/** Keys are fetched before the transaction: they live somewhere else. */
async function reviewBatch(database: Database, keyring: Keyring, review: Review, at: Date): Promise<boolean> {
  const { tenantId, memberId } = review;
  const keys: Keys = {};
  for (const purpose of [...CATEGORIES, 'rules'] as const) {
    const key = await keyring.forReading({ tenantId, memberId, purpose });
    if (key !== null) {
      keys[purpose] = key;
    }
  }
  return transact(database, (tx) => reviewLocked(tx, review, keys, at));
}

async function reviewLocked(tx: Writer, review: Review, keys: Keys, at: Date): Promise<boolean> {
  const { tenantId, memberId, category } = review;
  const organization = await shareOrganization(tx, tenantId);
  const connection = await readConnection(tx, tenantId, memberId);
  await lockMailbox(tx, tenantId, memberId);
  const place = await lockReview(tx, review);
  const key = keys[category];
  if (place === null) {
    return false;
  }
  if (organization === null || connection === null || key === undefined) {
    await advanceReview(tx, review, { after: place.after, looked: 0, removed: 0, endedAt: at });
    return false;
  }
  const sealed = await readSealedRules(tx, tenantId, memberId);
  const { policy: member } = openRules(keys.rules ?? null, rulesKeyName(tenantId, memberId), sealed);
  const rules = { organization: organization.relevance, member };
  const owner: OutboxOwner = { tenantId, memberId, connectionId: connection.connectionId, category };
  const judge = {
    rules,
    now: at,
    connectedAt: connection.createdAt,
    folders: await readFolders(tx, { tenantId, mailboxId: memberId }, category, key),
    asksForContacts: asksForContacts(rules),
  };
  const page = await judgeStored(tx, owner, { items: key, contacts: keys.contacts ?? null }, judge, {
    after: place.after,
    most: BATCH,
  });
  const removed = await deleteExcluded(tx, owner, page.excluded);
  await appendOutbox(tx, owner, removed, at);
  const isOver = page.ids.length < BATCH;
  await advanceReview(tx, review, {
    after: page.ids.at(-1) ?? place.after,
    looked: page.ids.length,
    removed: removed.length,
    endedAt: isOver ? at : null,
  });
  await notify(tx, CHANGES_CHANNEL, `${tenantId}/`);
  return !isOver;
}

const MORE = 2_000;
const MOST_EXPIRED = 200;

const ExpiredRows = z.array(
  z.object({
    tenant_id: z.string(),
    member_id: z.string(),
    connection_id: z.string(),
    category: z.enum(CATEGORIES),
    before: z.date(),
  }),
);

/** Each look at a mailbox is one step into the index by time. */
async function readExpired({ kysely }: Database, now: Date): Promise<readonly Expired[]> {
  const { rows } = await sql`
    select kept.tenant_id, kept.member_id, kept.connection_id, category, kept.before from (
      select members.tenant_id, members.member_id, connections.connection_id,
        ${now}::timestamptz - make_interval(days =>
          least((organizations.relevance ->> 'retentionDays')::int, members.retention_days)) as before
      from members
      join organizations on organizations.tenant_id = members.tenant_id
      join connections on connections.tenant_id = members.tenant_id and connections.member_id = members.member_id
      where organizations.relevance ->> 'retentionDays' is not null or members.retention_days is not null
    ) kept cross join unnest(array['mail', 'calendar']) as category
    where exists (select 1 from items where items.tenant_id = kept.tenant_id and items.member_id = kept.member_id
      and items.category = category and items.item_at < kept.before)
    limit ${MOST_EXPIRED}
  `.execute(kysely);
  return ExpiredRows.parse(rows).map((row) => ({
    tenantId: row.tenant_id,
    memberId: row.member_id,
    connectionId: row.connection_id,
    category: row.category,
    before: row.before,
  }));
}

async function deleteExpired(tx: Writer, { before, ...owner }: Expired, at: Date): Promise<boolean> {
  const { tenantId, memberId, category } = owner;
  await shareOrganization(tx, tenantId);
  await lockMailbox(tx, tenantId, memberId);
  const rows = await tx
    .selectFrom('items')
    .select('item_id')
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .where('category', '=', category)
    .where('item_at', '<', before)
    .limit(MORE)
    .execute();
  const removed = await deleteExcluded(
    tx,
    owner,
    rows.map((row) => row.item_id),
  );
  await appendOutbox(tx, owner, removed, at);
  await notify(tx, CHANGES_CHANNEL, `${tenantId}/${memberId}`);
  return removed.length === MORE;
}
