/** What was read of containers that are not read any more goes with them, unless another container has it too. */
import { appendOutbox, type OutboxOwner } from '../delivery/outbox.ts';
import { markContainersDeleted } from './placements.ts';
import { deleteQuarantinedOf } from '../sync/quarantine.ts';
import { rereadForContacts } from '../sync/streams.ts';
import type { Writer } from '../transact.ts';
import { streamKey } from '../../domain/streams.ts';
import { definitionOf } from '../../domain/categories/categories.ts';

/** `round` is the mailbox's newest: what another container has lost since may yet turn up there. */
export async function deleteContents(
  tx: Writer,
  owner: OutboxOwner,
  folderIds: readonly string[],
  round: number,
  at: Date,
): Promise<void> {
  if (folderIds.length === 0) {
    return;
  }
  const { tenantId, memberId, category } = owner;
  appendOutbox(tx, owner, await markContainersDeleted(tx, owner, folderIds, round), at);
  await deleteQuarantinedOf(
    tx,
    owner,
    folderIds.map((folderId) => streamKey(category, folderId)),
  );
  if (definitionOf(category).isContactSource) {
    await rereadForContacts(tx, { tenantId, mailboxId: memberId }, at);
  }
}
