/** Containers as Graph last listed them: mail folders, calendars, contact folders, task lists. Names stand sealed. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Category } from '../../domain/categories/categories.ts';
import type { Containers, ListedContainer } from '../../domain/streams.ts';
import type { ContainerCommit } from '../../sync/ports.ts';
import { type DataKey, SealBrokenError } from '../keys/sealing.ts';
import type { Reader, Writer } from '../transact.ts';

interface MailboxName {
  readonly tenantId: string;
  readonly mailboxId: string;
}

/** Names are opened with the keys that are given. */
export async function readContainers(
  db: Reader,
  mailbox: MailboxName,
  keys: Partial<Readonly<Record<Category, DataKey>>>,
): Promise<Containers> {
  const rows = await containersOf(db, mailbox)
    .select([
      'category',
      'folder_id',
      'container',
      'shared_mailbox_id',
      'is_shared',
      'parent_id',
      'well_known',
      'sealed',
    ])
    .orderBy('folder_id')
    .execute();
  const found: Partial<Record<Category, ListedContainer[]>> = {};
  for (const row of rows) {
    const { category, folder_id: id } = row;
    const key = keys[category];
    (found[category] ??= []).push({
      id,
      container: row.container,
      sharedMailbox: row.shared_mailbox_id,
      isShared: row.is_shared,
      parentId: row.parent_id,
      wellKnown: row.well_known,
      name: key === undefined ? null : openName(key, placeOf(mailbox, category, id), row.sealed),
    });
  }
  return found;
}

/** The containers of one category with their names, by id. */
export async function readFolders(
  db: Reader,
  mailbox: MailboxName,
  category: Category,
  key: DataKey,
): Promise<ReadonlyMap<string, ListedContainer>> {
  const found = await readContainers(db, mailbox, { [category]: key });
  return new Map((found[category] ?? []).map((folder) => [folder.id, folder]));
}

/** Answers the containers that are not listed any more. */
export async function upsertContainers(
  tx: Writer,
  key: DataKey,
  mailbox: MailboxName,
  { stream, upserts, removals, end }: ContainerCommit,
): Promise<readonly string[]> {
  const { category, generation } = stream;
  for (const { id, container, sharedMailbox, name, isShared, parentId, itemCount, wellKnown = null } of upserts) {
    const fresh = {
      is_shared: isShared,
      parent_id: parentId,
      generation,
      item_count: itemCount,
      sealed: key.seal(placeOf(mailbox, category, id), name),
    };
    await tx
      .insertInto('containers')
      .values({
        tenant_id: mailbox.tenantId,
        mailbox_id: mailbox.mailboxId,
        category,
        folder_id: id,
        container,
        shared_mailbox_id: sharedMailbox,
        ...fresh,
        well_known: wellKnown,
      })
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'mailbox_id', 'category', 'folder_id']).doUpdateSet({
          ...fresh,
          // A folder stays what it is, and not every page says it.
          ...(wellKnown === null ? {} : { well_known: wellKnown }),
        }),
      )
      .execute();
  }
  // A list names what is in its own mailbox, and nothing of the others.
  const listed = () =>
    deleteFrom(tx, mailbox)
      .where('category', '=', category)
      .where('shared_mailbox_id', 'is not distinct from', stream.sharedMailbox);
  const removed = await listed()
    .where('folder_id', '=', sql<string>`any(${removals}::text[])`)
    .returning('folder_id')
    .execute();
  const unseen =
    end === 'complete' ? await listed().where('generation', '<', generation).returning('folder_id').execute() : [];
  return [...removed, ...unseen].map((row) => row.folder_id);
}

export async function deleteContainers(tx: Writer, mailbox: MailboxName, category: Category): Promise<void> {
  await deleteFrom(tx, mailbox).where('category', '=', category).execute();
}

/** Everything in shared mailboxes that are not in `named`. */
export async function deleteSharedContainers(
  tx: Writer,
  mailbox: MailboxName,
  category: Category,
  named: readonly string[],
): Promise<void> {
  await deleteFrom(tx, mailbox).where('category', '=', category).where(isInOther(named)).execute();
}

/** Whether a row is of a shared mailbox that is not among these. */
export function isInOther(sharedMailboxes: readonly string[]) {
  return sql<boolean>`shared_mailbox_id is not null and shared_mailbox_id <> all(${sharedMailboxes}::text[])`;
}

function deleteFrom(tx: Writer, { tenantId, mailboxId }: MailboxName) {
  return tx.deleteFrom('containers').where('tenant_id', '=', tenantId).where('mailbox_id', '=', mailboxId);
}

function containersOf(db: Reader, { tenantId, mailboxId }: MailboxName) {
  return db.selectFrom('containers').where('tenant_id', '=', tenantId).where('mailbox_id', '=', mailboxId);
}

/** Mail folders keep the place that the first version gave them. */
function placeOf({ tenantId, mailboxId }: MailboxName, category: Category, id: string): readonly string[] {
  return category === 'mail' ? ['folder', tenantId, mailboxId, id] : ['container', tenantId, mailboxId, category, id];
}

function openName(key: DataKey, place: readonly string[], sealed: Uint8Array): string | null {
  try {
    return z.string().parse(key.open(place, sealed));
  } catch (error) {
    if (error instanceof SealBrokenError) {
      return null;
    }
    throw error;
  }
}
