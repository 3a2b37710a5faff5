/**
 * What the decision needs to know of one member, from what is stored.
 *
 * Where the tenant-wide grant has lost permissions, no older token counts for them any more, unless the member has
 * consented to them individually as well.
 */
import { belongsTo } from './audience.ts';
import { CATEGORIES, type Category } from './categories/categories.ts';
import type { DecisionFacts } from './decision.ts';
import { pauseAt, pausesAt } from './pause.ts';
import { scopesForLevel } from './permissions.ts';
import type { Connection, ConsentTransaction, Member, Organization } from './records.ts';
import { FULL_OFFER } from './selection.ts';

/** What is stored of a member and their organization. */
export interface StoredFacts {
  readonly organization: Organization;
  readonly member: Member;
  readonly connection: Connection | null;
  /** The organization's consents that await verification. */
  readonly awaiting: readonly Pick<ConsentTransaction, 'mode' | 'memberId'>[];
  /** The groups that the member is known to be in. */
  readonly groups: readonly string[];
  readonly erasing: readonly Category[];
  readonly now: Date;
}

export function factsOf(stored: StoredFacts): DecisionFacts {
  const { organization, member, connection, awaiting, groups, erasing, now } = stored;
  const { memberId } = member;
  return {
    deployment: {
      cloud: organization.cloud.value === 'unsupported' ? 'unsupported' : 'supported',
      caps: organization.caps ?? FULL_OFFER,
      suspended: organization.suspendedAt !== null,
    },
    organization: {
      enabled: organization.enabled,
      mode: organization.mode,
      selection: organization.selection,
      pause: pauseAt(organization.pause, now),
    },
    member: {
      disabled: member.isDisabled,
      guest: member.isGuest,
      allowed: belongsTo(organization.access, memberId, groups),
    },
    coverage: belongsTo(organization.coverage, memberId, groups) ? 'covered' : 'notCovered',
    userConsent: organization.userConsent,
    preference: { selection: member.preference, pauses: pausesAt(member.pauses, now) },
    grant:
      organization.mode === 'service'
        ? serviceGrant(organization)
        : delegatedGrant(organization, member, connection, awaiting),
    mailbox: member.mailbox,
    erasing,
  };
}

function delegatedGrant(
  { grant }: Organization,
  member: Member,
  connection: Connection | null,
  awaiting: StoredFacts['awaiting'],
): DecisionFacts['grant'] {
  const { scopes = [], personalScopes = [], revokedScopes = [] } = connection ?? {};
  const gone = (grant?.missing ?? []).filter((scope) => !personalScopes.includes(scope));
  return {
    value: {
      state: grantState(member, connection, awaiting),
      scopes: scopes.filter((scope) => !gone.includes(scope)),
      revoked: [...new Set([...gone, ...revokedScopes])],
    },
    checkedAt: connection?.scopesCheckedAt.toISOString() ?? null,
  };
}

/** What probes reached, named by the delegated permissions that mean the same of one mailbox. */
function serviceGrant({ service, selection }: Organization): DecisionFacts['grant'] {
  const scopesOf = (categories: readonly Category[]) =>
    categories.flatMap((category) => scopesForLevel(category, selection[category]));
  const all = scopesOf(CATEGORIES);
  const isReachable = service?.state === 'verified' || service?.state === 'unproven';
  const reached = service !== null && isReachable ? scopesOf(service.reached) : [];
  return {
    value: {
      state: service === null ? 'unknown' : service.state === 'settling' ? 'propagating' : 'live',
      scopes: reached,
      revoked: service?.state === 'failed' ? all : all.filter((scope) => isReachable && !reached.includes(scope)),
    },
    checkedAt: service?.checkedAt ?? null,
  };
}

function grantState(
  member: Member,
  connection: Connection | null,
  awaiting: StoredFacts['awaiting'],
): DecisionFacts['grant']['value']['state'] {
  if (connection === null || connection.status === 'removed') {
    return 'unknown';
  }
  if (connection.status === 'lost') {
    return 'lost';
  }
  const isWaiting = awaiting.some((consent) => consent.mode === 'individual' && consent.memberId === member.memberId);
  return isWaiting ? 'propagating' : 'live';
}
