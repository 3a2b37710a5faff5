/** Fulfils what the use cases on content ask of Graph for one person who is waiting. */
import type { Looked, MailboxAccess, MicrosoftContent } from '../../content/ports.ts';
import { mailboxPathOf } from '../../domain/sharedMailboxes.ts';
import type { GraphAnswer } from '../../sync/ports.ts';
import { failureOf } from './failures.ts';
import { openFileContent } from './fileContent.ts';
import { fetchMessage } from './messageForExplanation.ts';
import { isClosed, probeSharedMailbox } from './sharedMailbox.ts';
import type { GraphTransport } from './transport.ts';

export function openMicrosoftContent(transport: GraphTransport): MicrosoftContent {
  return {
    findMessage: async (access, address, internetMessageId) => {
      const answer = await fetchMessage(transport, into(access, address), internetMessageId);
      return answer.kind !== 'ok' && isClosed(answer) ? { kind: 'closed' } : lookedFrom(answer);
    },
    openFile: async (access, itemId) => lookedFrom(await openFileContent(transport, access, itemId)),
    isOpen: async (access, address, category) =>
      lookedFrom(await probeSharedMailbox(transport, into(access, address), category)),
  };
}

/** With the same token into a shared mailbox. */
function into(access: MailboxAccess, address: string | null): MailboxAccess {
  return address === null ? access : { ...access, mailbox: mailboxPathOf(address) };
}

function lookedFrom<T>(answer: GraphAnswer<T>): Looked<T> {
  if (answer.kind === 'ok') {
    return answer;
  }
  const failure = failureOf(answer);
  return { kind: failure === 'noMailbox' ? 'unavailable' : failure };
}
