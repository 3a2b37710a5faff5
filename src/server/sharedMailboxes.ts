/** Mailboxes of others that a member names: probed before they are taken up, then polled like the member's own. */
import { changeRules, type RulesResult } from '../consent/changeRules.ts';
import type { ConsentPorts, Principal } from '../consent/ports.ts';
import { decide, type DecisionFacts } from '../domain/decision.ts';
import { scopesForLevel } from '../domain/permissions.ts';
import { type Refused, refuse } from '../domain/problems.ts';
import { parseAddress } from '../domain/relevance.ts';
import { CATEGORIES, type Category } from '../domain/categories/categories.ts';
import { supportsSharedMailboxes } from '../domain/sharedMailboxes.ts';
import { probeSharedMailbox } from '../microsoft/graph/sharedMailbox.ts';
import { accessToShared } from '../sync/graphAccessFor.ts';
import type { StoredItemsSources } from './findMemberMessage.ts';

export async function addSharedMailbox(
  ports: ConsentPorts,
  sources: StoredItemsSources,
  principal: Principal,
  typed: string,
): Promise<RulesResult> {
  const { tenantId, memberId } = principal;
  const address = parseAddress(typed);
  const own = (await sources.consents.member(tenantId, memberId))?.account?.toLowerCase();
  const facts = await sources.consents.decisionFacts(tenantId, memberId);
  const categories = facts === null ? [] : sharedIn(facts);
  if (address === null) {
    return refuse('no_address');
  }
  if (address === own) {
    return refuse('own_mailbox');
  }
  if (facts === null || categories.length === 0) {
    return refuse('shared_off');
  }
  const closed = await closedFor(sources, principal, facts, categories, address);
  if ('code' in closed) {
    return closed;
  }
  const mailbox = { id: ports.chance.uuid(), address, closed: closed.categories };
  return closed.categories.length === categories.length
    ? refuse('mailbox_not_open')
    : changeRules(ports, principal, { kind: 'share', mailbox });
}

export function removeSharedMailbox(
  ports: ConsentPorts,
  principal: Principal,
  mailboxId: string,
): Promise<RulesResult> {
  return changeRules(ports, principal, { kind: 'unshare', mailboxId });
}

/** The categories in which mailboxes of others are read for this member right now. */
function sharedIn(facts: DecisionFacts): readonly Category[] {
  return CATEGORIES.filter((category) => supportsSharedMailboxes(category) && decide(category, facts).effective.shared);
}

/** Whoever shares a mailbox may share its contacts and no mail, or the reverse. */
async function closedFor(
  { tokens, transport }: StoredItemsSources,
  { tenantId, memberId }: Principal,
  facts: DecisionFacts,
  categories: readonly Category[],
  address: string,
): Promise<{ readonly categories: readonly Category[] } | Refused> {
  const { mode } = facts.organization;
  const needed = categories.flatMap((category) => scopesForLevel(category, decide(category, facts).effective));
  const token = await tokens.get({ tenantId, memberId, mode }, needed);
  if (token.kind !== 'token') {
    return refuse(token.kind === 'lost' ? 'sign_in_again' : 'microsoft_unavailable');
  }
  const closed: Category[] = [];
  for (const category of categories) {
    const answer = await probeSharedMailbox(transport, accessToShared(token.access, address), category);
    if (answer.kind !== 'ok') {
      return refuse('microsoft_unavailable');
    }
    if (!answer.value) {
      closed.push(category);
    }
  }
  return { categories: closed };
}
