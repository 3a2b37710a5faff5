/** Mail folders as Graph last listed them; their names are content and stand sealed. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { FolderCommit } from '../sync/ports.ts';
import type { DataKey } from './sealing.ts';
import type { Reader, Writer } from './transact.ts';

interface MailboxName {
  readonly tenantId: string;
  readonly mailboxId: string;
}

export async function readFolderIds(db: Reader, mailbox: MailboxName): Promise<readonly string[]> {
  const rows = await foldersOf(db, mailbox).select('folder_id').orderBy('folder_id').execute();
  return rows.map((row) => row.folder_id);
}

/** The names of a mailbox's folders, by id. */
export async function readFolderNames(
  db: Reader,
  mailbox: MailboxName,
  key: DataKey,
): Promise<ReadonlyMap<string, string>> {
  const rows = await foldersOf(db, mailbox).select(['folder_id', 'sealed']).execute();
  return new Map(
    rows.map((row) => [row.folder_id, z.string().parse(key.open(placeOf(mailbox, row.folder_id), row.sealed))]),
  );
}

export async function commitFolderList(
  tx: Writer,
  key: DataKey,
  mailbox: MailboxName,
  page: FolderCommit,
): Promise<void> {
  for (const folder of page.upserts) {
    const fresh = {
      generation: page.stream.generation,
      item_count: folder.itemCount,
      sealed: key.seal(placeOf(mailbox, folder.folderId), folder.name),
    };
    await tx
      .insertInto('folders')
      .values({ tenant_id: mailbox.tenantId, mailbox_id: mailbox.mailboxId, folder_id: folder.folderId, ...fresh })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'mailbox_id', 'folder_id']).doUpdateSet(fresh))
      .execute();
  }
  await deleteFolders(tx, mailbox)
    .where('folder_id', '=', sql<string>`any(${page.removals}::text[])`)
    .execute();
  if (page.end === 'complete') {
    await deleteFolders(tx, mailbox).where('generation', '<', page.stream.generation).execute();
  }
}

export async function removeFolders(tx: Writer, mailbox: MailboxName): Promise<void> {
  await deleteFolders(tx, mailbox).execute();
}

function deleteFolders(tx: Writer, { tenantId, mailboxId }: MailboxName) {
  return tx.deleteFrom('folders').where('tenant_id', '=', tenantId).where('mailbox_id', '=', mailboxId);
}

function foldersOf(db: Reader, { tenantId, mailboxId }: MailboxName) {
  return db.selectFrom('folders').where('tenant_id', '=', tenantId).where('mailbox_id', '=', mailboxId);
}

function placeOf({ tenantId, mailboxId }: MailboxName, folderId: string): readonly string[] {
  return ['folder', tenantId, mailboxId, folderId];
}
