/** Whether a person is among those who may connect. */
import type { Organization } from '../domain/records.ts';
import type { ConsentReader } from './store.ts';

export async function canConnect(
  reader: ConsentReader,
  { tenantId, access }: Organization,
  memberId: string,
): Promise<boolean> {
  return access.kind === 'everyone' || (await reader.isPersonIn(tenantId, access, memberId));
}
