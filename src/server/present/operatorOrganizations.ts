/** Organizations and members, as the operator's API shows them. */
import type { PersonFacts } from '../../administration/ports.ts';
import type { MembersDocument, OrganizationsDocument } from '../../contract/operator/organizations.ts';
import type { ListedOrganization } from '../../delivery/ports.ts';
import { type Category } from '../../domain/categories/categories.ts';
import { decide, type DecisionFacts } from '../../domain/decision.ts';
import type { Mode } from '../../domain/mode.ts';

export function presentListedOrganization({
  tenantId,
  admittedAt,
  suspendedAt,
  ...organization
}: ListedOrganization): OrganizationsDocument['organizations'][number] {
  return {
    ...organization,
    id: tenantId,
    admittedAt: admittedAt.toISOString(),
    suspendedAt: suspendedAt?.toISOString() ?? null,
  };
}

export function presentMember({ member, connection, facts }: PersonFacts): MembersDocument['members'][number] {
  const { memberId, name, account, isGuest, openedAt } = member;
  return {
    id: memberId,
    name,
    account,
    isGuest,
    openedAt: openedAt?.toISOString() ?? null,
    connection: connectionOf(connection, facts.organization.mode),
    categories: {
      mail: decisionOf('mail', facts),
      calendar: decisionOf('calendar', facts),
      contacts: decisionOf('contacts', facts),
      tasks: decisionOf('tasks', facts),
      files: decisionOf('files', facts),
    },
  };
}

/** A sign-in alone is none: there has to be a way into the mailbox. */
function connectionOf(
  connection: PersonFacts['connection'],
  mode: Mode,
): MembersDocument['members'][number]['connection'] {
  if (connection === null || connection.status === 'removed') {
    return null;
  }
  const { connectionId: id, status: state, hasCredential } = connection;
  return state === 'lost' || hasCredential || mode === 'service' ? { id, state } : null;
}

function decisionOf(
  category: Category,
  facts: DecisionFacts,
): MembersDocument['members'][number]['categories'][Category] {
  const { effective, control, reason } = decide(category, facts);
  return { effective, control, reason };
}
