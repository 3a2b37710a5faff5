/** What Microsoft's side does behind our back, how soon it is found, and what the history says of it. */
import { beforeEach, describe, expect, test } from '@jest/globals';
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
