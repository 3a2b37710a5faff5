/** What owners and managers change without asking Microsoft, what is refused, and what the history says of it. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { changeOrganization, claimOrganization } from '../../src/consent/changeOrganization.ts';
import { assignRole } from '../../src/consent/people.ts';
import { refuse } from '../../src/domain/problems.ts';
import { AT_FIRST } from '../../src/domain/relevance.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import {
  type ConsentStory,
  MAIL,
  MAIL_AND_CALENDAR,
  MARA,
  OWEN,
  READ,
  TOM,
  openStories,
} from '../support/consentStory.ts';

const CHANGED = { kind: 'changed' };

const newStory = openStories();
let story: ConsentStory;

beforeEach(async () => {
  story = newStory();
});

const organization = () => story.ports.store.organization(story.tenantId);
const claim = (memberId: string, roles?: readonly string[]) =>
  claimOrganization(story.ports, story.as(memberId, roles));

describe('becoming the owner', () => {
  test('the first who administers the directory does', async () => {
    await story.opensThePage(OWEN);
    await story.history();

    expect(await claim(OWEN)).toEqual(CHANGED);
    expect(await story.history()).toEqual([[OWEN, 'organization.claimed', { role: 'owner' }]]);
    expect((await story.ports.store.member(story.tenantId, OWEN))?.productRole).toBe('owner');
  });

  test('needs a role in the directory, an organization that is known, and that there is none yet', async () => {
    const unknown = await claim(OWEN);
    await story.opensThePage(OWEN);
    await story.opensThePage(MARA);
    const withoutRole = await claim(MARA);
    await claim(OWEN);
    const again = await claim(OWEN);

    expect(unknown).toEqual(refuse('tenant_not_onboarded'));
    expect(withoutRole).toEqual(refuse('directory_role_required'));
    expect(again).toEqual(refuse('already_claimed'));
  });

  test('a manager is no owner: it can still be claimed', async () => {
    await story.begin(MARA);
    await assignRole(story.ports, story.as(OWEN), MARA, 'owner');
    await assignRole(story.ports, story.as(MARA), OWEN, 'manager');

    expect(await claim(OWEN)).toEqual(refuse('already_claimed'));
    await story.setMember(MARA, { product_role: null });
    expect(await claim(OWEN)).toEqual(CHANGED);
  });
});

describe('a change', () => {
  beforeEach(async () => {
    await story.begin(MARA, TOM);
    await story.history();
  });

  test('is refused to strangers, to people without a role, and on older settings', async () => {
    const stranger = newStory();
    const version = (await organization())?.version ?? 0;

    expect(await stranger.changes({ enabled: false })).toEqual(refuse('tenant_not_onboarded'));
    expect(await story.changes({ enabled: false }, MARA)).toEqual(refuse('product_role_required'));
    expect(await changeOrganization(story.ports, story.as(OWEN), { enabled: false }, version - 1)).toEqual(
      refuse('version_conflict'),
    );
    expect(await organization()).toMatchObject({ enabled: true, version });
    expect(await story.history()).toEqual([]);
  });

  test('of the switch stops everyone, and raises version and epoch', async () => {
    const before = await organization();
    const result = await story.changes({ enabled: false });

    expect(result).toEqual(CHANGED);
    expect(await organization()).toMatchObject({
      enabled: false,
      version: (before?.version ?? 0) + 1,
      epoch: (before?.epoch ?? 0) + 1,
    });
    expect(await story.reason(MARA)).toBe('integrationOff');
    expect(await story.history()).toEqual([[OWEN, 'organization.switched', { enabled: false }]]);
  });

  test('to what holds already says nothing in the history', async () => {
    await story.changes({ enabled: true });

    expect(await story.history()).toEqual([]);
  });

  test('of a pause tells until when, and of its end that it is over; one that has ended already is none', async () => {
    const until = new Date(story.now().getTime() + 60_000).toISOString();
    const paused = await story.changes({ pause: { until } });
    const resumed = await story.changes({ pause: null });
    const late = await story.changes({ pause: { until: story.now().toISOString() } });

    expect([paused, resumed, late]).toEqual([CHANGED, CHANGED, refuse('pause_over')]);
    expect(await story.history()).toEqual([
      [OWEN, 'organization.paused', { until }],
      [OWEN, 'organization.resumed', {}],
    ]);
  });

  test('of who may connect ends the connections of everyone else', async () => {
    await story.turnsOn(MARA, MAIL);
    await story.turnsOn(TOM, MAIL);
    await story.history();
    await story.changes({ access: { kind: 'people', memberIds: [MARA, OWEN] } });

    expect(await story.reason(MARA)).toBe('onByOwnChoice');
    expect(await story.reason(TOM)).toBe('notAllowed');
    expect(await story.history()).toEqual([[OWEN, 'organization.accessChanged', { kind: 'people', count: 2 }]]);
  });

  test('of several things together has a line for each', async () => {
    const relevance = { ...AT_FIRST, excludedDomains: ['quillworks.example'] };
    await story.changes({ enabled: false, access: { kind: 'everyone' }, relevance });

    expect((await organization())?.relevance.excludedDomains).toEqual(['quillworks.example']);
    expect((await story.history()).map(([, action]) => action)).toEqual([
      'organization.accessChanged',
      'organization.switched',
      'organization.relevanceChanged',
    ]);
  });

  test('wakes the mailboxes of everyone who has a connection', async () => {
    await story.turnsOn(MARA, MAIL);
    await story.database.kysely
      .updateTable('mailboxes')
      .set({ due_at: new Date('2027-11-21T09:00:00Z') })
      .where('tenant_id', '=', story.tenantId)
      .execute();
    await story.changes({ enabled: false });
    const due = await story.database.kysely
      .selectFrom('mailboxes')
      .select('mailbox_id')
      .where('tenant_id', '=', story.tenantId)
      .where('due_at', '<=', story.now())
      .execute();

    expect(due.map((row) => row.mailbox_id)).toContain(MARA);
  });
});

describe('what is synchronized, within the grant', () => {
  beforeEach(async () => {
    await story.begin(MARA);
    await story.decides(MAIL_AND_CALENDAR);
    await story.opensThePage(MARA);
    await story.history();
  });

  test('less than was granted is chosen at once', async () => {
    expect(await story.changes({ selection: MAIL })).toEqual(CHANGED);
    expect((await organization())?.selection).toEqual(MAIL);
    expect(await story.history()).toEqual([[OWEN, 'organization.selectionChanged', { scopes: ['Mail.Read'] }]]);
  });

  test.each([
    ['more than was granted', { ...MAIL, tasks: READ }, 'beyond_grant'],
    ['what is not offered', { ...MAIL, mail: { ...READ, act: 'send' as const } }, 'not_in_plan'],
  ] as const)('%s is not', async (_what, selection, code) => {
    expect(await story.changes({ selection })).toEqual(refuse(code));
    expect((await organization())?.selection).toEqual(MAIL_AND_CALENDAR);
  });

  test('cannot be chosen for everyone while people decide for themselves', async () => {
    await story.changes({ mode: 'individual' });

    expect(await story.changes({ selection: MAIL })).toEqual(refuse('beyond_grant'));
  });

  test('back to everyone alone: what they have not chosen is off, and the grant stays', async () => {
    expect(await story.reason(MARA)).toBe('onByAdministrator');
    expect(await story.changes({ mode: 'individual' })).toEqual(CHANGED);

    expect(await story.reason(MARA)).toBe('offByOwnChoice');
    expect(await organization()).toMatchObject({
      mode: 'individual',
      grant: { scopes: ['Mail.Read', 'Calendars.Read'] },
    });
    expect(await story.history()).toEqual([
      [OWEN, 'organization.modeChanged', { from: 'organization', to: 'individual' }],
    ]);
  });

  test('nothing at all is within every grant', async () => {
    expect(await story.changes({ selection: EMPTY_SELECTION })).toEqual(CHANGED);
    expect(await story.reason(MARA)).toBe('offByAdministrator');
  });
});

describe('two at once', () => {
  test('who change the same settings: one is told that they are older', async () => {
    await story.begin(MARA);
    await story.setMember(MARA, { product_role: 'manager' });
    story.recorded();
    const results = await Promise.all([
      story.changes({ enabled: false }),
      story.changes({ pause: { until: null } }, MARA),
    ]);

    const first = results.findIndex(({ kind }) => kind === 'changed');
    const asFirst = [
      { results: [CHANGED, refuse('version_conflict')], organization: { enabled: false, pause: null } },
      { results: [refuse('version_conflict'), CHANGED], organization: { enabled: true, pause: { until: null } } },
    ][first];

    expect(results).toEqual(asFirst?.results);
    expect(await organization()).toMatchObject(asFirst?.organization ?? {});
    expect(story.recorded()).toHaveLength(1);
  });

  test('who claim the organization: one becomes the owner', async () => {
    await story.opensThePage(OWEN);
    await story.opensThePage(MARA);
    const results = await Promise.all([claim(OWEN), claim(MARA, story.as(OWEN).directoryRoles)]);

    const owners = (await story.ports.store.roleHolders(story.tenantId)).map(({ memberId }) => memberId);
    const second = refuse('already_claimed');

    expect(results).toEqual(owners[0] === OWEN ? [CHANGED, second] : [second, CHANGED]);
    expect(owners).toHaveLength(1);
  });
});

describe('what a change reaches', () => {
  const GROUP = { kind: 'group', groupId: '7c2a9e10-0002-4c3d-8e5f-100000000001', name: 'Consultants' } as const;

  beforeEach(async () => {
    await story.begin(MARA, TOM);
    await story.turnsOn(MARA, MAIL);
    story.recorded();
  });

  test('of who may connect, by a group, has everyone looked at again, and ends no connection yet', async () => {
    await story.changes({ access: GROUP });
    const due = await story.ports.store.transact((writer) =>
      writer.connectionsToRenew(story.now(), new Date(story.now().getTime() + 60_000), 100),
    );

    expect(due.filter(({ tenantId }) => tenantId === story.tenantId).map(({ memberId }) => memberId)).toEqual(
      expect.arrayContaining([OWEN, MARA, TOM]),
    );
    expect(await story.ports.store.connection(story.tenantId, TOM)).toMatchObject({ status: 'live' });
    expect(await story.reason(MARA)).toBe('notAllowed');
    expect(story.recorded()).toEqual([
      {
        acts: [[OWEN, 'organization.accessChanged', null, { kind: 'group', count: null }]],
        tell: 'everyone',
        wake: 'everyone',
      },
    ]);
  });

  test('of a pause holds everyone, whatever they chose, and loses no choice', async () => {
    await story.changes({ pause: { until: null } });

    expect(await story.reason(MARA)).toBe('pausedByAdministrator');
    expect((await story.ports.store.member(story.tenantId, MARA))?.preference).toEqual(MAIL);
    expect(story.recorded()).toEqual([
      { acts: [[OWEN, 'organization.paused', null, { until: null }]], tell: 'everyone', wake: 'everyone' },
    ]);
  });

  test.each([
    ['someone without a role', MARA, []],
    ['an owner', OWEN, [['service']]],
  ])('of the way of access takes leave of Graph for %s as far as they may', async (_who, by, left) => {
    await story.covers({ kind: 'people', memberIds: [OWEN, MARA] });
    await story.decides(MAIL, 'service');
    await story.pass(5);
    const prepared: unknown[] = [];
    const unsubscriber = {
      prepare: (_tenantId: string, leaving: string) => {
        prepared.push([leaving]);
        return Promise.resolve(() => Promise.resolve());
      },
    };
    const version = (await organization())?.version ?? 0;
    await changeOrganization({ ...story.ports, unsubscriber }, story.as(by), { mode: 'individual' }, version);

    expect(prepared).toEqual(left);
  });

  test('of what is synchronized by the service is within what it reached', async () => {
    await story.covers({ kind: 'people', memberIds: [OWEN, MARA] });
    await story.decides(MAIL_AND_CALENDAR, 'service');
    await story.pass(5);

    expect(await story.changes({ selection: MAIL })).toEqual(CHANGED);
    expect(await story.changes({ selection: { ...MAIL, tasks: READ } })).toEqual(refuse('beyond_grant'));
    expect((await organization())?.selection).toEqual(MAIL);
  });
});
