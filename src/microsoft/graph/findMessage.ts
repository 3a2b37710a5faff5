/** Finds one message by its internet message id and reads who is on it, for explanations; nothing else. */
import { z } from 'zod';
import type { GraphAnswer } from '../../sync/ports.ts';
import type { GraphTransport } from './transport.ts';

const Address = z.object({ emailAddress: z.object({ address: z.string().nullish() }).nullish() }).nullish();
const Found = z.object({
  value: z.array(
    z.object({
      from: Address,
      sender: Address,
      toRecipients: z.array(Address).nullish(),
      ccRecipients: z.array(Address).nullish(),
      bccRecipients: z.array(Address).nullish(),
    }),
  ),
});

/** The addresses on the message, or `null` where the mailbox has no such message. */
export async function findParticipants(
  transport: GraphTransport,
  accessToken: string,
  internetMessageId: string,
): Promise<GraphAnswer<readonly string[] | null>> {
  const url = transport.url('me/messages', {
    // A quote inside an OData string is written twice.
    $filter: `internetMessageId eq '${internetMessageId.replaceAll("'", "''")}'`,
    $select: 'id,from,sender,toRecipients,ccRecipients,bccRecipients',
    $top: '1',
  });
  const answer = await transport.get(accessToken, url, Found);
  if (answer.kind !== 'ok') {
    return answer;
  }
  const [message] = answer.value.value;
  if (message === undefined) {
    return { kind: 'ok', value: null };
  }
  const { from, sender, toRecipients, ccRecipients, bccRecipients } = message;
  const all = [from, sender, ...(toRecipients ?? []), ...(ccRecipients ?? []), ...(bccRecipients ?? [])];
  return { kind: 'ok', value: all.flatMap((entry) => entry?.emailAddress?.address ?? []) };
}
