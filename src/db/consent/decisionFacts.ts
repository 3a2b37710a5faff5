/** Reads what the decision needs to know, of one member or of everyone; what it means is `domain/decisionFacts.ts`. */
import type { DecisionFacts } from '../../domain/decision.ts';
import { factsOf } from '../../domain/decisionFacts.ts';
import type { Organization } from '../../domain/records.ts';
import { readConnection, readConnections } from './connections.ts';
import { readConsentsAwaitingVerification } from './consents.ts';
import { readGroupsOf, readMemberships } from '../organization/groups.ts';
import { readMember, readMembers } from '../organization/members.ts';
import { readOrganization } from '../organization/organizations.ts';
import type { Reader } from '../transact.ts';
import { type PersonFacts } from '../../administration/ports.ts';

export async function readDecisionFacts(
  db: Reader,
  tenantId: string,
  memberId: string,
  now: Date,
): Promise<DecisionFacts | null> {
  return (await readPersonFacts(db, tenantId, memberId, now))?.facts ?? null;
}

/** The same with whom it is about, and with their connection. */
export async function readPersonFacts(
  db: Reader,
  tenantId: string,
  memberId: string,
  now: Date,
): Promise<PersonFacts | null> {
  const organization = await readOrganization(db, tenantId);
  const member = await readMember(db, tenantId, memberId);
  if (organization === null || member === null) {
    return null;
  }
  const connection = await readConnection(db, tenantId, memberId);
  const awaiting = await readConsentsAwaitingVerification(db, tenantId);
  const erasing = await db
    .selectFrom('erasures')
    .select('category')
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .where('state', '=', 'erasing')
    .execute();
  const groups = await readGroupsOf(db, tenantId, memberId);
  const categories = erasing.map(({ category }) => category);
  const facts = factsOf({ organization, member, connection, awaiting, groups, erasing: categories, now });
  return { member, connection, facts };
}

/** The same for everyone of an organization, without asking for each of them. */
export async function readFactsOfAll(
  db: Reader,
  organization: Organization,
  now: Date,
): Promise<readonly PersonFacts[]> {
  const { tenantId } = organization;
  const members = await readMembers(db, tenantId);
  const connections = new Map((await readConnections(db, tenantId)).map((each) => [each.memberId, each]));
  const awaiting = await readConsentsAwaitingVerification(db, tenantId);
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
    const facts = factsOf({ organization, member, connection, awaiting, groups, erasing: categories, now });
    return { member, connection, facts };
  });
}
