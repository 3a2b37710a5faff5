/**
 * Reviews: looking through what is stored after a change of rules, a batch a transaction.
 *
 * A batch holds the locks that a round's writes hold, so that what it evaluated is what it removes.
 */
import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import { toEvaluated } from '../../domain/items.ts';
import type { SharedMailbox } from '../../domain/sharedMailboxes.ts';
import type { Excluded } from '../../sync/ports.ts';
import type { Review } from '../../sync/review.ts';
import { type Evaluator, evaluateItem } from '../../domain/evaluation.ts';
import { findKnownContacts } from '../content/knownContacts.ts';
import { openContent } from '../content/itemContent.ts';
import { itemsOf, placeOf, timeOf } from '../content/items.ts';
import { sharedMailboxOf } from '../content/sharedMailboxOf.ts';
import type { OutboxOwner } from '../delivery/outbox.ts';
import { restartFilteredStreams } from './streams.ts';
import type { ItemsTable } from '../content/contentTables.ts';
import type { DataKey } from '../keys/sealing.ts';
import { notify, type Reader, WAKE_CHANNEL, type Writer } from '../transact.ts';
import { type ReviewProgress } from '../../content/ports.ts';
import { REVIEWED_CATEGORIES } from '../../domain/relevance.ts';

/**
 * Begins looking through what is stored of everyone, or of one member; the one before of the same scope is forgotten.
 * Where something may have become relevant, mail and calendars are reread.
 */
export async function startReview(
  tx: Writer,
  tenantId: string,
  memberId: string | null,
  review: { readonly id: string; readonly isWider: boolean; readonly at: Date },
): Promise<void> {
  await sql`
    delete from reviews where tenant_id = ${tenantId} and ${reviewScope(memberId)}
  `.execute(tx);
  await sql`
    insert into reviews (tenant_id, review_id, scope_id, member_id, category, started_at)
    select tenant_id, ${review.id}::uuid, ${memberId}::uuid, member_id, reviewed.category, ${review.at}
    from connections cross join unnest(${REVIEWED_CATEGORIES}::text[]) as reviewed (category)
    where tenant_id = ${tenantId} and (${memberId === null} or member_id = ${memberId}::uuid)
      and (exists (select 1 from items where items.tenant_id = connections.tenant_id
          and items.member_id = connections.member_id and items.category = reviewed.category)
        or exists (select 1 from quarantine where quarantine.tenant_id = connections.tenant_id
          and quarantine.member_id = connections.member_id and quarantine.category = reviewed.category))
  `.execute(tx);
  if (review.isWider) {
    await restartFilteredStreams(tx, tenantId, memberId, review.at);
  }
  await notify(tx, WAKE_CHANNEL, '');
}

/** Of an organization's rules, or of a member's own. */
function reviewScope(memberId: string | null) {
  return memberId === null ? sql`scope_id is null` : sql`scope_id = ${memberId}::uuid`;
}

export async function readOpenReviews(db: Reader, now: Date, limit: number): Promise<readonly Review[]> {
  const rows = await db
    .selectFrom('reviews')
    .select(['tenant_id', 'review_id', 'scope_id', 'member_id', 'category'])
    .where('ended_at', 'is', null)
    .where((where) => where.or([where('retry_at', 'is', null), where('retry_at', '<=', now)]))
    .orderBy('started_at')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    reviewId: row.review_id,
    isOwn: row.scope_id !== null,
    memberId: row.member_id,
    category: row.category,
  }));
}

/** One that failed is tried again later, so that it holds up none of the others. */
export async function postponeReview(db: Reader, { tenantId, reviewId, memberId, category }: Review, until: Date) {
  await sql`
    update reviews set retry_at = ${until} where tenant_id = ${tenantId} and review_id = ${reviewId}
      and member_id = ${memberId} and category = ${category}
  `.execute(db);
}

/** Locks an open review and answers how far it has come; `null` where it has ended or another one took its place. */
export async function lockReview(
  tx: Writer,
  review: Review,
): Promise<{ readonly after: string | null; readonly looked: number } | null> {
  const row = await reviewsOf(tx, review)
    .select(['after_item', 'looked'])
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : { after: row.after_item, looked: row.looked };
}

