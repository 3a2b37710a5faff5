/** Whose mailboxes service mode covers: who may say so, what is refused, and what follows for those who come and go. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { changeCoverage } from '../../src/consent/coverage.ts';
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
