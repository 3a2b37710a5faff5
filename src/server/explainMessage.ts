/** Why a message is synchronized, or is not: by what is stored, the rules, and a live look at Graph. */
import type { Principal } from '../consent/ports.ts';
import type { Explanation } from '../contract/api/items.ts';
import { readConnection } from '../db/connections.ts';
import { readFolders } from '../db/containers.ts';
import { evaluateItem, findKnownContacts } from '../db/evaluation.ts';
import { readMemberRulesOrNone } from '../db/memberRules.ts';
import { isQuarantined } from '../db/quarantine.ts';
import { needsContacts, AT_FIRST, type Relevance, type RelevancePolicy, type Rules } from '../domain/relevance.ts';
import { type FoundMessage, findMemberMessage, type StoredItemsSources } from './findMemberMessage.ts';

export async function explainMessage(
  sources: StoredItemsSources,
  principal: Principal,
  internetMessageId: string,
): Promise<Explanation> {
  const message = await findMemberMessage(sources, principal, internetMessageId);
  if (message.kind !== 'found') {
    return { verdict: message.kind };
  }
  const { stored } = message;
  const sender = await excludableSender(sources, principal, message.sender);
  if (stored !== null) {
    return { verdict: 'synced', level: stored.level, storedAt: stored.storedAt.toISOString(), sender };
  }
  const rules = await readRules(sources, principal);
  const relevance = await evaluateMessage(sources, principal, rules, message);
  if (!relevance.relevant) {
    return { verdict: relevance.rule, by: relevance.by, sender, ...undoFor(relevance, rules.member, message) };
  }
  const { tenantId, memberId } = principal;
  const owner = { tenantId, memberId, category: 'mail' } as const;
  const isUnreadable = await isQuarantined(sources.database.kysely, owner, message.itemId);
  return { verdict: isUnreadable ? 'unreadable' : 'notYet', sender };
}

/** Nobody is offered to leave out themselves, which would be everything. */
async function excludableSender(
  { consents }: StoredItemsSources,
  { tenantId, memberId }: Principal,
  sender: string | null,
): Promise<string | null> {
  const own = (await consents.member(tenantId, memberId))?.account ?? '';
  return sender?.toLowerCase() === own.toLowerCase() ? null : sender;
}

async function readRules(
  { database, keyring, consents }: StoredItemsSources,
  { tenantId, memberId }: Principal,
): Promise<Rules> {
  const organization = await consents.organization(tenantId);
  const { policy: member } = await readMemberRulesOrNone(database.kysely, keyring, tenantId, memberId);
  return { organization: organization?.relevance ?? AT_FIRST, member };
}

async function evaluateMessage(
  { database, keyring, now }: StoredItemsSources,
  { tenantId, memberId }: Principal,
  rules: Rules,
  message: FoundMessage,
): Promise<Relevance> {
  const db = database.kysely;
  const connection = await readConnection(db, tenantId, memberId);
  const key = await keyring.forReading({ tenantId, memberId, purpose: 'mail' });
  const contacts = await keyring.forReading({ tenantId, memberId, purpose: 'contacts' });
  const addresses = needsContacts(rules) ? message.participants : [];
  const evaluate = {
    rules,
    now: now(),
    connectedAt: connection?.createdAt ?? now(),
    folders: key === null ? new Map() : await readFolders(db, { tenantId, mailboxId: memberId }, 'mail', key),
    known: await findKnownContacts(db, { tenantId, memberId }, contacts, addresses),
  };
  return evaluateItem(evaluate, 'mail', message.folderId, message);
}

/** What the member can take back so that the message comes. */
function undoFor(
  relevance: Relevance,
  own: RelevancePolicy,
  { participants, conversationId }: FoundMessage,
): Pick<Explanation, 'exclusion'> {
  if (relevance.relevant || relevance.by !== 'member') {
    return {};
  }
  const address = participants.map((each) => each.toLowerCase()).find((each) => own.excludedAddresses.includes(each));
  switch (relevance.rule) {
    case 'excludedAddresses':
      return address === undefined ? {} : { exclusion: { kind: 'address', value: address } };
    case 'excludedConversations':
      return conversationId === undefined ? {} : { exclusion: { kind: 'conversation', value: conversationId } };
    case 'ignoredDomains':
    case 'excludedDomains':
    case 'excludedFolders':
    case 'knownContacts':
    case 'lookBack':
    case 'retention':
    case 'drafts':
    case 'privateEvents':
      return {};
  }
}
