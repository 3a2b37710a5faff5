/** Looks at every mailbox of an organization again, and tells every open screen. */
import type { ConsentWriter } from './ports.ts';

export async function wakeEverybody(writer: ConsentWriter, tenantId: string, at: Date): Promise<void> {
  for (const { memberId, status } of await writer.connections(tenantId)) {
    if (status !== 'removed') {
      await writer.wakeMailbox(tenantId, memberId, at);
    }
  }
  await writer.announce(tenantId, null);
}
