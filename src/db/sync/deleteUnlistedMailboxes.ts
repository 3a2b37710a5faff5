/**
 * What is stored of shared mailboxes that are not read any more: forgotten by their member, or not wanted again when
 * the category came back.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import { deleteSharedContainers } from './containers.ts';
import { deleteContents } from '../content/deleteContents.ts';
import { type OutboxOwner, ownedBy } from '../delivery/outbox.ts';
import { sharedMailboxOf } from '../content/sharedMailboxOf.ts';
import { deleteQuarantinedOutside } from './quarantine.ts';
import type { Reader, Writer } from '../transact.ts';

/** Takes it out of the folders that it is in, all but those in `named`; the next rounds delete what is in none. */
export async function deleteUnlistedMailboxes(
  tx: Writer,
  owner: OutboxOwner,
  named: readonly string[],
  round: number,
  at: Date,
): Promise<void> {
  await deleteContents(tx, owner, await foldersOutside(tx, owner, named), round, at);
  await deleteQuarantinedOutside(tx, owner, named);
  await deleteSharedContainers(tx, { tenantId: owner.tenantId, mailboxId: owner.memberId }, owner.category, named);
}

/** The folders of other shared mailboxes that items are in: stepped through by their index, for there are few. */
async function foldersOutside(db: Reader, owner: OutboxOwner, named: readonly string[]): Promise<readonly string[]> {
  const mailbox = sharedMailboxOf('folder_id');
  const isOutside = sql`(${mailbox} is not null and ${mailbox} <> all(${named}::text[]))`;
  const { rows } = await sql`
    with recursive used (folder_id) as (
      (select folder_id from items where ${ownedBy(owner)} order by folder_id limit 1)
      union all
      select (
        select folder_id from items where ${ownedBy(owner)} and folder_id > used.folder_id order by folder_id limit 1
      ) from used where used.folder_id is not null
    ), more (folder_id) as (
      select jsonb_object_keys(elsewhere) from items where ${ownedBy(owner)} and elsewhere <> '{}'
    )
    select folder_id from used where ${isOutside}
    union
    select folder_id from more where ${isOutside}
  `.execute(db);
  return z
    .array(z.object({ folder_id: z.string() }))
    .parse(rows)
    .map((row) => row.folder_id);
}
