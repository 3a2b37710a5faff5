/** Fulfills what reviewing and expiring need: items are evaluated and deleted under the locks that a round's writes take. */
import { sql } from 'kysely';
import { z } from 'zod';
import { needsContacts, FILTERED_CATEGORIES, folderExclusion, type RelevancePolicy } from '../../domain/relevance.ts';
import { CATEGORIES } from '../../domain/categories/categories.ts';
import type { Expired, ExpirePorts } from '../../sync/expire.ts';
import type { Review, ReviewPorts } from '../../sync/review.ts';
import { readConnection } from '../consent/connections.ts';
import { readFolders } from '../sync/containers.ts';
import { itemsOf } from './items.ts';
import { deleteContents } from './deleteContents.ts';
import { deleteUnlistedMailboxes } from '../sync/deleteUnlistedMailboxes.ts';
import type { Keyring, Keys } from '../keys/keyring.ts';
import { lockMailbox } from '../sync/mailboxes.ts';
import { openRules, readSealedRules, rulesKeyName } from '../organization/memberRulesStore.ts';
import type { Database } from '../openDatabase.ts';
import { lockOrganizationForShare } from '../organization/organizations.ts';
import { appendOutbox, type OutboxOwner } from '../delivery/outbox.ts';
import { deleteExcluded } from './placements.ts';
import { deleteQuarantined } from '../sync/quarantine.ts';
import { advanceReview, evaluateStored, lockReview, postponeReview, readOpenReviews } from '../sync/reviews.ts';
import { deleteStreams } from '../sync/streams.ts';
import { tellScreens } from '../delivery/recordChange.ts';
import { transact, type Writer } from '../transact.ts';

const BATCH = 200;
const MAX_OPEN_REVIEWS = 100;
/** Screens are told of a review in progress now and then, and of its end. */
const PROGRESS_EVERY_BATCHES = 10;
const RETRY_MILLISECONDS = 5 * 60_000;

export function openRelevanceStore(
  database: Database,
  keyring: Keyring,
  now: () => Date,
  onFailure: (error: unknown) => void,
): ReviewPorts & ExpirePorts {
  return {
    now,
    openReviews: (at) => readOpenReviews(database.kysely, at, MAX_OPEN_REVIEWS),
    reviewBatch: (review, at) => reviewBatch(database, keyring, review, at),
    postponeReview: async (review, error, at) => {
      onFailure(error);
      await postponeReview(database.kysely, review, new Date(at.getTime() + RETRY_MILLISECONDS));
    },
    findExpired: (at) => readExpired(database, at),
    deleteExpired: (expired, at) => transact(database, (tx) => deleteExpired(tx, expired, at)),
  };
}

/** Keys are fetched before the transaction: they live somewhere else. */
async function reviewBatch(database: Database, keyring: Keyring, review: Review, at: Date): Promise<boolean> {
  const rules = await keyring.freshForReading({ ...review, purpose: 'rules' });
  const keys = { ...(await keyring.allForReading(review)), ...(rules === null ? {} : { rules }) };
  return transact(database, (tx) => reviewUnderLock(tx, review, keys, at));
}

async function reviewUnderLock(tx: Writer, review: Review, keys: Keys, at: Date): Promise<boolean> {
  const { tenantId, memberId, category } = review;
  const organization = await lockOrganizationForShare(tx, tenantId);
  const connection = await readConnection(tx, tenantId, memberId);
  const round = await lockMailbox(tx, tenantId, memberId);
  const place = await lockReview(tx, review);
  const key = keys[category];
  if (place === null) {
    return false;
  }
  if (organization === null || connection === null || key === undefined) {
    await advanceReview(tx, review, { after: place.after, looked: 0, removed: 0, endedAt: at });
    return false;
  }
  const mailbox = { tenantId, mailboxId: memberId };
  const sealed = await readSealedRules(tx, tenantId, memberId);
  const { policy: member, mailboxes } = openRules(keys.rules ?? null, rulesKeyName(tenantId, memberId), sealed);
  const rules = { organization: organization.relevance, member };
  const owner: OutboxOwner = { tenantId, memberId, connectionId: connection.connectionId, category };
  const evaluate = {
    rules,
    now: at,
    connectedAt: connection.createdAt,
    folders: await readFolders(tx, mailbox, category, key),
    mailboxes,
    asksForContacts: needsContacts(rules),
  };
  // A folder that is let in again has to be read from its beginning: what was in it goes now.
  const excluded = [...evaluate.folders.keys()].filter((id) => folderExclusion(rules, id, evaluate.folders) !== null);
  const dropped = await deleteStreams(
    tx,
    mailbox,
    excluded.map((id) => `${category}:${id}`),
  );
  await deleteContents(tx, owner, dropped, round, at);
  if (place.after === null) {
    // Out of a mailbox that was forgotten into another that has it too, before it is evaluated by where it is.
    const named = mailboxes.map(({ id }) => id);
    await deleteUnlistedMailboxes(tx, owner, named, round, at);
  }
  const page = await evaluateStored(tx, owner, { items: key, contacts: keys.contacts ?? null }, evaluate, {
    after: place.after,
    limit: BATCH,
  });
  const removed = await deleteExcluded(tx, owner, page.excluded);
  appendOutbox(tx, owner, removed, at);
  const isOver = page.ids.length < BATCH;
  await advanceReview(tx, review, {
    after: page.ids.at(-1) ?? place.after,
    looked: page.ids.length,
    removed: removed.length,
    endedAt: isOver ? at : null,
  });
  if (isOver || place.looked % (BATCH * PROGRESS_EVERY_BATCHES) === 0) {
    await tellScreens(tx, tenantId, review.isOwn ? [memberId] : 'everyone');
  }
  return !isOver;
}