export async function advanceReview(
  tx: Writer,
  { tenantId, reviewId, memberId, category }: Review,
  step: {
    readonly after: string | null;
    readonly looked: number;
    readonly removed: number;
    readonly endedAt: Date | null;
  },
): Promise<void> {
  await tx
    .updateTable('reviews')
    .set({
      after_item: step.after,
      looked: sql`looked + ${step.looked}`,
      removed: sql`removed + ${step.removed}`,
      ended_at: step.endedAt,
    })
    .where('tenant_id', '=', tenantId)
    .where('review_id', '=', reviewId)
    .where('member_id', '=', memberId)
    .where('category', '=', category)
    .execute();
}

export interface StoredPage {
  readonly ids: readonly string[];
  readonly excluded: readonly Excluded[];
}

/**
 * Evaluates up to `limit` items after an ID, in the order of IDs; skips items that can't be decrypted. Items of a shared
 * mailbox that its member no longer names are excluded, too.
 */
export async function evaluateStored(
  db: Reader,
  owner: OutboxOwner,
  keys: { readonly items: DataKey; readonly contacts: DataKey | null },
  evaluate: Omit<Evaluator, 'known'> & {
    readonly asksForContacts: boolean;
    readonly mailboxes: readonly SharedMailbox[];
  },
  page: { readonly after: string | null; readonly limit: number },
): Promise<StoredPage> {
  const rows = await itemsOf(db, owner)
    .select(['item_id', 'item_at', 'is_undated', 'folder_id', 'sealed'])
    .select(sharedMailboxOf('folder_id').as('shared_mailbox_id'))
    .$if(page.after !== null, (query) => query.where('item_id', '>', page.after ?? ''))
    .orderBy('item_id')
    .limit(page.limit)
    .execute();
  const items = rows.flatMap((row) => openRow(keys.items, owner, row));
  const addresses = evaluate.asksForContacts
    ? [...new Set(items.flatMap(({ evaluated }) => evaluated.participants))]
    : [];
  const known = await findKnownContacts(db, owner, keys.contacts, addresses);
  const isForgotten = (mailbox: string | null) =>
    mailbox !== null && !evaluate.mailboxes.some(({ id }) => id === mailbox);
  const isExcluded = ({ folderId, sharedMailbox, evaluated }: (typeof items)[number]) =>
    isForgotten(sharedMailbox) || !evaluateItem({ ...evaluate, known }, owner.category, folderId, evaluated).relevant;
  return {
    ids: rows.map((row) => row.item_id),
    excluded: items.filter(isExcluded).map(({ itemId }) => ({ itemId, modifiedAt: null })),
  };
}

function openRow(
  key: DataKey,
  owner: OutboxOwner,
  row: Pick<Selectable<ItemsTable>, 'item_id' | 'item_at' | 'is_undated' | 'folder_id' | 'sealed'> & {
    readonly shared_mailbox_id: string | null;
  },
) {
  const content = openContent(key, placeOf(owner, row.item_id), row.sealed);
  const evaluated = content === null ? null : toEvaluated({ at: timeOf(row), content });
  return evaluated === null
    ? []
    : [{ itemId: row.item_id, folderId: row.folder_id, sharedMailbox: row.shared_mailbox_id, evaluated }];
}

/** How far the newest review of an organization's rules, or of a member's own, has come; `null` where there was none. */
export async function readReview(
  db: Reader,
  tenantId: string,
  memberId: string | null,
): Promise<ReviewProgress | null> {
  const { rows } = await sql`
    select min(started_at) as started_at, max(ended_at) as ended_at, bool_and(ended_at is not null) as is_over,
      sum(looked)::bigint as looked, sum(removed)::bigint as removed
    from reviews where tenant_id = ${tenantId} and ${reviewScope(memberId)}
    having count(*) > 0
  `.execute(db);
  const [row] = Progress.parse(rows);
  return row === undefined
    ? null
    : {
        startedAt: row.started_at,
        endedAt: row.is_over ? row.ended_at : null,
        looked: row.looked,
        removed: row.removed,
      };
}

const Progress = z.array(
  z.object({
    started_at: z.date(),
    ended_at: z.date().nullable(),
    is_over: z.boolean(),
    looked: z.number(),
    removed: z.number(),
  }),
);

function reviewsOf(db: Reader, { tenantId, reviewId, memberId, category }: Review) {
  return db
    .selectFrom('reviews')
    .where('tenant_id', '=', tenantId)
    .where('review_id', '=', reviewId)
    .where('member_id', '=', memberId)
    .where('category', '=', category);
}
