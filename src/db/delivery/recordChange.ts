/** What follows a change, in its transaction: mailboxes are woken, the history is written, open screens are told. */
import type { Reach, RecordedChange } from '../../consent/store.ts';
import { appendAudit } from '../organization/audit.ts';
import { wakeMailboxes } from '../sync/mailboxes.ts';
import { CHANGES_CHANNEL, notify, type Writer } from '../transact.ts';

export async function recordChange(
  tx: Writer,
  { tenantId, at, acts = [], tell = [], wake = [] }: RecordedChange,
): Promise<void> {
  await wakeMailboxes(tx, tenantId, wake, at);
  for (const act of acts) {
    await appendAudit(tx, { tenantId, ...act }, at);
  }
  await tellScreens(tx, tenantId, tell);
}

/** Every screen of an organization hears a notice that names no member. */
export async function tellScreens(tx: Writer, tenantId: string, whose: Reach): Promise<void> {
  for (const memberId of whose === 'everyone' ? [''] : whose) {
    await notify(tx, CHANGES_CHANNEL, `${tenantId}/${memberId}`);
  }
}