const MORE = 2_000;
const EXPIRY_BATCH_SIZE = 200;

const ExpiredRows = z.array(
  z.object({
    tenant_id: z.string(),
    member_id: z.string(),
    connection_id: z.string(),
    category: z.enum(CATEGORIES),
  }),
);

const RETENTION_DAYS = sql.lit('retentionDays' satisfies keyof RelevancePolicy);

/** How long a member's mail and meetings are kept: the shorter of what both rules say; nothing says so where null. */
const DAYS_KEPT = sql`least((organizations.relevance ->> ${RETENTION_DAYS})::int, members.retention_days)`;

/** Each look at a mailbox is one step into the index by time. */
async function readExpired({ kysely }: Database, now: Date): Promise<readonly Expired[]> {
  const { rows } = await sql`
    select kept.tenant_id, kept.member_id, kept.connection_id, wanted.category from (
      select members.tenant_id, members.member_id, connections.connection_id,
        ${now}::timestamptz - make_interval(days => ${DAYS_KEPT}) as before
      from members
      join organizations on organizations.tenant_id = members.tenant_id
      join connections on connections.tenant_id = members.tenant_id and connections.member_id = members.member_id
      where organizations.relevance ->> ${RETENTION_DAYS} is not null or members.retention_days is not null
    ) kept cross join unnest(${FILTERED_CATEGORIES}::text[]) as wanted (category)
    where exists (select 1 from items where items.tenant_id = kept.tenant_id and items.member_id = kept.member_id
        and items.category = wanted.category and items.item_at < kept.before and not items.is_undated)
      or exists (select 1 from quarantine where quarantine.tenant_id = kept.tenant_id
        and quarantine.member_id = kept.member_id and quarantine.category = wanted.category
        and quarantine.quarantined_at < kept.before)
    limit ${EXPIRY_BATCH_SIZE}
  `.execute(kysely);
  return ExpiredRows.parse(rows).map((row) => ({
    tenantId: row.tenant_id,
    memberId: row.member_id,
    connectionId: row.connection_id,
    category: row.category,
  }));
}

/** By the rules as they are under the locks: someone may have taken a mistake back meanwhile. */
async function deleteExpired(tx: Writer, owner: Expired, at: Date): Promise<boolean> {
  const { tenantId, memberId } = owner;
  await lockOrganizationForShare(tx, tenantId);
  await lockMailbox(tx, tenantId, memberId);
  const before = await retentionCutoff(tx, owner, at);
  if (before === null) {
    return false;
  }
  const rows = await itemsOf(tx, owner)
    .select('item_id')
    .where('item_at', '<', before)
    .where('is_undated', '=', false)
    .limit(MORE)
    .execute();
  const removed = await deleteExcluded(
    tx,
    owner,
    rows.map((row) => ({ itemId: row.item_id, modifiedAt: null })),
  );
  appendOutbox(tx, owner, removed, at);
  await deleteQuarantined(tx, owner, before);
  await tellScreens(tx, tenantId, [memberId]);
  return removed.length === MORE;
}

async function retentionCutoff(tx: Writer, { tenantId, memberId }: Expired, at: Date): Promise<Date | null> {
  const { rows } = await sql`
    select ${at}::timestamptz - make_interval(days => ${DAYS_KEPT}) as before
    from members join organizations on organizations.tenant_id = members.tenant_id
    where members.tenant_id = ${tenantId} and members.member_id = ${memberId}
  `.execute(tx);
  return z.array(z.object({ before: z.date().nullable() })).parse(rows)[0]?.before ?? null;
}
