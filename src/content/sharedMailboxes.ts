/** Shared mailboxes that a member names: probed before they are taken up, then polled like the member's own. */
import { CATEGORIES, type Category } from '../domain/categories/categories.ts';
import { decide, type DecisionFacts } from '../domain/decision.ts';
import { scopesForLevel } from '../domain/permissions.ts';
import { type Refused, refuse } from '../domain/problems.ts';
import { parseAddress } from '../domain/relevance.ts';
import { supportsSharedMailboxes } from '../domain/sharedMailboxes.ts';
import { ownAddress } from './ownAddress.ts';
import type { ContentPorts } from './ports.ts';
import { type MemberName } from '../domain/records.ts';

type Changed = ReturnType<ContentPorts['changeRules']>;

export async function addSharedMailbox(ports: ContentPorts, member: MemberName, typed: string): Changed {
  const { tenantId, memberId } = member;
  const address = parseAddress(typed);
  const own = await ownAddress(ports.records, member);
  const facts = await ports.records.decisionFacts(tenantId, memberId);
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
  const closed = await closedFor(ports, member, facts, categories, address);
  if ('code' in closed) {
    return closed;
  }
  const mailbox = { id: ports.uuid(), address, closed: closed.categories };
  return closed.categories.length === categories.length
    ? refuse('mailbox_not_open')
    : ports.changeRules(member, { kind: 'share', mailbox });
}

export function removeSharedMailbox(ports: ContentPorts, member: MemberName, mailboxId: string): Changed {
  return ports.changeRules(member, { kind: 'unshare', mailboxId });
}

/** The categories in which shared mailboxes are read for this member right now. */
function sharedIn(facts: DecisionFacts): readonly Category[] {
  return CATEGORIES.filter((category) => supportsSharedMailboxes(category) && decide(category, facts).effective.shared);
}

/** A mailbox can be shared for contacts only, or for mail only. */
async function closedFor(
  { tokens, microsoft }: ContentPorts,
  { tenantId, memberId }: MemberName,
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
    const looked = await microsoft.isOpen(token.access, address, category);
    if (looked.kind !== 'ok') {
      return refuse('microsoft_unavailable');
    }
    if (!looked.value) {
      closed.push(category);
    }
  }
  return { categories: closed };
}
