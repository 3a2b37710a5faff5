/** `GET /api/organization/members`: everyone who is known, with what holds for each. */
import type { Roster, RosterEntry } from '../../contract/api/people.ts';
import type { PersonFacts } from '../../administration/ports.ts';
import { decide } from '../../domain/decision.ts';
import type { Mode } from '../../domain/mode.ts';
import { CATEGORIES } from '../../domain/categories/categories.ts';

export function presentRoster(people: readonly PersonFacts[], includesEverybody: boolean): Roster {
  return { members: people.map(presentPerson), includesEverybody };
}

function presentPerson(person: PersonFacts): RosterEntry {
  const { member, facts } = person;
  const categories = Object.fromEntries(
    CATEGORIES.map((category) => {
      const { effective, reason } = decide(category, facts);
      return [category, { effective, reason }];
    }),
  );
  return {
    id: member.memberId,
    name: member.name,
    productRole: member.productRole,
    openedAt: member.openedAt?.toISOString() ?? null,
    state: stateOf(person, facts.organization.mode),
    mailbox: member.mailbox.value,
    isGuest: member.isGuest,
    isAllowed: facts.member.allowed,
    isCovered: facts.coverage === 'covered',
    categories,
  };
}

function stateOf({ member, connection }: PersonFacts, mode: Mode): RosterEntry['state'] {
  const isLive = connection?.status === 'live' && (mode === 'service' || connection.hasCredential);
  if (isLive) {
    return 'connected';
  }
  if (connection?.status === 'lost') {
    return 'signIn';
  }
  return member.openedAt === null ? 'notOpened' : 'notConnected';
}
