import { describe, expect, test } from '@jest/globals';
import { People, UnknownOrganizationError } from '../../src/administration/people.ts';
import type { AdministrationPorts, NamedPerson, PersonFacts } from '../../src/administration/ports.ts';
import { factsOf } from '../../src/domain/decisionFacts.ts';
import type { Connection, Member, Organization } from '../../src/domain/records.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { AT, CONNECTED, HARBOR_REED, MARA, READ } from '../support/storedRecords.ts';

const TOM: Member = { ...MARA, memberId: 'tom', name: 'Tom Reed', preference: EMPTY_SELECTION };
const GUEST: Member = { ...MARA, memberId: 'gwen', name: 'Gwen Tomas', isGuest: true };

function person(member: Member, connection: Connection | null, organization: Organization): PersonFacts {
  const facts = factsOf({ organization, member, connection, awaiting: [], groups: [], erasing: [], now: AT });
  return { member, connection, facts };
}

interface World {
  readonly organization: Organization | null;
  readonly people: readonly PersonFacts[];
  readonly everyone: readonly NamedPerson[] | null;
  readonly found: readonly NamedPerson[] | null;
}

function peopleOf(change: Partial<World> = {}) {
  const world: World = {
    organization: HARBOR_REED,
    people: [person(MARA, CONNECTED, HARBOR_REED), person(TOM, null, HARBOR_REED)],
    everyone: null,
    found: null,
    ...change,
  };
  const added: (readonly NamedPerson[])[] = [];
  let now = AT;
  let reads = 0;
  const members = [MARA, TOM, GUEST];
  const ports: AdministrationPorts = {
    store: {
      organization: () => Promise.resolve(world.organization),
      members: () => Promise.resolve(members),
      membersOf: (_tenantId, ids) => Promise.resolve(members.filter(({ memberId }) => ids.includes(memberId))),
      peopleIn: (_tenantId, audience) =>
        Promise.resolve(audience.kind === 'people' ? audience.memberIds : members.map(({ memberId }) => memberId)),
      people: () => Promise.resolve(world.people),
      person: (_tenantId, id) => Promise.resolve(world.people.find(({ member }) => member.memberId === id) ?? null),
      addPeople: (_tenantId, people) => {
        added.push(people);
        return Promise.resolve();
      },
      connections: () => Promise.resolve([]),
      fleet: () => Promise.resolve({ healthy: 0, catchingUp: 0, paused: 0, failing: [] }),
      audit: () => Promise.resolve([]),
      evaluate: async function* () {
        yield await Promise.resolve({ looked: 0, excluded: 0 });
      },
    },
    directory: {
      findPeople: () => Promise.resolve(world.found),
      everyone: () => {
        reads += 1;
        return Promise.resolve(world.everyone);
      },
      findGroups: () => Promise.resolve(null),
    },
    now: () => now,
  };
  const pass = (milliseconds: number) => {
    now = new Date(now.getTime() + milliseconds);
  };
  return { people: new People(ports), added, pass, reads: () => reads };
}

describe('the roster', () => {
  test('is those who are known, and says that others may be missing', async () => {
    const { people, added } = peopleOf();
    const roster = await people.roster('tenant');

    expect(roster.isComplete).toBe(false);
    expect(roster.people.map(({ member }) => member.memberId)).toEqual(['mara', 'tom']);
    expect(added).toEqual([]);
  });

  test('adds everyone whom the directory names, and reads it again after a minute only', async () => {
    const everyone = [{ memberId: 'nora', name: 'Nora Whitfield' }];
    const { people, added, pass, reads } = peopleOf({ everyone });
    await people.roster('tenant');
    pass(59_000);

    expect(await people.roster('tenant')).toMatchObject({ isComplete: true });
    expect(added).toEqual([everyone]);
    pass(1_000);
    await people.roster('tenant');
    expect(reads()).toBe(2);
  });

  test('of an organization that is not there is none', async () => {
    await expect(peopleOf({ organization: null }).people.roster('tenant')).rejects.toThrow(UnknownOrganizationError);
  });
});

describe('whose mailboxes are in scope', () => {
  test('names them, and the one that must not be reached apart from them', async () => {
    const coverage = { kind: 'people', memberIds: ['mara'] } as const;
    const { people } = peopleOf({ organization: { ...HARBOR_REED, coverage, canaryId: 'tom' } });

    expect(await people.coverage('tenant')).toEqual({ coverage, people: [MARA], canary: TOM });
  });

  test('without an out-of-scope mailbox names none', async () => {
    const coverage = { kind: 'people', memberIds: ['mara', 'unknown'] } as const;
    const { people } = peopleOf({ organization: { ...HARBOR_REED, coverage } });

    expect(await people.coverage('tenant')).toEqual({ coverage, people: [MARA], canary: null });
  });
});

describe('finding people', () => {
  test('looks among those who are known, but for guests, where the directory cannot be read', async () => {
    const { people } = peopleOf();

    expect(await people.findPeople('tenant', 'TOM')).toEqual({ people: [TOM], fromDirectory: false });
  });

  test('takes the first twenty of the directory', async () => {
    const found = Array.from({ length: 25 }, (_, index) => ({ memberId: `${index}`, name: null }));
    const { people } = peopleOf({ found });

    expect(await people.findPeople('tenant', '')).toEqual({ people: found.slice(0, 20), fromDirectory: true });
  });

  test('finds no group where the directory cannot be read, and says so', async () => {
    expect(await peopleOf().people.findGroups('tenant', 'part')).toEqual({ groups: [], fromDirectory: false });
  });
});

test('a change for everyone names whom it starts for, stops for, and asks to sign in', async () => {
  const { people } = peopleOf();
  const calendar = { ...EMPTY_SELECTION, calendar: READ };
  const impact = await people.preview('tenant', { mode: 'organization', selection: calendar });

  expect(impact).toMatchObject({ people: 2, stops: [MARA] });
  expect(impact.starts.map(({ memberId }) => memberId)).toContain('mara');
  expect([...impact.signInSilently, ...impact.signInAsked].map(({ memberId }) => memberId)).toContain('tom');
});
