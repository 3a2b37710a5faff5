/** Streams: where each sequence of changes stands, and what the screen says of it. */
import { type Selectable, sql, type UpdateObject } from 'kysely';
import { FILTERED_CATEGORIES } from '../../domain/relevance.ts';
import type { Category } from '../../domain/categories/categories.ts';
import { type HeldCategory } from '../../domain/streams.ts';
import { CONTAINER_LIST } from '../../domain/containers.ts';
import type { DesiredStream } from '../../domain/streams.ts';
import type { Lease, Stream } from '../../sync/ports.ts';
import { sharedMailboxOf } from '../content/sharedMailboxOf.ts';
import type { Schema } from '../schema.ts';
import type { StreamsTable } from './syncTables.ts';
import { type Reader, type Writer } from '../transact.ts';
import { restarted, streamAfter, type StreamChange, type StreamEvent } from '../../domain/streamLife.ts';
import { definedOnly } from '../../domain/definedOnly.ts';

interface MailboxName {
  readonly tenantId: string;
  readonly mailboxId: string;
}

const REREAD_DELAY_MS = 60 * 60_000;

export async function readStreams(db: Reader, mailbox: MailboxName): Promise<readonly Stream[]> {
  const rows = await streamsOf(db, mailbox).selectAll().select(isShared).orderBy('stream_key').execute();
  return rows.map(toStream);
}

export async function readStream(db: Reader, mailbox: MailboxName, key: string): Promise<Stream | null> {
  const row = await streamsOf(db, mailbox)
    .selectAll()
    .select(isShared)
    .where('stream_key', '=', key)
    .executeTakeFirst();
  return row === undefined ? null : toStream(row);
}

/** Adds a stream, or begins one again whose level has changed. */
export async function insertStream(tx: Writer, mailbox: Lease, stream: DesiredStream, at: Date): Promise<void> {
  await tx
    .insertInto('streams')
    .values({
      tenant_id: mailbox.tenantId,
      mailbox_id: mailbox.mailboxId,
      stream_key: stream.key,
      category: stream.category,
      folder_id: stream.folderId,
      container: stream.container,
      shared_mailbox_id: stream.sharedMailbox,
      level: stream.level,
      stage: 'baseline',
      generation: mailbox.fence * GENERATIONS_PER_ROUND,
      started_at: at,
      due_at: at,
      cursor: null,
      items_expected: null,
      page_at: null,
      succeeded_at: null,
      window_on: null,
      reconciled_at: null,
      error: null,
      begun_round: null,
      reread_at: null,
      held_by: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'mailbox_id', 'stream_key']).doUpdateSet({
        level: stream.level,
        succeeded_at: null,
        ...columnsOf(restarted(at)),
      }),
    )
    .execute();
}

/**
 * A new stream begins above every generation that the mailbox ever had, so that a complete reading finds what has gone
 * meanwhile: the lease's fence rises with every round, and within one a stream is not restarted this often.
 */
const GENERATIONS_PER_ROUND = 1_000;

/** Answers the folders of those that there were. */
export async function deleteStreams(
  tx: Writer,
  mailbox: MailboxName,
  keys: readonly string[],
): Promise<readonly string[]> {
  const rows = await tx
    .deleteFrom('streams')
    .where('tenant_id', '=', mailbox.tenantId)
    .where('mailbox_id', '=', mailbox.mailboxId)
    .where('stream_key', '=', sql<string>`any(${keys}::text[])`)
    .returning('folder_id')
    .execute();
  return rows.map((row) => row.folder_id);
}

export async function deleteStreamsOf(tx: Writer, mailbox: MailboxName, category: Category): Promise<void> {
  await tx
    .deleteFrom('streams')
    .where('tenant_id', '=', mailbox.tenantId)
    .where('mailbox_id', '=', mailbox.mailboxId)
    .where('category', '=', category)
    .execute();
}

/** Writes what an event makes of a stream. */
export async function updateAfter(tx: Writer, mailbox: MailboxName, stream: Stream, event: StreamEvent): Promise<void> {
  await updateStream(tx, mailbox, stream.key, columnsOf(streamAfter(stream, event)));
}

export async function setPageSize(tx: Writer, mailbox: MailboxName, key: string, pageSize: number): Promise<void> {
  await updateStream(tx, mailbox, key, { page_size: pageSize });
}

export async function deleteStreamsOfMailbox(tx: Writer, { tenantId, mailboxId }: MailboxName): Promise<void> {
  await tx.deleteFrom('streams').where('tenant_id', '=', tenantId).where('mailbox_id', '=', mailboxId).execute();
}

/** Begins every stream of an organization again; what is stored stays until it is met again. */
export async function restartStreamsOf(tx: Writer, tenantId: string, at: Date): Promise<void> {
  await tx
    .updateTable('streams')
    .set(columnsOf(restarted(at)))
    .where('tenant_id', '=', tenantId)
    .execute();
}

/** Begins mail and calendars again, of everyone or of one member, after the rules have become wider. */
export async function restartFilteredStreams(
  tx: Writer,
  tenantId: string,
  memberId: string | null,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('streams')
    .set(columnsOf(restarted(at)))
    .where('tenant_id', '=', tenantId)
    .where('category', 'in', FILTERED_CATEGORIES)
    .where(isContent)
    .$if(memberId !== null, (query) => query.where('mailbox_id', '=', memberId ?? ''))
    .execute();
}

/**
 * Who is known has changed, so mail and calendars are evaluated again where rules ask for it: soon, but not for every
 * single contact.
 */
