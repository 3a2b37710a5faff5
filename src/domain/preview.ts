/**
 * Who a change of the organization would affect, before it is made: the decision of today beside the decision
 * as it would be, for everyone who is known.
 */
import { decide, type DecisionFacts, wantedLevel, wantedScopes } from './decision.ts';
import type { Mode } from './mode.ts';
import { missingScopes, scopesForSelection } from './permissions.ts';
import { type Selection } from './selection.ts';
import { isOff } from './levels.ts';
import { CATEGORIES, type Category } from './categories/categories.ts';

export interface PersonBefore {
  readonly memberId: string;
  readonly facts: DecisionFacts;
  /** Whether a refresh token is stored, so that a delegated mode can go on without the person. */
  readonly hasCredential: boolean;
  /** What this person has granted alone. */
  readonly personalScopes: readonly string[];
}

export interface ProposedChange {
  readonly mode: Mode;
  readonly selection: Selection;
}

export interface PersonAfter {
  readonly memberId: string;
  readonly on: readonly Category[];
  readonly starts: readonly Category[];
  readonly stops: readonly Category[];
  /** `silently`: by opening Assent once, without a question of Microsoft's; `asked`: Microsoft asks again. */
  readonly requiredSignIn: 'no' | 'silently' | 'asked';
}

export function previewChange(people: readonly PersonBefore[], change: ProposedChange): readonly PersonAfter[] {
  return people.map((person) => previewPerson(person, change));
}

function previewPerson(person: PersonBefore, change: ProposedChange): PersonAfter {
  const after = factsAfter(person, change);
  const isOn = (facts: DecisionFacts) => (category: Category) => !isOff(decide(category, facts).effective);
  const before = CATEGORIES.filter(isOn(person.facts));
  const on = CATEGORIES.filter(isOn(after));
  return {
    memberId: person.memberId,
    on,
    starts: on.filter((category) => !before.includes(category)),
    stops: before.filter((category) => !on.includes(category)),
    requiredSignIn: requiredSignIn(person, change, after),
  };
}

/** As it will be when Microsoft has granted what the change asks for. */
function factsAfter({ facts, personalScopes }: PersonBefore, change: ProposedChange): DecisionFacts {
  const { mode, selection } = change;
  const granted = mode === 'individual' ? remainingScopes(facts, personalScopes) : scopesForSelection(selection);
  const state = mode === 'service' ? 'live' : facts.grant.value.state;
  return {
    ...facts,
    organization: { ...facts.organization, mode, selection },
    grant: { ...facts.grant, value: { state, scopes: granted, revoked: [] } },
  };
}

/** Back to everyone for themselves, a tenant-wide delegated grant stays at Microsoft until it is removed. */
function remainingScopes({ organization, grant }: DecisionFacts, personalScopes: readonly string[]): readonly string[] {
  return organization.mode === 'service' ? personalScopes : grant.value.scopes;
}

function requiredSignIn(
  person: PersonBefore,
  { mode }: ProposedChange,
  after: DecisionFacts,
): PersonAfter['requiredSignIn'] {
  const wants = CATEGORIES.some((category) => !isOff(wantedLevel(category, after)));
  if (mode === 'service' || !wants) {
    return 'no';
  }
  if (mode === 'individual') {
    const isGranted = missingScopes(after.grant.value.scopes, wantedScopes(after)).length === 0;
    if (!isGranted) {
      return 'asked';
    }
  }
  return person.hasCredential ? 'no' : 'silently';
}
