/** What owners and managers look at, as the API shows it. */
import type { Coverage, Impact } from '../../administration/people.ts';
import type { Fleet, NamedGroup, NamedPerson } from '../../administration/ports.ts';
import type { Fleet as FleetDocument, Preview } from '../../contract/api/organization.ts';
import type { Coverage as CoverageDocument, FoundGroups, FoundPeople } from '../../contract/api/people.ts';
import { presentAudience } from './organization.ts';

export function presentCoverage({ coverage, people, canary }: Coverage): CoverageDocument {
  return {
    coverage: presentAudience(coverage),
    people: people.map(nameOf),
    canary: canary === null ? null : nameOf(canary),
  };
}

export function presentFoundPeople(found: {
  readonly people: readonly NamedPerson[];
  readonly fromDirectory: boolean;
}): FoundPeople {
  return { people: found.people.map(nameOf), fromDirectory: found.fromDirectory };
}

export function presentFoundGroups(found: {
  readonly groups: readonly NamedGroup[];
  readonly fromDirectory: boolean;
}): FoundGroups {
  return {
    groups: found.groups.map(({ groupId, name }) => ({ id: groupId, name })),
    fromDirectory: found.fromDirectory,
  };
}

export function presentImpact({ people, starts, stops, signInSilently, signInAsked }: Impact): Preview {
  return {
    people,
    starts: starts.map(nameOf),
    stops: stops.map(nameOf),
    signInSilently: signInSilently.map(nameOf),
    signInAsked: signInAsked.map(nameOf),
  };
}

export function presentFleet({ failing, ...counts }: Fleet): FleetDocument {
  return {
    ...counts,
    failing: failing.map(({ cause, mailboxes, nextAttemptAt }) => ({
      cause,
      mailboxes,
      nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    })),
  };
}

function nameOf({ memberId, name }: NamedPerson) {
  return { id: memberId, name };
}
