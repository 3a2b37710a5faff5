/** Whose mailboxes service mode covers: who may say so, what is refused, and what follows for those who come and go. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { changeCoverage, refreshCoverage } from '../../src/consent/coverage.ts';
import { refuse } from '../../src/domain/problems.ts';
import { type ConsentStory, MAIL, MARA, OWEN, TOM, openStories } from '../support/consentStory.ts';

const CHANGED = { kind: 'changed' };

const newStory = openStories();
let story: ConsentStory;

beforeEach(async () => {
  story = newStory();
  await story.begin();
  await story.history();
});

const statusOf = async (memberId: string) =>
  (await story.ports.store.connection(story.tenantId, memberId))?.status ?? 'none';

test('is for owners and managers to say', async () => {
  const stranger = newStory();
  await story.opensThePage(MARA);
  await story.history();
  const change = { coverage: { kind: 'everyone' }, canaryId: null, people: [] } as const;

  expect(await stranger.covers({ kind: 'everyone' })).toEqual(refuse('tenant_not_onboarded'));
  expect(await changeCoverage(story.ports, story.as(MARA), change)).toEqual(refuse('product_role_required'));
  expect(await story.history()).toEqual([]);
});

test('is told with the number of people, and whether there is a canary', async () => {
  expect(await story.covers({ kind: 'people', memberIds: [OWEN, MARA] }, TOM)).toEqual(CHANGED);
  expect(await story.covers({ kind: 'everyone' })).toEqual(CHANGED);
  expect(await story.history()).toEqual([
    [OWEN, 'organization.coverageChanged', { kind: 'people', count: 2, canary: true }],
    [OWEN, 'organization.coverageChanged', { kind: 'everyone', count: null, canary: false }],
  ]);
});

test('by everyone makes people known who have never opened the page', async () => {
  const before = await story.ports.store.member(story.tenantId, TOM);
  await story.covers({ kind: 'everyone' });

  expect(before).toBeNull();
  expect(await story.ports.store.member(story.tenantId, TOM)).toMatchObject({ openedAt: null });
  expect(await story.ports.store.countPeopleIn(story.tenantId, { kind: 'everyone' })).toBe(3);
});

describe('once service mode is on', () => {
  beforeEach(async () => {
    await story.opensThePage(MARA);
    await story.covers({ kind: 'people', memberIds: [OWEN] });
    await story.decides(MAIL, 'service');
    await story.pass(5);
  });

  test('who is covered is synchronized without ever having opened the page, and who is not, is not', async () => {
    expect(await story.reason(OWEN)).toBe('onByAdministrator');
    expect(await story.reason(MARA)).toBe('notCovered');
    await story.covers({ kind: 'everyone' });

    expect(await story.reason(MARA)).toBe('onByAdministrator');
    expect(await statusOf(TOM)).toBe('live');
    expect(await story.reason(TOM)).toBe('onByAdministrator');
  });

  test('who is covered no longer stops', async () => {
    await story.covers({ kind: 'everyone' });
    await story.covers({ kind: 'people', memberIds: [OWEN] });

    expect(await story.reason(TOM)).toBe('notCovered');
    expect(await story.reason(OWEN)).toBe('onByAdministrator');
  });

  test('a list that Microsoft does not give leaves everyone as they were', async () => {
    await story.covers({ kind: 'everyone' });
    story.microsoft.isDown = true;
    await story.covers({ kind: 'everyone' });

    expect(await story.reason(TOM)).toBe('onByAdministrator');
  });
});

describe('a group', () => {
  const GROUP = { kind: 'group', groupId: '7c2a9e10-0002-4c3d-8e5f-100000000001', name: 'Consultants' } as const;
  const OTHER = { ...GROUP, groupId: '7c2a9e10-0002-4c3d-8e5f-100000000002' };
  const covered = async () => (await story.ports.store.peopleIn(story.tenantId, GROUP)).toSorted();
  const organization = () => story.ports.store.organization(story.tenantId);
  let asked: string[];

  /** Who the directory says is in the group, or that it does not say. */
  function holds(...memberIds: readonly string[]): void {
    story.microsoft.directory.peopleOfGroup = (_token, groupId) => {
      asked.push(groupId);
      return Promise.resolve({ kind: 'ok', value: memberIds.map((memberId) => ({ memberId, name: null })) });
    };
  }

  beforeEach(async () => {
    asked = [];
    holds(MARA, TOM);
    story.recorded();
  });

  test('is told by its kind, and read as soon as it is chosen', async () => {
    expect(await story.covers(GROUP)).toEqual(CHANGED);
    expect(asked).toEqual([GROUP.groupId]);
    expect(await covered()).toEqual([MARA, TOM]);
    expect(story.recorded()).toEqual([
      {
        acts: [[OWEN, 'organization.coverageChanged', null, { kind: 'group', count: null, canary: false }]],
        tell: 'everyone',
        wake: [],
      },
    ]);
  });

  test.each([
    ['the directory refuses', () => Promise.resolve({ kind: 'refused' } as const)],
    ['the directory does not answer', () => Promise.resolve({ kind: 'unavailable' } as const)],
  ])('stays as it was found where %s', async (_what, answer) => {
    await story.covers(GROUP);
    story.microsoft.directory.peopleOfGroup = answer;
    await refreshCoverage(story.ports, story.tenantId);

    expect(await covered()).toEqual([MARA, TOM]);
  });

  test('is not read without a token of the application, nor where there is no registration for one', async () => {
    const { entra } = story.ports;
    await story.covers(GROUP);
    const before = asked.length;
    await refreshCoverage({ ...story.ports, entra: { ...entra, offersService: false } }, story.tenantId);
    entra.applicationToken = () => Promise.resolve({ kind: 'unavailable' });
    await refreshCoverage(story.ports, story.tenantId);

    expect([before, asked.length]).toEqual([1, 1]);
  });

  test('whose list comes after another choice changes nothing', async () => {
    await story.covers(GROUP);
    await story.covers(OTHER);
    story.microsoft.directory.peopleOfGroup = async (_token, groupId) => {
      if (groupId === OTHER.groupId) {
        await story.database.kysely
          .updateTable('organizations')
          .set({ coverage: JSON.stringify(GROUP) })
          .where('tenant_id', '=', story.tenantId)
          .execute();
      }
      return { kind: 'ok', value: [{ memberId: OWEN, name: null }] };
    };
    story.recorded();
    await refreshCoverage(story.ports, story.tenantId);

    expect(await covered()).toEqual([MARA, TOM]);
    expect((await story.ports.store.peopleIn(story.tenantId, OTHER)).toSorted()).toEqual([MARA, TOM]);
    expect(story.recorded()).toEqual([]);
  });

  describe('in service mode', () => {
    beforeEach(async () => {
      await story.covers(GROUP);
      await story.decides(MAIL, 'service');
      await story.pass(5);
      story.recorded();
    });

    test('is read again with every probe: who comes is connected, who goes stops', async () => {
      const before = await organization();
      holds(OWEN, TOM);
      await refreshCoverage(story.ports, story.tenantId);

      expect([await story.reason(OWEN), await story.reason(MARA), await story.reason(TOM)]).toEqual([
        'onByAdministrator',
        'notCovered',
        'onByAdministrator',
      ]);
      expect(await statusOf(OWEN)).toBe('live');
      expect((await organization())?.epoch).toBe((before?.epoch ?? 0) + 1);
      expect(story.recorded()).toEqual([
        { acts: [], tell: [], wake: [OWEN] },
        { acts: [], tell: 'everyone', wake: 'everyone' },
      ]);
    });

    test('that only loses someone stops them as well', async () => {
      holds(TOM);
      await refreshCoverage(story.ports, story.tenantId);

      expect(await story.reason(MARA)).toBe('notCovered');
      expect(story.recorded()).toContainEqual({ acts: [], tell: 'everyone', wake: 'everyone' });
    });

    test('that is as it was is told to no one, and raises nothing', async () => {
      const before = await story.epochs();
      await refreshCoverage(story.ports, story.tenantId);

      expect(await story.epochs()).toEqual(before);
      expect(story.recorded()).toEqual([]);
    });
  });
});

test('chosen people who never opened Assent become known by their names, and no directory is read', async () => {
  let reads = 0;
  story.microsoft.directory.everyone = () => {
    reads += 1;
    return Promise.resolve({ kind: 'unavailable' });
  };
  const people = [{ memberId: TOM, name: 'Tom Whitaker' }];
  const change = { coverage: { kind: 'people', memberIds: [TOM] }, canaryId: null, people } as const;

  expect(await changeCoverage(story.ports, story.as(OWEN), change)).toEqual(CHANGED);
  expect(await story.ports.store.member(story.tenantId, TOM)).toMatchObject({ name: 'Tom Whitaker', openedAt: null });
  expect(reads).toBe(0);
});
