/** Owners and managers, what people say of Microsoft's page, and whether they are asked to connect. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { assignRole, reportRefusal, respondToPrompt } from '../../src/consent/people.ts';
import { refuse } from '../../src/domain/problems.ts';
import type { ProductRole } from '../../src/domain/roles.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { type ConsentStory, MAIL, MARA, OWEN, TOM, openStories } from '../support/consentStory.ts';

const CHANGED = { kind: 'changed' };
const NEVER_SEEN = '7c2a9e10-0001-4c3d-8e5f-100000000009';

const newStory = openStories();
let story: ConsentStory;

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA, TOM);
  await story.history();
});

const member = (memberId: string) => story.ports.store.member(story.tenantId, memberId);
const assign = (by: string, to: string, role: ProductRole | null) => assignRole(story.ports, story.as(by), to, role);

describe('a product role', () => {
  test('is given and taken by an owner, and the history says from what to what', async () => {
    const given = await assign(OWEN, MARA, 'manager');
    const raised = await assign(OWEN, MARA, 'owner');
    const taken = await assign(MARA, OWEN, null);

    expect([given, raised, taken]).toEqual([CHANGED, CHANGED, CHANGED]);
    expect((await member(OWEN))?.productRole).toBeNull();
    expect(await story.history()).toEqual([
      [OWEN, 'organization.roleChanged', { from: null, to: 'manager' }],
      [OWEN, 'organization.roleChanged', { from: 'manager', to: 'owner' }],
      [MARA, 'organization.roleChanged', { from: 'owner', to: null }],
    ]);
  });

  test('that someone has already is no change', async () => {
    await assign(OWEN, MARA, 'manager');
    await story.history();

    expect(await assign(OWEN, MARA, 'manager')).toEqual(CHANGED);
    expect(await story.history()).toEqual([]);
  });

  test.each([
    ['a manager', 'manager'],
    ['someone without a role', null],
  ] as const)('is not %s to give', async (_who, role) => {
    await assign(OWEN, MARA, role);

    expect(await assign(MARA, TOM, 'manager')).toEqual(refuse('product_role_required'));
  });

  test('stays with the last owner', async () => {
    expect(await assign(OWEN, OWEN, 'manager')).toEqual(refuse('last_owner'));
    expect(await assign(OWEN, OWEN, null)).toEqual(refuse('last_owner'));
    expect(await assign(OWEN, OWEN, 'owner')).toEqual(CHANGED);
    expect((await member(OWEN))?.productRole).toBe('owner');
  });

  test.each(['known only from the directory', 'a guest', 'disabled', 'unknown'])(
    'is not for someone who is %s',
    async (what) => {
      const changes = { 'a guest': { is_guest: true }, disabled: { is_disabled: true } };
      const change = what === 'a guest' || what === 'disabled' ? changes[what] : { opened_at: null };
      await story.setMember(MARA, change);

      expect(await assign(OWEN, what === 'unknown' ? NEVER_SEEN : MARA, 'manager')).toEqual(refuse('not_found'));
    },
  );

  test('of someone who can act no more is taken all the same', async () => {
    await assign(OWEN, MARA, 'manager');
    await story.setMember(MARA, { is_disabled: true });

    expect(await assign(OWEN, MARA, null)).toEqual(CHANGED);
    expect((await member(MARA))?.productRole).toBeNull();
  });
});

describe('a refusal that someone met', () => {
  test('is remembered for the organization, by the permissions that were lacking', async () => {
    await reportRefusal(story.ports, story.as(MARA), MAIL);

    expect((await story.ports.store.organization(story.tenantId))?.userConsent.refused).toMatchObject([
      { scopes: ['Mail.Read'], source: 'said' },
    ]);
    expect(await story.history()).toEqual([[MARA, 'consent.reported', { scopes: ['Mail.Read'] }]]);
  });

  test.each([
    ['nothing that is lacking', EMPTY_SELECTION, MARA],
    ['someone who is not known', MAIL, NEVER_SEEN],
  ])('about %s is none', async (_what, selection, by) => {
    await reportRefusal(story.ports, story.as(by), selection);

    expect(await story.history()).toEqual([]);
  });

  test('about what one has been granted meanwhile is none', async () => {
    await story.turnsOn(MARA, MAIL);
    await story.history();
    await reportRefusal(story.ports, story.as(MARA), MAIL);

    expect(await story.history()).toEqual([]);
  });
});

describe('whether someone is asked to connect', () => {
  test('later is in three days', async () => {
    await respondToPrompt(story.ports, story.as(MARA), 'later');
    const after = new Date(story.now().getTime() + 3 * 86_400_000);

    expect((await member(MARA))?.prompt).toEqual({ state: 'later', after });
  });

  test('never is never, and of the others nothing is said', async () => {
    await respondToPrompt(story.ports, story.as(MARA), 'never');

    expect((await member(MARA))?.prompt).toEqual({ state: 'never', after: null });
    expect((await member(TOM))?.prompt).toEqual({ state: 'ask', after: null });
    expect(await story.history()).toEqual([]);
  });
});

describe('what is written', () => {
  test('of a role is told to everyone, and raises nothing that sync compares', async () => {
    const before = await story.epochs();
    story.recorded();
    await assign(OWEN, MARA, 'manager');

    expect(await story.epochs()).toEqual(before);
    expect(story.recorded()).toEqual([
      {
        acts: [[OWEN, 'organization.roleChanged', MARA, { from: null, to: 'manager' }]],
        tell: 'everyone',
        wake: [],
      },
    ]);
  });

  test('of a role that is refused is nothing', async () => {
    story.recorded();
    await assign(MARA, TOM, 'owner');
    await assign(OWEN, NEVER_SEEN, 'owner');
    await assign(OWEN, OWEN, null);

    expect([(await member(TOM))?.productRole, (await member(OWEN))?.productRole]).toEqual([null, 'owner']);
    expect(story.recorded()).toEqual([]);
  });

  test('of two owners who dismiss each other at once is one dismissal: an owner stays', async () => {
    await assign(OWEN, MARA, 'owner');
    const results = await Promise.all([assign(OWEN, MARA, null), assign(MARA, OWEN, null)]);

    const roles = [(await member(OWEN))?.productRole, (await member(MARA))?.productRole];
    const late = refuse('product_role_required');

    expect(results).toEqual(roles[0] === 'owner' ? [CHANGED, late] : [late, CHANGED]);
    expect(roles.filter((role) => role === 'owner')).toHaveLength(1);
  });

  test('of two owners who step back at once is one step: the last one stays', async () => {
    await assign(OWEN, MARA, 'owner');
    const results = await Promise.all([assign(OWEN, OWEN, null), assign(MARA, MARA, 'manager')]);

    const owenStays = (await member(OWEN))?.productRole === 'owner';
    const late = refuse('last_owner');

    expect(results).toEqual(owenStays ? [late, CHANGED] : [CHANGED, late]);
    expect((await member(MARA))?.productRole).toBe(owenStays ? 'manager' : 'owner');
  });

  test.each([
    ['a guest', { is_guest: true }],
    ['disabled', { is_disabled: true }],
    ['known only from the directory', { opened_at: null }],
  ])('of a role for someone who is %s is nothing, but it can be taken', async (_what, change) => {
    await assign(OWEN, MARA, 'manager');
    await story.setMember(MARA, change);

    expect(await assign(OWEN, MARA, 'owner')).toEqual(refuse('not_found'));
    expect(await assign(OWEN, MARA, null)).toEqual(CHANGED);
  });

  test('of what a person said is for everyone to see, and does not overtake what they began', async () => {
    const before = await story.epochs();
    story.recorded();
    await reportRefusal(story.ports, story.as(MARA), MAIL);

    expect(await story.epochs()).toEqual(before);
    expect(story.recorded()).toEqual([
      { acts: [[MARA, 'consent.reported', null, { scopes: ['Mail.Read'] }]], tell: 'everyone', wake: [] },
    ]);
  });

  test('of what a guest said, or was said where nobody is known, is nothing', async () => {
    const stranger = newStory();
    await story.setMember(MARA, { is_guest: true });
    story.recorded();
    await reportRefusal(story.ports, story.as(MARA), MAIL);
    await reportRefusal(stranger.ports, stranger.as(MARA), MAIL);

    expect((await story.ports.store.organization(story.tenantId))?.userConsent.refused).toEqual([]);
    expect([story.recorded(), stranger.recorded()]).toEqual([[], []]);
  });

  test('of an answer to being asked is told to their own screens alone', async () => {
    story.recorded();
    await respondToPrompt(story.ports, story.as(MARA), 'later');

    expect(story.recorded()).toEqual([{ acts: [], tell: [MARA], wake: [] }]);
  });
});
