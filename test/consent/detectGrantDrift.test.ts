/** What Microsoft's side does behind our back, how soon it is found, and what the history says of it. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { AccessTokenProvider } from '../../src/consent/accessTokens.ts';
import { detectGrantDrift, DriftCheckFailedError } from '../../src/consent/detectGrantDrift.ts';
import { type ConsentStory, MAIL, MAIL_AND_CALENDAR, MARA, OWEN, TOM, openStories } from '../support/consentStory.ts';

const newStory = openStories();
let story: ConsentStory;

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA, TOM);
});

const grant = async () => (await story.ports.store.organization(story.tenantId))?.grant;

describe('a grant for everyone', () => {
  beforeEach(async () => {
    await story.decides(MAIL_AND_CALENDAR);
    await story.opensThePage(MARA);
    await story.pass(16);
    await story.history();
  });

  test('that loses a permission is found within a quarter of an hour, and only what it carried stops', async () => {
    story.microsoft.takeBack(['Calendars.Read']);
    await story.pass(16);

    expect(await grant()).toMatchObject({ scopes: ['Mail.Read', 'Calendars.Read'], missing: ['Calendars.Read'] });
    expect(await story.reason(MARA)).toBe('onByAdministrator');
    expect(await story.reason(MARA, 'calendar')).toBe('consentRevoked');
    expect(await story.history()).toEqual([[null, 'grant.lost', { scopes: ['Calendars.Read'] }]]);
  });

  test('that is whole again is found as well', async () => {
    story.microsoft.takeBack(['Calendars.Read']);
    await story.pass(16);
    await story.history();
    story.microsoft.grantToEverybody(['Calendars.Read']);
    await story.pass(16);

    expect(await grant()).toMatchObject({ missing: [] });
    expect(await story.reason(MARA, 'calendar')).toBe('onByAdministrator');
    expect(await story.history()).toEqual([[null, 'grant.found', { scopes: ['Calendars.Read'] }]]);
  });

  test('is not taken for lost while Microsoft does not answer', async () => {
    story.microsoft.isDown = true;
    await story.pass(16);

    expect(await grant()).toMatchObject({ missing: [] });
    expect(await story.reason(MARA)).toBe('onByAdministrator');
    expect(await story.history()).toEqual([]);
  });
});

describe('a grant of their own', () => {
  beforeEach(async () => {
    await story.turnsOn(MARA, MAIL);
    await story.history();
  });

  test('that is taken back at Microsoft stops within the hour, and stays chosen', async () => {
    story.microsoft.takeBack(['Mail.Read']);
    for (let minutes = 0; minutes < 60; minutes += 5) {
      await story.pass(5);
    }

    expect(await story.reason(MARA)).toBe('consentRevoked');
    expect((await story.ports.store.member(story.tenantId, MARA))?.preference).toEqual(MAIL);
  });

  test('comes back with the next look when it is given again', async () => {
    story.microsoft.takeBack(['Mail.Read']);
    await story.pass(51);
    await story.opensThePage(MARA);
    const without = await story.reason(MARA);
    story.microsoft.grantTo(MARA, ['Mail.Read']);
    await story.pass(2);
    await story.opensThePage(MARA);

    expect(without).toBe('consentRevoked');
    expect(await story.reason(MARA)).toBe('onByOwnChoice');
  });
});

describe('an account', () => {
  test('that is disabled loses its connection, by the name that Entra has for it', async () => {
    await story.turnsOn(MARA, MAIL);
    await story.history();
    story.microsoft.disable(MARA);
    await story.pass(51);

    expect(await story.ports.store.connection(story.tenantId, MARA)).toMatchObject({ status: 'lost' });
    expect(await story.history()).toEqual([[null, 'connection.lost', { reason: 'accountDisabled' }]]);
  });

  test('whose sessions were ended signs in again by opening the page', async () => {
    await story.turnsOn(MARA, MAIL);
    story.microsoft.endSessions(MARA);
    await story.pass(51);
    const ended = await story.reason(MARA);
    await story.opensThePage(MARA);

    expect(ended).toBe('reauthenticate');
    expect(await story.reason(MARA)).toBe('onByOwnChoice');
  });
});

describe('service mode', () => {
  beforeEach(async () => {
    await story.covers({ kind: 'everyone' });
    await story.decides(MAIL_AND_CALENDAR, 'service');
    await story.pass(5);
    await story.history();
  });

  test('stops everyone when the application is reached by nothing more, and goes on when it is', async () => {
    const before = await story.reason(MARA);
    story.microsoft.takeBack(['Mail.Read', 'Calendars.Read']);
    await story.pass(6);
    const without = await story.reason(MARA);
    story.microsoft.grantToApplication();
    await story.pass(6);

    expect([before, without]).toEqual(['onByAdministrator', 'consentRevoked']);
    expect(await story.reason(MARA)).toBe('onByAdministrator');
    expect((await story.history()).map(([, action]) => action)).toEqual(['grant.lost', 'grant.found']);
  });

  test('needs no refresh tokens, and on the way back everyone signs in again', async () => {
    expect(await story.ports.vault.read(story.tenantId, OWEN)).toBeNull();
    await story.changes({ mode: 'individual' });
    const lost = await story.ports.store.connection(story.tenantId, MARA);
    await story.opensThePage(MARA);

    expect(lost).toMatchObject({ status: 'lost' });
    expect(await story.ports.store.connection(story.tenantId, MARA)).toMatchObject({ status: 'live' });
  });
});

describe('what is looked at', () => {
  /** Whose refresh tokens Entra is asked with; the worker looks at the organizations of other tests as well. */
  function asked(): string[] {
    const tokens: string[] = [];
    const { entra } = story.microsoft;
    const { refresh } = entra;
    entra.refresh = (...request) => {
      tokens.push(...(request[0] === story.tenantId ? request[1].split('/').slice(0, 1) : []));
      return refresh(...request);
    };
    return tokens;
  }

  const looksAgain = () => detectGrantDrift(story.ports, new AccessTokenProvider(story.ports));

  test('is a grant for everyone through one member, who had consented to none of it', async () => {
    await story.decides(MAIL);
    await story.database.kysely
      .updateTable('connections')
      .set({ personal_scopes: ['Mail.Read'] })
      .where('tenant_id', '=', story.tenantId)
      .where('member_id', 'in', [OWEN, TOM])
      .execute();
    await story.opensThePage(MARA);
    const tokens = asked();
    await story.pass(6);

    expect(tokens).toEqual([MARA]);
    expect((await grant())?.checkedAt).toEqual(story.now());
  });

  test('is no grant that was looked at within five minutes', async () => {
    await story.decides(MAIL);
    await story.pass(6);
    const tokens = asked();
    await story.pass(5);
    const early = [...tokens];
    await story.pass(1);

    expect(early).toEqual([]);
    expect(tokens).toHaveLength(1);
  });

  test('is noted before the answer comes, so that what fails is not repeated at once', async () => {
    await story.decides(MAIL);
    story.microsoft.entra.refresh = () => Promise.reject(new Error('The network card is on fire'));
    const failed = await story.pass(6).catch((error: unknown) => error);
    const after = (await grant())?.checkedAt;
    const tokens = asked();
    await looksAgain();

    expect(failed).toBeInstanceOf(DriftCheckFailedError);
    expect(failed).toMatchObject({ code: 'drift_check_failed', cause: new Error('The network card is on fire') });
    expect(after).toEqual(story.now());
    expect(tokens).toEqual([]);
  });

  test('is noted, and asks no one, where no one is connected', async () => {
    await story.decides(MAIL);
    await story.database.kysely
      .updateTable('connections')
      .set({ status: 'lost', credential: null })
      .where('tenant_id', '=', story.tenantId)
      .execute();
    const tokens = asked();
    await story.pass(6);

    expect(tokens).toEqual([]);
    expect((await grant())?.checkedAt).toEqual(story.now());
  });

  test('goes on with the others where one look fails', async () => {
    await story.turnsOn(MARA, MAIL);
    await story.turnsOn(TOM, MAIL);
    story.microsoft.takeBack(['Mail.Read']);
    const { refresh } = story.microsoft.entra;
    story.microsoft.entra.refresh = (...request) =>
      request[1].startsWith(TOM) ? Promise.reject(new Error('The network card is on fire')) : refresh(...request);

    await expect(story.pass(61)).rejects.toThrow('could not be looked at');
    expect(await story.reason(MARA)).toBe('consentRevoked');
    expect(await story.reason(TOM)).toBe('onByOwnChoice');
  });

  test('forgets consents after thirty days, and not before', async () => {
    const id = await story.asksForEveryone(OWEN, { selection: MAIL });
    await story.pass(30 * 24 * 60 - 1);
    const before = await story.consent(id);
    await story.pass(24 * 60);

    expect(before).not.toBeNull();
    expect(await story.consent(id)).toBeNull();
  });
});

