/** What the directory says of an organization. */
import { z } from 'zod';
import type { GraphAnswer } from '../../sync/ports.ts';
import type { GraphTransport } from './transport.ts';

const Organizations = z.object({ value: z.array(z.object({ displayName: z.string().nullish() })).min(1) });

export async function readOrganizationName(
  transport: GraphTransport,
  accessToken: string,
): Promise<GraphAnswer<string | null>> {
  const url = transport.url('organization', { $select: 'id,displayName' });
  const answer = await transport.get(accessToken, url, Organizations);
  return answer.kind === 'ok' ? { kind: 'ok', value: answer.value.value[0]?.displayName ?? null } : answer;
}
