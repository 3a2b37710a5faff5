/** Streams: where each sequence of changes stands, and what the screen says of it. */
import { type Selectable, sql, type UpdateObject } from 'kysely';
import type { Category } from '../domain/selection.ts';
import { type DesiredStream, FOLDER_LIST } from '../domain/streams.ts';
import type { PageEnd, Stream } from '../sync/ports.ts';
import type { Schema, StreamsTable } from './schema.ts';
import type { Reader, Writer } from './transact.ts';

interface MailboxName {
  readonly tenantId: string;
  readonly mailboxId: string;
}

export async function readStreams(db: Reader, mailbox: MailboxName): Promise<readonly Stream[]> {
  const rows = await streamsOf(db, mailbox).selectAll().orderBy('stream_key').execute();
  return rows.map(present);
}

export async function readStream(db: Reader, mailbox: MailboxName, key: string): Promise<Stream | null> {
  const row = await streamsOf(db, mailbox).selectAll().where('stream_key', '=', key).executeTakeFirst();
  return row === undefined ? null : present(row);
}

/** Adds a stream, or begins one anew whose level has changed. */
export async function addStream(tx: Writer, mailbox: MailboxName, stream: DesiredStream, at: Date): Promise<void> {
  await tx
    .insertInto('streams')
    .values({
      tenant_id: mailbox.tenantId,
      mailbox_id: mailbox.mailboxId,
      stream_key: stream.key,
      category: stream.category,
      container: stream.container,
      level: stream.level,
      stage: 'baseline',
      generation: generationAfter(mailbox, stream),
      started_at: at,
      due_at: at,
      cursor: null,
      items_expected: null,
      page_at: null,
      succeeded_at: null,
      window_on: null,
      reconciled_at: null,
      error: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'mailbox_id', 'stream_key']).doUpdateSet({
        level: stream.level,
        ...anew(at),
      }),
    )
    .execute();
}

/** Above that of everything stored of the container, so that a complete reading finds what has gone meanwhile. */
function generationAfter({ tenantId, mailboxId }: MailboxName, { category, container }: DesiredStream) {
  const isFolderList = category === 'mail' && container === FOLDER_LIST;
  return isFolderList
    ? sql<number>`(select coalesce(max(generation), 0) + 1 from folders
        where tenant_id = ${tenantId} and mailbox_id = ${mailboxId})`
    : sql<number>`(select coalesce(max(generation), 0) + 1 from items
        where tenant_id = ${tenantId} and member_id = ${mailboxId} and category = ${category}
          and folder_id = ${container})`;
}

export async function removeStreams(tx: Writer, mailbox: MailboxName, keys: readonly string[]): Promise<void> {
  await tx
    .deleteFrom('streams')
    .where('tenant_id', '=', mailbox.tenantId)
    .where('mailbox_id', '=', mailbox.mailboxId)
    .where('stream_key', '=', sql<string>`any(${keys}::text[])`)
    .execute();
}

export async function removeStreamsOf(tx: Writer, mailbox: MailboxName, category: Category): Promise<void> {
  await tx
    .deleteFrom('streams')
    .where('tenant_id', '=', mailbox.tenantId)
    .where('mailbox_id', '=', mailbox.mailboxId)
    .where('category', '=', category)
    .execute();
}

export async function restartStream(
  tx: Writer,
  mailbox: MailboxName,
  key: string,
  windowOn: string | null,
  at: Date,
): Promise<void> {
  await changeStream(tx, mailbox, key, { ...anew(at), window_on: windowOn });
}

export async function removeStreamsOfMailbox(tx: Writer, { tenantId, mailboxId }: MailboxName): Promise<void> {
  await tx.deleteFrom('streams').where('tenant_id', '=', tenantId).where('mailbox_id', '=', mailboxId).execute();
}

/** Begins every stream of an organization anew; what is stored stays until it is met again. */
export async function restartStreamsOf(tx: Writer, tenantId: string, at: Date): Promise<void> {
  await tx.updateTable('streams').set(anew(at)).where('tenant_id', '=', tenantId).execute();
}

/** Notes a written page; `seen` counts the items of the generation under way. */
export async function advanceStream(
  tx: Writer,
  mailbox: MailboxName,
  stream: Stream,
  page: { readonly cursor: string | null; readonly end: PageEnd; readonly seen: number; readonly at: Date },
): Promise<void> {
  const isDone = page.end !== 'more';
  await changeStream(tx, mailbox, stream.key, {
    cursor: page.cursor,
    generation: stream.generation,
    page_at: page.at,
    failures: 0,
    error: null,
    items_seen: sql`items_seen + ${page.seen}`,
    ...(isDone ? { stage: 'current' as const, succeeded_at: page.at } : {}),
    ...(page.end === 'complete' ? { reconciled_at: page.at } : {}),
  });
}

export async function failStream(
  tx: Writer,
  mailbox: MailboxName,
  key: string,
  failure: { readonly code: string; readonly dueAt: Date },
): Promise<void> {
  await changeStream(tx, mailbox, key, {
    failures: sql`failures + 1`,
    error: failure.code,
    due_at: failure.dueAt,
  });
}

/** Notes how many items each folder holds, so that progress has an end to count towards. */
export async function expectItems(tx: Writer, mailbox: MailboxName): Promise<void> {
  await sql`
    update streams set items_expected = folders.item_count from folders
    where streams.tenant_id = ${mailbox.tenantId} and streams.mailbox_id = ${mailbox.mailboxId}
      and folders.tenant_id = streams.tenant_id and folders.mailbox_id = streams.mailbox_id
      and streams.category = 'mail' and folders.folder_id = streams.container
  `.execute(tx);
}

function changeStream(
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

function anew(at: Date) {
  return {
    cursor: null,
    stage: 'baseline' as const,
    generation: sql<number>`streams.generation + 1`,
    items_seen: 0,
    started_at: at,
    due_at: at,
    failures: 0,
    error: null,
  };
}

export interface StreamProgress {
  readonly category: Category;
  readonly stage: 'baseline' | 'current';
  readonly itemsSeen: number;
  readonly itemsExpected: number | null;
  readonly startedAt: Date;
  readonly succeededAt: Date | null;
  readonly dueAt: Date;
  readonly error: string | null;
}

export async function readProgress(db: Reader, mailbox: MailboxName): Promise<readonly StreamProgress[]> {
  const rows = await streamsOf(db, mailbox).selectAll().execute();
  return rows.map((row) => ({
    category: row.category,
    stage: row.stage,
    itemsSeen: row.items_seen,
    itemsExpected: row.items_expected,
    startedAt: row.started_at,
    succeededAt: row.succeeded_at,
    dueAt: row.due_at,
    error: row.error,
  }));
}

function streamsOf(db: Reader, { tenantId, mailboxId }: MailboxName) {
  return db.selectFrom('streams').where('tenant_id', '=', tenantId).where('mailbox_id', '=', mailboxId);
}

function present(row: Selectable<StreamsTable>): Stream {
  return {
    key: row.stream_key,
    category: row.category,
    container: row.container,
    level: row.level,
    cursor: row.cursor,
    generation: row.generation,
    stage: row.stage,
    windowOn: row.window_on,
    reconciledAt: row.reconciled_at,
    dueAt: row.due_at,
    failures: row.failures,
  };
}
