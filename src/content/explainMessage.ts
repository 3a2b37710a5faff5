/** Why a message is synced, or is not: by what is stored, by the rules, and by a live look at Microsoft. */
import { evaluateItem } from '../domain/evaluation.ts';
import { senderOf, toEvaluated } from '../domain/items.ts';
import type { Exclusion } from '../domain/memberRules.ts';
import {
  AT_FIRST,
  needsContacts,
  type Relevance,
  type RelevancePolicy,
  type Rule,
  type Rules,
} from '../domain/relevance.ts';
import { type FoundMessage, findMessage, type MemberMessage } from './findMessage.ts';
import { ownAddress } from './ownAddress.ts';
import type { ContentPorts, StoredMessage } from './ports.ts';
import { type MemberName } from '../domain/records.ts';

export type Explanation =
  | { readonly verdict: Exclude<MemberMessage['kind'], 'found'> }
  | { readonly verdict: 'synced'; readonly sender: string | null; readonly stored: StoredMessage['stored'] }
  | { readonly verdict: 'notYet' | 'unreadable'; readonly sender: string | null }
  | {
      readonly verdict: Rule;
      readonly by: 'organization' | 'member';
      readonly sender: string | null;
      /** What the member can include again, so that the message comes. */
      readonly exclusion: Pick<Exclusion, 'kind' | 'value'> | null;
    };

export async function explainMessage(
  ports: ContentPorts,
  member: MemberName,
  internetMessageId: string,
): Promise<Explanation> {
  const message = await findMessage(ports, member, internetMessageId);
  if (message.kind !== 'found') {
    return { verdict: message.kind };
  }
  const { stored } = message;
  const sender = await excludableSender(ports, member, senderOf(message.content));
  if (stored !== null) {
    return { verdict: 'synced', stored, sender };
  }
  const rules = await rulesOf(ports, member);
  const relevance = await evaluateMessage(ports, member, rules, message);
  if (!relevance.relevant) {
    const { rule: verdict, by } = relevance;
    return { verdict, by, sender, exclusion: undoFor(relevance, rules.member, message) };
  }
  const isUnreadable = await ports.store.isSetAside(member, 'mail', message.itemId);
  return { verdict: isUnreadable ? 'unreadable' : 'notYet', sender };
}

/** Never offers to exclude the member's own address: that would exclude everything. */
async function excludableSender(
  { records }: ContentPorts,
  member: MemberName,
  sender: string | null,
): Promise<string | null> {
  return sender?.toLowerCase() === (await ownAddress(records, member)) ? null : sender;
}

async function rulesOf({ records, store }: ContentPorts, member: MemberName): Promise<Rules> {
  const organization = await records.organization(member.tenantId);
  return { organization: organization?.relevance ?? AT_FIRST, member: (await store.rules(member)).policy };
}

async function evaluateMessage(
  { records, store, now }: ContentPorts,
  member: MemberName,
  rules: Rules,
  message: FoundMessage,
): Promise<Relevance> {
  const evaluated = toEvaluated(message);
  const connection = await records.connection(member.tenantId, member.memberId);
  const evaluator = {
    rules,
    now: now(),
    connectedAt: connection?.createdAt ?? now(),
    folders: await store.containers(member, 'mail'),
    known: await store.knownContacts(member, needsContacts(rules) ? evaluated.participants : []),
  };
  return evaluateItem(evaluator, 'mail', message.folderId, evaluated);
}

function undoFor(
  relevance: Relevance,
  own: RelevancePolicy,
  message: FoundMessage,
): Pick<Exclusion, 'kind' | 'value'> | null {
  if (relevance.relevant || relevance.by !== 'member') {
    return null;
  }
  const { participants, conversationId } = toEvaluated(message);
  if (relevance.rule === 'excludedConversations' && conversationId !== undefined) {
    return { kind: 'conversation', value: conversationId };
  }
  const address = participants.map((each) => each.toLowerCase()).find((each) => own.excludedAddresses.includes(each));
  return relevance.rule === 'excludedAddresses' && address !== undefined ? { kind: 'address', value: address } : null;
}
