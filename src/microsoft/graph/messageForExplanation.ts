/**
 * Finds one message by its internet message id, for explanations: read as sync reads it where only headers are allowed,
 * so that the same rules see the same message.
 */
import { z } from 'zod';
import type { FiledMessage } from '../../content/ports.ts';
import type { GraphAccess, GraphAnswer } from '../../sync/ports.ts';
import { HEADERS, Message, presentMessage } from './mail.ts';
import type { GraphTransport } from './transport.ts';

const FoundMessage = Message.extend({ parentFolderId: z.string().nullish() });
const Found = z.object({ value: z.array(FoundMessage) });

/** `null` where the mailbox has no such message. */
export async function fetchMessage(
  transport: GraphTransport,
  { accessToken, mailbox }: GraphAccess,
  internetMessageId: string,
): Promise<GraphAnswer<FiledMessage | null>> {
  const url = transport.url(`${mailbox}/messages`, {
    // A quote inside an OData string is written twice.
    $filter: `internetMessageId eq '${internetMessageId.replaceAll("'", "''")}'`,
    $select: [...HEADERS, 'parentFolderId'].join(','),
    $top: '1',
  });
  const answer = await transport.get(accessToken, url, Found);
  if (answer.kind !== 'ok') {
    return answer;
  }
  const [message] = answer.value.value;
  return { kind: 'ok', value: message === undefined ? null : presentFound(message) };
}

function presentFound(message: z.infer<typeof FoundMessage>): FiledMessage {
  const { itemId, at, content } = presentMessage(message, 'limited');
  return { itemId, at, content, folderId: message.parentFolderId ?? '' };
}
