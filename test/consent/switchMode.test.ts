/** What follows from a change of mode: what is taken leave of, which connections stay, and what the history says. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { destroyCredentials, prepareLeave } from '../../src/consent/switchMode.ts';
import type { Mode } from '../../src/domain/mode.ts';
import type { Organization } from '../../src/domain/records.ts';
import { aConsentStore } from '../support/aConsentStore.ts';
import { type ConsentStory, MAIL, MAIL_AND_CALENDAR, MARA, OWEN, TOM, openStories } from '../support/consentStory.ts';
import { HARBOR_REED } from '../support/storedRecords.ts';

describe('taking leave of Graph', () => {
  let happened: unknown[];
  let organization: Organization | null;

  beforeEach(() => {
    happened = [];
  });

  const leave = (to: Mode) =>
    prepareLeave(
      {
        store: aConsentStore({ organization: () => Promise.resolve(organization) }),
        unsubscriber: {
          prepare: (...of) => {
            happened.push(of);
            return Promise.resolve(() => {
              happened.push('left');
              return Promise.resolve();
            });
          },
        },
      },
      'tenant',
      to,
    );

  test.each([
    ['individual', 'service'],
    ['organization', 'service'],
    ['service', 'individual'],
    ['service', 'organization'],
  ] as const)('from %s to %s is prepared before the change, and done after it', async (from, to) => {
    organization = { ...HARBOR_REED, mode: from };
    const unsubscribe = await leave(to);
    const prepared = [...happened];
    organization = { ...HARBOR_REED, mode: to };
    await unsubscribe();

    expect(prepared).toEqual([['tenant', from]]);
    expect(happened).toEqual([['tenant', from], 'left']);
  });

  test.each([
    ['individual', 'individual'],
    ['individual', 'organization'],
    ['organization', 'individual'],
    ['service', 'service'],
  ] as const)('from %s to %s is not needed: the tokens serve on', async (from, to) => {
    organization = { ...HARBOR_REED, mode: from };
    await (
      await leave(to)
    )();

    expect(happened).toEqual([]);
  });

  test('is not done where the change did not come about', async () => {
    organization = { ...HARBOR_REED, mode: 'individual' };
    await (
      await leave('service')
    )();

    expect(happened).toEqual([['tenant', 'individual']]);
  });

  test('is not needed by an organization that is not known', async () => {
    organization = null;
    await (
      await leave('service')
    )();

    expect(happened).toEqual([]);
  });
});

test('the credentials that went are destroyed one by one, and no others', async () => {
  const destroyed: unknown[] = [];
  const vault = {
    seal: () => Promise.reject(new Error('Nothing is sealed')),
    read: () => Promise.reject(new Error('Nothing is read')),
    destroy: (...of: readonly string[]) => {
      destroyed.push(of);
      return Promise.resolve();
    },
  };
  await destroyCredentials({ vault }, 'tenant', []);
  await destroyCredentials({ vault }, 'tenant', ['mara', 'tom']);

  expect(destroyed).toEqual([
    ['tenant', 'mara'],
    ['tenant', 'tom'],
  ]);
});

describe('a change of mode', () => {
  const newStory = openStories();
  let story: ConsentStory;

  beforeEach(async () => {
    story = newStory();
    await story.begin(MARA, TOM);
    await story.turnsOn(MARA, MAIL);
    await story.covers({ kind: 'people', memberIds: [OWEN, MARA] });
    story.recorded();
  });

  const connectionOf = async (memberId: string) => {
    const connection = await story.ports.store.connection(story.tenantId, memberId);
    const { status, lostReason, hasCredential } = connection ?? {};
    return { status, lostReason, hasCredential };
  };
  const switched = () =>
    story.recorded().filter((change) => JSON.stringify(change).includes('organization.modeChanged'));

  test('to everyone keeps every connection and its refresh token', async () => {
    const before = await story.ports.vault.read(story.tenantId, MARA);
    await story.decides(MAIL_AND_CALENDAR);

    expect(await story.ports.vault.read(story.tenantId, MARA)).toBe(before);
    expect(await connectionOf(MARA)).toEqual({ status: 'live', lostReason: null, hasCredential: true });
    expect(switched()).toEqual([
      {
        acts: [[OWEN, 'organization.modeChanged', expect.any(String), { from: 'individual', to: 'organization' }]],
        tell: 'everyone',
        wake: 'everyone',
      },
    ]);
  });

  test('to the service takes all refresh tokens, and loses no connection', async () => {
    await story.decides(MAIL, 'service');
    await story.pass(5);

    expect([await connectionOf(OWEN), await connectionOf(MARA), await connectionOf(TOM)]).toEqual([
      { status: 'live', lostReason: null, hasCredential: false },
      { status: 'live', lostReason: null, hasCredential: false },
      { status: 'live', lostReason: null, hasCredential: false },
    ]);
    expect(await story.ports.vault.read(story.tenantId, MARA)).toBeNull();
    expect(await story.ports.vault.read(story.tenantId, TOM)).toBeNull();
    expect(switched()).toEqual([
      {
        acts: [[OWEN, 'organization.modeChanged', expect.any(String), { from: 'individual', to: 'service' }]],
        tell: 'everyone',
        wake: 'everyone',
      },
    ]);
  });

  test('back from the service loses who has no refresh token, for want of a sign-in', async () => {
    await story.decides(MAIL, 'service');
    await story.pass(5);
    story.recorded();
    const before = await story.epochs();
    await story.changes({ mode: 'individual' });

    expect(await connectionOf(MARA)).toEqual({ status: 'lost', lostReason: 'signInAgain', hasCredential: false });
    expect(await connectionOf(TOM)).toEqual({ status: 'lost', lostReason: 'signInAgain', hasCredential: false });
    expect(before).not.toEqual(await story.epochs());
    expect(story.recorded()).toEqual([
      {
        acts: [[OWEN, 'organization.modeChanged', null, { from: 'service', to: 'individual' }]],
        tell: 'everyone',
        wake: 'everyone',
      },
      { acts: [], tell: 'everyone', wake: 'everyone' },
    ]);
  });

  test.each([
    ['chosen', () => story.changes({ mode: 'individual' })],
    ['decided', () => story.decides(MAIL)],
  ])('to the mode that holds already, %s again, says nothing in the history and loses no one', async (how, again) => {
    if (how === 'decided') {
      await story.decides(MAIL);
    }
    story.recorded();
    await again();

    expect(await connectionOf(MARA)).toEqual({ status: 'live', lostReason: null, hasCredential: true });
    expect(switched()).toEqual([]);
  });
});
