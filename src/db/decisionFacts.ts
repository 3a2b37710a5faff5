/** Gathers what the decision needs to know of one member, as the database has it. */
import type { DecisionFacts } from '../domain/decision.ts';
import type { Connection, ConsentTransaction, Member, Organization } from '../domain/records.ts';
import { type Category, MOST_OFFERED } from '../domain/selection.ts';
import { readConnection } from './connections.ts';
import { readProving } from './consents.ts';
import { readMember } from './members.ts';
import { readOrganization } from './organizations.ts';
import type { Reader } from './transact.ts';

export async function readDecisionFacts(db: Reader, tenantId: string, memberId: string): Promise<DecisionFacts | null> {
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
  return factsOf({ organization, member, connection, proving, erasing: erasing.map(({ category }) => category) });
}

function factsOf(known: {
  readonly organization: Organization;
  readonly member: Member;
  readonly connection: Connection | null;
  readonly proving: readonly ConsentTransaction[];
  readonly erasing: readonly Category[];
}): DecisionFacts {
  const { organization, member, connection, proving, erasing } = known;
  return {
    deployment: { cloud: 'supported', caps: MOST_OFFERED },
    organization: {
      enabled: organization.enabled,
      mode: organization.mode,
      selection: organization.selection,
      paused: false,
    },
    member: { disabled: member.isDisabled, guest: member.isGuest, allowed: true },
    coverage: 'covered',
    usersMayConsent: organization.usersMayConsent,
    preference: { selection: member.preference, paused: false },
    grant: {
      value: { state: grantState(member, connection, proving), scopes: connection?.scopes ?? [] },
      checkedAt: connection?.scopesCheckedAt.toISOString() ?? null,
    },
    mailbox: member.mailbox,
    erasing,
  };
}

function grantState(
  member: Member,
  connection: Connection | null,
  proving: readonly ConsentTransaction[],
): DecisionFacts['grant']['value']['state'] {
  if (connection === null) {
    return 'unknown';
  }
  if (connection.status === 'lost') {
    return 'lost';
  }
  const isWaiting = proving.some((consent) => consent.mode === 'individual' && consent.memberId === member.memberId);
  return isWaiting ? 'propagating' : 'live';
}