describe('probes of service mode', () => {
  const service = async () => (await story.ports.store.organization(story.tenantId))?.service;

  beforeEach(async () => {
    await story.covers({ kind: 'people', memberIds: [MARA] });
    await story.decides(MAIL_AND_CALENDAR, 'service');
    await story.pass(6);
    story.recorded();
  });

  test.each([
    ['what is not reached any more', ['Calendars.Read'], 'grant.lost', ['mail']],
    ['that nothing is reached', ['Mail.Read', 'Calendars.Read'], 'grant.lost', []],
  ] as const)('find %s, and tell everyone', async (_what, scopes, action, reached) => {
    const before = await story.ports.store.organization(story.tenantId);
    story.microsoft.takeBack(scopes);
    await story.pass(6);

    expect(await service()).toMatchObject({ state: 'failed', reached, checkedAt: story.now().toISOString() });
    expect((await story.ports.store.organization(story.tenantId))?.epoch).toBe((before?.epoch ?? 0) + 1);
    expect(story.recorded()).toEqual([
      {
        acts: [[null, action, null, { mode: 'service', scopes: reached, canary: 'notNamed' }]],
        tell: 'everyone',
        wake: 'everyone',
      },
    ]);
  });

  test('that find the same are noted only', async () => {
    const before = await story.epochs();
    await story.pass(6);

    expect(await service()).toMatchObject({
      checkedAt: story.now().toISOString(),
      attemptedAt: story.now().toISOString(),
    });
    expect(await story.epochs()).toEqual(before);
    expect(story.recorded()).toEqual([]);
  });

  test('without an answer are an attempt, which found nothing out', async () => {
    const before = await service();
    story.microsoft.isDown = true;
    await story.pass(6);

    expect(await service()).toEqual({ ...before, attemptedAt: story.now().toISOString() });
    expect(story.recorded()).toEqual([]);
  });

  test.each([
    ['the settings were changed', () => story.changes({ selection: MAIL }), 'service'],
    ['the mode was', () => story.changes({ mode: 'individual' }), 'individual'],
  ] as const)('write nothing where %s while they were made', async (_what, meanwhile, mode) => {
    const before = await service();
    const { probe } = story.microsoft.directory;
    story.microsoft.takeBack(['Mail.Read']);
    story.microsoft.directory.probe = async (...question) => {
      story.microsoft.directory.probe = probe;
      await meanwhile();
      return probe(...question);
    };
    await story.pass(6);

    expect(await service()).toEqual({ ...before, attemptedAt: story.now().toISOString() });
    expect((await story.ports.store.organization(story.tenantId))?.mode).toBe(mode);
    expect((await story.history()).map(([, action]) => action)).not.toContain('grant.lost');
  });
});
