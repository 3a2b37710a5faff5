/**
 * Finds one message by its internet message id, for explanations: who is on it, where and when, and nothing of what
 * it says but its subject.
 */
import { z } from 'zod';
import type { MessageAtMicrosoft } from '../../content/ports.ts';
import { addressIn } from '../../domain/addresses.ts';
import type { GraphAccess, GraphAnswer } from '../../sync/ports.ts';
import { firstInstant } from './fields.ts';
import { Message } from './mail.ts';
import type { GraphTransport } from './transport.ts';

const FoundMessage = Message.pick({
  id: true,
  conversationId: true,
  subject: true,
  receivedDateTime: true,
  sentDateTime: true,
  createdDateTime: true,
  isDraft: true,
  from: true,
  sender: true,
  toRecipients: true,
  ccRecipients: true,
  bccRecipients: true,
}).extend({ parentFolderId: z.string().nullish() });
const Found = z.object({ value: z.array(FoundMessage) });

/** `null` where the mailbox has no such message. */
export async function findMessage(
  transport: GraphTransport,
  { accessToken, mailbox }: GraphAccess,
  internetMessageId: string,
): Promise<GraphAnswer<MessageAtMicrosoft | null>> {
  const url = transport.url(`${mailbox}/messages`, {
    // A quote inside an OData string is written twice.
    $filter: `internetMessageId eq '${internetMessageId.replaceAll("'", "''")}'`,
    $select: Object.keys(FoundMessage.shape).join(','),
    $top: '1',
  });
  const answer = await transport.get(accessToken, url, Found);
  if (answer.kind !== 'ok') {
    return answer;
  }
  const [message] = answer.value.value;
  return { kind: 'ok', value: message === undefined ? null : presentFound(message) };
}

function presentFound(message: z.infer<typeof FoundMessage>): MessageAtMicrosoft {
  const { from, sender, toRecipients, ccRecipients, bccRecipients } = message;
  const all = [from, sender, ...(toRecipients ?? []), ...(ccRecipients ?? []), ...(bccRecipients ?? [])];
  return {
    itemId: message.id,
    folderId: message.parentFolderId ?? '',
    subject: message.subject ?? '',
    sender: from?.emailAddress?.address ?? sender?.emailAddress?.address ?? null,
    participants: all.flatMap((entry) => addressIn(entry?.emailAddress?.address ?? '') || []),
    at: firstInstant(message.receivedDateTime, message.sentDateTime, message.createdDateTime),
    conversationId: message.conversationId ?? undefined,
    isDraft: message.isDraft === true,
  };
}
