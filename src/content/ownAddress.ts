/** The member's own address, which no one excludes and no one shares with themselves. */
import type { MemberName } from '../domain/records.ts';
import type { Records } from './ports.ts';

/** In lower case; empty where it is not known. */
export async function ownAddress(
  records: Pick<Records, 'member'>,
  { tenantId, memberId }: MemberName,
): Promise<string> {
  return (await records.member(tenantId, memberId))?.account?.toLowerCase() ?? '';
}
