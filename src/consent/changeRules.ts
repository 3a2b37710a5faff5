/**
 * Rules of relevance change: what is stored is looked through again, and what may have become relevant is reread.
 * So do the shared mailboxes that a member names: what is stored of one that is forgotten goes.
 *
 * A member narrows their own sync in any mode: no one else can undo a member's exclusions.
 */
import { type MemberRules, type RulesChange, applyChange } from '../domain/memberRules.ts';
import { type Refused, refuse } from '../domain/problems.ts';
import { type MemberName, type Organization } from '../domain/records.ts';
import { countsOf, isLessRestrictive, samePolicy, type RelevancePolicy } from '../domain/relevance.ts';
import type { ConsentPorts } from './ports.ts';
import type { OrganizationWriter, StoredWriter, ConnectionWriter, ChangeFeed } from './store.ts';

export type RulesResult = { readonly kind: 'changed' } | Refused;

/** Inside the caller's transaction, which raises the organization's epoch, and after the organization was locked. */
export async function changeRelevance(
  { chance, now }: Pick<ConsentPorts, 'chance' | 'now'>,
  writer: OrganizationWriter & StoredWriter,
  { tenantId, relevance: before }: Organization,
  after: RelevancePolicy,
): Promise<void> {
  if (samePolicy(before, after)) {
    return;
  }
  await writer.changeOrganization(tenantId, { relevance: after });
  await writer.startReview(tenantId, null, { id: chance.uuid(), isWider: isLessRestrictive(after, before), at: now() });
}

/** How often a change is recreated whose key was destroyed while it was made. */
const ATTEMPTS = 3;

export async function changeRules(
  ports: Pick<ConsentPorts, 'store' | 'rules' | 'chance' | 'now'>,
  principal: MemberName,
  change: RulesChange,
): Promise<RulesResult> {
  for (let attempt = 1; ; attempt += 1) {
    const vault = await ports.rules.open(principal.tenantId, principal.memberId);
    const result = await changeOnce(ports, vault, principal, change);
    if (result !== 'again') {
      return result;
    }
    if (attempt === ATTEMPTS) {
      return refuse('version_conflict');
    }
  }
}

async function changeOnce(
  ports: Pick<ConsentPorts, 'store' | 'chance' | 'now'>,
  vault: Awaited<ReturnType<ConsentPorts['rules']['open']>>,
  { tenantId, memberId }: MemberName,
  change: RulesChange,
): Promise<RulesResult | 'again'> {
  return ports.store.transact(async (writer): Promise<RulesResult | 'again'> => {
    const organization = await writer.lockOrganization(tenantId);
    await writer.lockConnection(tenantId, memberId);
    if (organization === null || (await writer.member(tenantId, memberId)) === null) {
      return refuse('tenant_not_onboarded');
    }
    // The key is destroyed under the same lock.
    if (!(await vault.isCurrent())) {
      return 'again';
    }
    const sealed = await writer.sealedRules(tenantId, memberId);
    const before = vault.read(sealed);
    const after = applyChange(before, change);
    if (after === 'tooMany') {
      return refuse(change.kind === 'share' ? 'too_many_mailboxes' : 'too_many_rules');
    }
    if (isSame(before, after) && vault.opens(sealed)) {
      return { kind: 'changed' };
    }
    await writer.setRules(tenantId, memberId, vault.seal(after), after.policy.retentionDays);
    await follow(ports, writer, { tenantId, memberId }, before, after);
    return { kind: 'changed' };
  });
}

function isSame(before: MemberRules, after: MemberRules): boolean {
  const rest = ({ subjects, mailboxes }: MemberRules) => JSON.stringify({ subjects, mailboxes });
  return samePolicy(before.policy, after.policy) && rest(before) === rest(after);
}

async function follow(
  { chance, now }: Pick<ConsentPorts, 'chance' | 'now'>,
  writer: ConnectionWriter & StoredWriter & ChangeFeed,
  { tenantId, memberId }: MemberName,
  before: MemberRules,
  after: MemberRules,
): Promise<void> {
  const at = now();
  const { policy, mailboxes } = after;
  const act = { tenantId, actorId: memberId, target: memberId };
  await writer.raiseEpoch(tenantId, memberId);
  // What was stored of a mailbox that is forgotten goes as what a rule excludes does; one that is new excludes nothing.
  if (mailboxes.length <= before.mailboxes.length) {
    const review = { id: chance.uuid(), isWider: isLessRestrictive(policy, before.policy), at };
    await writer.startReview(tenantId, memberId, review);
  }
  const isOfMailboxes = JSON.stringify(mailboxes) !== JSON.stringify(before.mailboxes);
  const [action, detail] = isOfMailboxes
    ? (['sync.mailboxesChanged', { named: mailboxes.length }] as const)
    : (['sync.rulesChanged', countsOf(policy)] as const);
  await writer.record({ tenantId, at, acts: [{ ...act, action, detail }], tell: [memberId], wake: [memberId] });
}
