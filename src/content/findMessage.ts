/** One message of a member's by its internet message id: stored, or asked of Microsoft under the current grant. */
import { decide } from '../domain/decision.ts';
import { scopesForLevel } from '../domain/permissions.ts';
import { folderIdIn } from '../domain/sharedMailboxes.ts';
import type { ContentPorts, FiledMessage, MailboxAccess, StoredMessage } from './ports.ts';
import { type MemberName } from '../domain/records.ts';

export interface FoundMessage extends FiledMessage {
  readonly kind: 'found';
  /** `null` where it is not stored. */
  readonly stored: StoredMessage['stored'] | null;
}

/** `mailOff` and `mailPaused`: it is not stored, and Microsoft cannot be asked right now. */
export type MemberMessage = FoundMessage | { readonly kind: 'mailOff' | 'mailPaused' | 'notInMailbox' | 'notKnown' };

/** Nothing about a message that is not stored is stored by asking. */
export async function findMessage(
  ports: ContentPorts,
  member: MemberName,
  internetMessageId: string,
): Promise<MemberMessage> {
  const { store, records, tokens } = ports;
  const { tenantId, memberId } = member;
  const stored = await store.message(member, internetMessageId);
  if (stored !== null) {
    return { kind: 'found', ...stored };
  }
  const facts = await records.decisionFacts(tenantId, memberId);
  const decision = facts === null ? null : decide('mail', facts);
  if (facts === null || decision === null || decision.effective.sync === 'off') {
    return { kind: decision?.until === undefined ? 'mailOff' : 'mailPaused' };
  }
  const { sync, shared } = decision.effective;
  const needed = scopesForLevel('mail', { sync, act: 'none', shared });
  const token = await tokens.get({ tenantId, memberId, mode: facts.organization.mode }, needed);
  return token.kind === 'token'
    ? askMicrosoft(ports, member, token.access, shared, internetMessageId)
    : { kind: 'notKnown' };
}

/** In the member's own mailbox first, then in the shared ones that are read. */
async function askMicrosoft(
  { store, microsoft }: ContentPorts,
  member: MemberName,
  access: MailboxAccess,
  readsShared: boolean,
  internetMessageId: string,
): Promise<MemberMessage> {
  const { mailboxes } = await store.rules(member);
  for (const shared of [null, ...(readsShared ? mailboxes : [])]) {
    const looked = await microsoft.findMessage(access, shared?.address ?? null, internetMessageId);
    // A shared mailbox that is closed has nothing to say about a message.
    if (looked.kind !== 'ok' && (shared === null || looked.kind !== 'closed')) {
      return { kind: 'notKnown' };
    }
    if (looked.kind === 'ok' && looked.value !== null) {
      const folderId = folderIdIn(shared?.id ?? null, looked.value.folderId);
      return { kind: 'found', ...looked.value, folderId, stored: null };
    }
  }
  return { kind: 'notInMailbox' };
}
