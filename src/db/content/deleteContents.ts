/** What was read of containers that are not read any more goes with them, unless another container has it too. */
import { appendOutbox, type OutboxOwner } from '../delivery/outbox.ts';
import { markContainersDeleted } from './placements.ts';
import { dropQuarantinedOf } from '../sync/quarantine.ts';
import { rereadForContacts } from '../sync/streams.ts';
import type { Writer } from '../transact.ts';
import { definitionOf } from '../../domain/categories/categories.ts';

/** `round` is the mailbox's newest: what another container has lost since may yet turn up there. */
export async function deleteContents(
  tx: Writer,
  owner: OutboxOwner,
  containers: readonly string[],
  round: number,
  at: Date,
): Promise<void> {
  if (containers.length === 0) {
    return;
  }
  const { tenantId, memberId, category } = owner;
  await appendOutbox(tx, owner, await markContainersDeleted(tx, owner, containers, round), at);
  await dropQuarantinedOf(
    tx,
    owner,
    containers.map((container) => `${category}:${container}`),
  );
  if (definitionOf(category).isContactSource) {
    await rereadForContacts(tx, { tenantId, mailboxId: memberId }, at);
  }
}
