/**
 * Gathers what the decision needs to know of one member, as the database has it.
 *
 * Where the tenant-wide grant has lost permissions, nobody's older token counts for them any more, unless the
 * member granted them alone as well.
 */
import { belongsTo } from '../domain/audience.ts';
import type { DecisionFacts } from '../domain/decision.ts';
import { pauseAt, pausesAt } from '../domain/pause.ts';
import { scopesForLevel } from '../domain/permissions.ts';
import type { Connection, ConsentTransaction, Member, Organization } from '../domain/records.ts';
import { FULL_OFFER } from '../domain/selection.ts';
import { CATEGORIES, type Category } from '../domain/categories/categories.ts';
import { readConnection, readConnections } from './connections.ts';
import { readProving } from './consents.ts';
import { readGroupsOf, readMemberships } from './groups.ts';
import { readMember, readMembers } from './members.ts';
import { readOrganization } from './organizations.ts';
import type { Reader } from './transact.ts';

export async function readDecisionFacts(
  db: Reader,
  tenantId: string,
  memberId: string,
  now: Date,
): Promise<DecisionFacts | null> {
  const organization = await readOrganization(db, tenantId);
  const member = await readMember(db, tenantId, memberId);
  if (organization === null || member === null) {
    return null;
  }
  const connection = await readConnection(db, tenantId, memberId);
  const proving = await readProving(db, tenantId);
  const erasing = await db
    .selectFrom('erasures')
    .select('category')
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .where('state', '=', 'erasing')
    .execute();
  const groups = await readGroupsOf(db, tenantId, memberId);
  const categories = erasing.map(({ category }) => category);
  return factsOf({ organization, member, connection, proving, groups, erasing: categories, now });
}

export interface PersonFacts {
  readonly member: Member;
  readonly connection: Connection | null;
  readonly facts: DecisionFacts;
}

/** The same for everybody of an organization, without asking for each of them. */
export async function readFactsOfAll(
  db: Reader,
  organization: Organization,
  now: Date,
): Promise<readonly PersonFacts[]> {
  const { tenantId } = organization;
  const members = await readMembers(db, tenantId);
  const connections = new Map((await readConnections(db, tenantId)).map((each) => [each.memberId, each]));
  const proving = await readProving(db, tenantId);
  const memberships = await readMemberships(db, tenantId);
  const erasing = await db
    .selectFrom('erasures')
    .select(['member_id', 'category'])
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'erasing')
    .execute();
  return members.map((member) => {
    const { memberId } = member;
    const connection = connections.get(memberId) ?? null;
    const groups = memberships.get(memberId) ?? [];
    const categories = erasing.filter((row) => row.member_id === memberId).map(({ category }) => category);
    const facts = factsOf({ organization, member, connection, proving, groups, erasing: categories, now });
    return { member, connection, facts };
  });
}

function factsOf(known: {
  readonly organization: Organization;
  readonly member: Member;
  readonly connection: Connection | null;
  readonly proving: readonly ConsentTransaction[];
  readonly groups: readonly string[];
  readonly erasing: readonly Category[];
  readonly now: Date;
}): DecisionFacts {
  const { organization, member, connection, proving, groups, erasing, now } = known;
  const { memberId } = member;
  return {
    deployment: {
      cloud: organization.cloud.value === 'unsupported' ? 'unsupported' : 'supported',
      caps: FULL_OFFER,
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
        : delegatedGrant(organization, member, connection, proving),
    mailbox: member.mailbox,
    erasing,
  };
}

function delegatedGrant(
  { grant }: Organization,
  member: Member,
  connection: Connection | null,
  proving: readonly ConsentTransaction[],
): DecisionFacts['grant'] {
  const { scopes = [], personalScopes = [], revokedScopes = [] } = connection ?? {};
  const gone = (grant?.missing ?? []).filter((scope) => !personalScopes.includes(scope));
  return {
    value: {
      state: grantState(member, connection, proving),
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
  proving: readonly ConsentTransaction[],
): DecisionFacts['grant']['value']['state'] {
  if (connection === null || connection.status === 'removed') {
    return 'unknown';
  }
  if (connection.status === 'lost') {
    return 'lost';
  }
  const isWaiting = proving.some((consent) => consent.mode === 'individual' && consent.memberId === member.memberId);
  return isWaiting ? 'propagating' : 'live';
}
