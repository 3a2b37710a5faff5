/** Looks at every mailbox of an organization again, and tells every open screen. */
import type { ConsentWriter } from './ports.ts';

export async function wakeAllMailboxes(writer: ConsentWriter, tenantId: string, at: Date): Promise<void> {
  await writer.wakeMailboxes(tenantId, null, at);
  await writer.announce(tenantId, null);
}