export async function rereadForContacts(tx: Writer, { tenantId, mailboxId }: MailboxName, at: Date): Promise<void> {
  await sql`
    update streams set reread_at = ${new Date(at.getTime() + REREAD_DELAY_MS)}
    where reread_at is null and tenant_id = ${tenantId} and mailbox_id = ${mailboxId} and category = any(${FILTERED_CATEGORIES}::text[])
      and ${isContent}
  `.execute(tx);
}

/** Streams of held categories wait with everything that they know; the others do not any more. */
export async function holdStreams(
  tx: Writer,
  { tenantId, mailboxId }: MailboxName,
  held: readonly HeldCategory[],
): Promise<void> {
  const [categories, reasons] = [held.map(({ category }) => category), held.map(({ reason }) => reason)];
  const reason = sql`(select reason from unnest(${categories}::text[], ${reasons}::text[]) as waits (held, reason)
    where held = streams.category)`;
  await sql`
    update streams set held_by = ${reason}
    where tenant_id = ${tenantId} and mailbox_id = ${mailboxId} and held_by is distinct from ${reason}
  `.execute(tx);
}

/** Streams that may still have what another one has lost are due at once, but not those that wait after a failure. */
export async function expediteStreams(
  tx: Writer,
  { tenantId, mailboxId }: MailboxName,
  category: Category,
  at: Date,
): Promise<void> {
  await sql`
    update streams set due_at = least(due_at, ${at}::timestamptz), wakes = wakes + 1
    where tenant_id = ${tenantId} and mailbox_id = ${mailboxId} and category = ${category} and failures = 0
      and caught_up_round <= (select max(gone_round) from items
        where tenant_id = ${tenantId} and member_id = ${mailboxId} and category = ${category}
          and gone_round is not null
          and ${sharedMailboxOf('items.folder_id')} is not distinct from streams.shared_mailbox_id)
  `.execute(tx);
}

/** Notes how many items each container holds, where Graph says so: progress then has an end to count towards. */
export async function expectItems(tx: Writer, mailbox: MailboxName): Promise<void> {
  await sql`
    update streams set items_expected = containers.item_count from containers
    where streams.tenant_id = ${mailbox.tenantId} and streams.mailbox_id = ${mailbox.mailboxId}
      and containers.tenant_id = streams.tenant_id and containers.mailbox_id = streams.mailbox_id
      and containers.category = streams.category and containers.folder_id = streams.folder_id
  `.execute(tx);
}

function updateStream(
  tx: Writer,
  mailbox: MailboxName,
  key: string,
  change: UpdateObject<Schema, 'streams'>,
): Promise<unknown> {
  return tx
    .updateTable('streams')
    .set(change)
    .where('tenant_id', '=', mailbox.tenantId)
    .where('mailbox_id', '=', mailbox.mailboxId)
    .where('stream_key', '=', key)
    .execute();
}

function columnsOf({ generation, itemsSeen, due, ...change }: StreamChange): UpdateObject<Schema, 'streams'> {
  return definedOnly({
    cursor: change.cursor,
    stage: change.stage,
    generation: generation === 'next' ? sql<number>`streams.generation + 1` : generation,
    items_seen: itemsSeen === 'none' ? 0 : itemsSeen && sql<number>`streams.items_seen + ${itemsSeen.added}`,
    started_at: change.startedAt,
    page_at: change.pageAt,
    succeeded_at: change.succeededAt,
    window_on: change.windowOn,
    reconciled_at: change.reconciledAt,
    due_at: due && dueColumn(due),
    failures: change.failures,
    error: change.error,
    begun_round: change.begunRound,
    reread_at: change.rereadAt,
    caught_up_round: change.caughtUpRound,
    page_size: change.pageSize,
    is_light: change.isLight,
    empty_pages: change.emptyPages,
    endless: change.endless,
  });
}

function dueColumn({ at, ifStillAt }: NonNullable<StreamChange['due']>) {
  return ifStillAt === undefined
    ? at
    : sql<Date>`case when streams.wakes = ${ifStillAt.wakes} then ${at}::timestamptz
        else ${ifStillAt.otherwise}::timestamptz end`;
}

export function streamsOf(db: Reader, { tenantId, mailboxId }: MailboxName) {
  return db.selectFrom('streams').where('tenant_id', '=', tenantId).where('mailbox_id', '=', mailboxId);
}

/** Whether it reads items, and not a list of containers. */
const isContent = sql<boolean>`container <> ${CONTAINER_LIST}`;

/** Whether the container is someone else's, as it was listed last. */
const isShared = sql<boolean>`exists (select 1 from containers where containers.tenant_id = streams.tenant_id
  and containers.mailbox_id = streams.mailbox_id and containers.category = streams.category
  and containers.folder_id = streams.folder_id and containers.is_shared)`.as('is_shared');

function toStream(row: Selectable<StreamsTable> & { readonly is_shared: boolean }): Stream {
  return {
    key: row.stream_key,
    category: row.category,
    folderId: row.folder_id,
    container: row.container,
    sharedMailbox: row.shared_mailbox_id,
    isShared: row.is_shared || row.shared_mailbox_id !== null,
    level: row.level,
    cursor: row.cursor,
    generation: row.generation,
    stage: row.stage,
    windowOn: row.window_on,
    reconciledAt: row.reconciled_at,
    rereadAt: row.reread_at,
    dueAt: row.due_at,
    failures: row.failures,
    begunRound: row.begun_round,
    wakes: row.wakes,
    pageSize: row.page_size,
    isLight: row.is_light,
    emptyPages: row.empty_pages,
    endless: row.endless,
    succeededAt: row.succeeded_at,
  };
}
