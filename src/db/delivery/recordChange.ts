/** What follows a change, in its transaction: mailboxes are woken, the history is written, open screens are told. */
import type { Reach, RecordedAct, RecordedChange } from '../../consent/store.ts';
import { changeOfAct } from '../../domain/feed.ts';
import { readConnection } from '../consent/connections.ts';
import { appendAudit } from '../organization/audit.ts';
import { wakeMailboxes } from '../sync/mailboxes.ts';
import { appendLifecycle } from './outbox.ts';
import { CHANGES_CHANNEL, notify, type Writer } from '../transact.ts';

export async function recordChange(
  tx: Writer,
  { tenantId, at, acts = [], tell = [], wake = [] }: RecordedChange,
): Promise<void> {
  await wakeMailboxes(tx, tenantId, wake, at);
  for (const act of acts) {
    await appendAudit(tx, { tenantId, ...act }, at);
    await tellOperator(tx, tenantId, act, at);
  }
  await tellScreens(tx, tenantId, tell);
}

/** What of the history the feed tells as well. */
async function tellOperator(
  tx: Writer,
  tenantId: string,
  { action, target, detail }: RecordedAct,
  at: Date,
): Promise<void> {
  const type = changeOfAct(action);
  if (type === null) {
    return;
  }
  const memberId = type === 'connection.made' || type === 'connection.lost' ? target : null;
  const connection = memberId === null ? null : await readConnection(tx, tenantId, memberId);
  appendLifecycle(tx, tenantId, { type, memberId, connectionId: connection?.connectionId ?? null, detail }, at);
}

/** Every screen of an organization hears a notice that names no member. */
export async function tellScreens(tx: Writer, tenantId: string, whose: Reach): Promise<void> {
  for (const memberId of whose === 'everyone' ? [''] : whose) {
    await notify(tx, CHANGES_CHANNEL, `${tenantId}/${memberId}`);
  }
}
