/** A member turns categories on and off: what asks Microsoft first, what is applied at once, and what is refused. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { changeSync, mustAsk } from '../../src/consent/changeSync.ts';
import { OFF } from '../../src/domain/levels.ts';
import { refuse } from '../../src/domain/problems.ts';
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

const APPLIED = { kind: 'applied', receiptIds: [] };
const HEADERS = { ...READ, sync: 'limited' } as const;

const newStory = openStories();
let story: ConsentStory;

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA, TOM);
  await story.history();
});

const preference = async () => (await story.ports.store.member(story.tenantId, MARA))?.preference;

describe('turning something on', () => {
  test('for the first time asks Microsoft, and applies nothing before it agrees', async () => {
    const result = await story.changesSync(MARA, { selection: { mail: READ } });
    const before = await preference();
    await story.accepts(result.kind === 'consentRequired' ? result.consent.id : '', MARA);

    expect(result).toMatchObject({ kind: 'consentRequired', consent: { kind: 'begun' } });
    expect(before).toEqual(EMPTY_SELECTION);
    expect(await preference()).toEqual(MAIL);
    expect(await story.reason(MARA)).toBe('onByOwnChoice');
    expect((await story.history()).map(([, action]) => action)).toEqual([
      'consent.started',
      'consent.verified',
      'sync.changed',
    ]);
  });

  test('asks for what is on already together with it, so that no grant is lost', async () => {
    await story.turnsOn(MARA, MAIL);
    await story.turnsOn(MARA, { calendar: READ });

    expect(await preference()).toEqual(MAIL_AND_CALENDAR);
    expect(await story.reason(MARA)).toBe('onByOwnChoice');
  });

  test('that was granted before does not ask Microsoft again', async () => {
    await story.turnsOn(MARA, MAIL);
    await story.changesSync(MARA, { selection: { mail: OFF } });
    await story.history();

    expect(await mustAsk(story.ports, story.as(MARA), { selection: { mail: READ }, erase: [] })).toBe(false);
    expect(await story.changesSync(MARA, { selection: { mail: READ } })).toEqual(APPLIED);
    expect(await story.history()).toEqual([[MARA, 'sync.changed', { mail: READ }]]);
  });

  test('at a lower level is within what was granted', async () => {
    await story.turnsOn(MARA, MAIL);

    expect(await story.changesSync(MARA, { selection: { mail: HEADERS } })).toEqual(APPLIED);
    expect((await preference())?.mail).toEqual(HEADERS);
  });

  test('whose question is refused changes nothing', async () => {
    const result = await story.changesSync(MARA, { selection: { mail: READ } });
    const id = result.kind === 'consentRequired' ? result.consent.id : '';
    await story.isRefused(id, 65004);

    expect(await story.consent(id)).toEqual({ state: 'refused', reason: 'declined' });
    expect(await preference()).toEqual(EMPTY_SELECTION);
  });

  test('overtakes an earlier question of the same person only', async () => {
    await story.turnsOn(MARA, MAIL);
    const older = await story.changesSync(MARA, { selection: { calendar: READ } });
    const others = await story.changesSync(TOM, { selection: { mail: READ } });
    await story.changesSync(MARA, { selection: { mail: HEADERS } });

    expect(await story.consent(older.kind === 'consentRequired' ? older.consent.id : '')).toEqual({
      state: 'refused',
      reason: 'superseded',
    });
    expect(await story.consent(others.kind === 'consentRequired' ? others.consent.id : '')).toEqual({
      state: 'started',
      reason: null,
    });
  });
});

describe('turning something off', () => {
  test('stops it at once, and keeps what was stored', async () => {
    await story.turnsOn(MARA, MAIL);
    await story.history();

    expect(await story.changesSync(MARA, { selection: { mail: OFF } })).toEqual(APPLIED);
    expect(await story.reason(MARA)).toBe('offByOwnChoice');
    expect(await story.history()).toEqual([[MARA, 'sync.changed', { mail: OFF }]]);
  });

  test('with everything erased answers with a receipt', async () => {
    await story.turnsOn(MARA, MAIL);
    await story.history();
    const result = await story.changesSync(MARA, { selection: { mail: OFF }, erase: ['mail'] });

    expect(result).toEqual({ kind: 'applied', receiptIds: [expect.stringMatching(/^[0-9a-f-]{36}$/)] });
    expect(await story.history()).toEqual([
      [MARA, 'sync.changed', { mail: OFF }],
      [MARA, 'data.eraseStarted', { categories: ['mail'] }],
    ]);
  });

  test('that is off already says nothing', async () => {
    expect(await story.changesSync(MARA, { selection: { mail: OFF } })).toEqual(APPLIED);
    expect(await story.history()).toEqual([]);
  });
});

describe('a pause', () => {
  const until = '2026-11-21T12:00:00.000Z';

  test('holds what is on until its time, and ends by itself', async () => {
    await story.turnsOn(MARA, MAIL);
    await story.history();
    await story.changesSync(MARA, { pauses: { mail: { until } } });
    const during = await story.reason(MARA);
    await story.pass(181);

    expect(during).toBe('paused');
    expect(await story.reason(MARA)).toBe('onByOwnChoice');
    expect(await story.history()).toEqual([[MARA, 'sync.paused', { category: 'mail', until }]]);
  });

  test('is over when the category is turned off, and does not come back with it', async () => {
    await story.turnsOn(MARA, MAIL);
    await story.changesSync(MARA, { pauses: { mail: { until: null } } });
    await story.changesSync(MARA, { selection: { mail: OFF } });
    await story.changesSync(MARA, { selection: { mail: READ } });

    expect(await story.reason(MARA)).toBe('onByOwnChoice');
  });

  test('that is over already is refused', async () => {
    await story.turnsOn(MARA, MAIL);
    const past = story.now().toISOString();

    expect(await story.changesSync(MARA, { pauses: { mail: { until: past } } })).toEqual(refuse('pause_over'));
  });
});

describe('what is refused', () => {
  test.each([
    ['what is not in the plan', { selection: { mail: { ...READ, act: 'send' as const } } }, 'not_in_plan'],
    ['a level that the category does not have', { selection: { contacts: HEADERS } }, 'not_in_plan'],
  ] as const)('%s', async (_what, change, code) => {
    expect(await story.changesSync(MARA, change)).toEqual(refuse(code));
  });

  test('anything where an administrator decides, but for a pause', async () => {
    await story.decides(MAIL);
    await story.opensThePage(MARA);

    expect(await story.changesSync(MARA, { selection: { mail: OFF } })).toEqual(refuse('controlled_by_administrator'));
  });

  test('turning on for those who may not connect; turning off is theirs', async () => {
    await story.turnsOn(TOM, MAIL);
    await story.changes({ access: { kind: 'people', memberIds: [OWEN, MARA] } });

    expect(await story.changesSync(TOM, { selection: { calendar: READ } })).toEqual(refuse('not_allowed_to_connect'));
    expect(await story.changesSync(TOM, { selection: { mail: OFF } })).toEqual(APPLIED);
  });

  test('everything for people of an organization that is not known', async () => {
    const stranger = newStory();

    expect(await stranger.changesSync(MARA, { selection: { mail: READ } })).toEqual(refuse('tenant_not_onboarded'));
  });
});

describe('what is written', () => {
  const until = '2026-11-21T12:00:00.000Z';

  beforeEach(async () => {
    await story.turnsOn(MARA, MAIL_AND_CALENDAR);
    story.recorded();
  });

  test('of several things together has a line for each, in one change, for that member alone', async () => {
    const before = await story.epochs();
    await story.changesSync(MARA, {
      selection: { calendar: OFF },
      erase: ['calendar', 'mail'],
      pauses: { mail: { until } },
    });

    expect(await story.epochs()).toEqual({ ...before, [MARA]: 3 });
    expect(await story.erasing()).toEqual(['calendar']);
    expect(story.recorded()).toEqual([
      {
        acts: [
          [MARA, 'sync.changed', MARA, { calendar: OFF }],
          [MARA, 'sync.paused', MARA, { category: 'mail', until }],
        ],
        tell: [MARA],
        wake: [MARA],
      },
      {
        acts: [[MARA, 'data.eraseStarted', expect.any(String), { categories: ['calendar'] }]],
        tell: [],
        wake: [],
      },
    ]);
  });

  test.each([
    ['what is so already', { selection: MAIL_AND_CALENDAR }],
    ['a pause of what is off', { pauses: { tasks: { until } } }],
    ['an end of a pause that is none', { pauses: { mail: null } }],
    ['erasing what is on', { erase: ['mail' as const] }],
  ])('of %s is nothing', async (_what, change) => {
    const before = await story.epochs();

    expect(await story.changesSync(MARA, change)).toEqual(APPLIED);
    expect(await story.epochs()).toEqual(before);
    expect([await story.erasing(), story.recorded()]).toEqual([[], []]);
  });

  test('of a pause that ends is that it is over', async () => {
    await story.changesSync(MARA, { pauses: { mail: { until: null } } });
    story.recorded();
    await story.changesSync(MARA, { pauses: { mail: null } });

    expect(await story.reason(MARA)).toBe('onByOwnChoice');
    expect(story.recorded()).toEqual([
      { acts: [[MARA, 'sync.resumed', MARA, { category: 'mail' }]], tell: [MARA], wake: [MARA] },
    ]);
  });

  test('of a pause stays with what is on at another level', async () => {
    await story.changesSync(MARA, { pauses: { mail: { until } } });
    await story.changesSync(MARA, { selection: { mail: HEADERS } });

    expect(await story.reason(MARA)).toBe('paused');
  });
});

describe('a change that meets a decision', () => {
  test('of an administrator, made between the look and the writing, is refused', async () => {
    await story.turnsOn(MARA, MAIL);
    const { store } = story.ports;
    const ports = {
      ...story.ports,
      store: {
        ...store,
        transact: async <T>(work: Parameters<typeof store.transact<T>>[0]) => {
          await store.transact((writer) => writer.changeOrganization(story.tenantId, { mode: 'organization' }));
          story.recorded();
          return store.transact(work);
        },
      },
    };

    expect(await changeSync(ports, story.as(MARA), { selection: { mail: OFF }, erase: ['mail'] })).toEqual(
      refuse('controlled_by_administrator'),
    );
    expect(await preference()).toEqual(MAIL);
    expect([await story.erasing(), story.recorded()]).toEqual([[], []]);
  });

  test('of a guest is refused, whatever it is', async () => {
    await story.setMember(MARA, { is_guest: true });
    story.recorded();

    expect(await story.changesSync(MARA, { selection: { mail: OFF } })).toEqual(refuse('guest_has_no_mailbox'));
    expect(story.recorded()).toEqual([]);
  });

  test('of the switch is refused, also where it only pauses', async () => {
    await story.turnsOn(MARA, MAIL);
    await story.changes({ enabled: false });

    expect(await story.changesSync(MARA, { pauses: { mail: { until: null } } })).toEqual(
      refuse('controlled_by_administrator'),
    );
  });
});

test.each([
  ['what was not granted', { calendar: READ }, true],
  ['more of what was granted', { mail: READ, calendar: READ }, true],
  ['what was granted', { mail: READ }, false],
  ['an end', { mail: OFF }, false],
])('Microsoft has to be asked for %s: %j, %j', async (_what, selection, must) => {
  await story.turnsOn(MARA, MAIL);

  expect(await mustAsk(story.ports, story.as(MARA), { selection, erase: [] })).toBe(must);
});

test('Microsoft has to be asked again after the connection was lost, and of a stranger nothing is known', async () => {
  await story.turnsOn(MARA, MAIL);
  await story.ports.store.transact((writer) => writer.loseConnection(story.tenantId, MARA, 'signInAgain'));
  const change = { selection: { mail: READ }, erase: [] };

  expect(await mustAsk(story.ports, story.as(MARA), change)).toBe(true);
  expect(await mustAsk(newStory().ports, story.as('7c2a9e10-0001-4c3d-8e5f-100000000009'), change)).toBe(false);
});
