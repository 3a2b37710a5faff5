/** What an administrator's permission for a moment is used for, and that it does not stay. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ConsentRequest } from '../../src/domain/records.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { type ConsentStory, MAIL, MAIL_AND_CALENDAR, MARA, OWEN, openStories } from '../support/consentStory.ts';

const MANAGING = 'DelegatedPermissionGrant.ReadWrite.All';

const newStory = openStories();
let story: ConsentStory;

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA);
  await story.decides(MAIL_AND_CALENDAR);
  await story.opensThePage(MARA);
  await story.history();
});

const organization = () => story.ports.store.organization(story.tenantId);
const scopesOf = (memberId: string) => story.microsoft.liveScopes(memberId) ?? [];

async function use(purpose: ConsentRequest['purpose'], selection = EMPTY_SELECTION): Promise<string> {
  const id = await story.asksForEveryone(OWEN, { purpose, selection });
  await story.accepts(id, OWEN);
  return id;
}

describe('narrowing', () => {
  test('leaves at Microsoft what is used, gives the permission back, and is told in the history', async () => {
    await story.changes({ selection: MAIL });
    await story.history();
    const id = await use('narrowGrant', MAIL);
    const early = await story.consent(id);
    await story.pass(1);

    expect(early).toEqual({ state: 'propagating', reason: null });
    expect(await story.consent(id)).toEqual({ state: 'verified', reason: null });
    expect(scopesOf(MARA)).toContain('Mail.Read');
    expect(scopesOf(MARA)).not.toContain('Calendars.Read');
    expect(scopesOf(OWEN)).not.toContain(MANAGING);
    expect(await organization()).toMatchObject({ mode: 'organization', grant: { scopes: ['Mail.Read'] } });
    expect((await story.history()).map(([actor, action]) => [actor, action])).toEqual([
      [OWEN, 'consent.started'],
      [OWEN, 'grant.narrowed'],
    ]);
  });

  test('leaves everyone able to sign in', async () => {
    await use('narrowGrant', MAIL);

    expect(scopesOf(MARA)).toEqual(expect.arrayContaining(['openid', 'User.Read']));
  });
});

describe('removing', () => {
  test('takes everything back, and everyone decides alone again', async () => {
    const id = await use('removeGrant');
    await story.pass(1);

    expect(await story.consent(id)).toEqual({ state: 'verified', reason: null });
    expect(scopesOf(MARA)).not.toContain('Mail.Read');
    expect(scopesOf(OWEN)).not.toContain(MANAGING);
    expect(await organization()).toMatchObject({ mode: 'individual', grant: null });
    expect(await story.reason(MARA)).toBe('offByOwnChoice');
    expect((await story.history()).map(([, action]) => action)).toEqual([
      'consent.started',
      'grant.removed',
      'organization.modeChanged',
    ]);
  });
});

describe('looking', () => {
  test('says how Microsoft has the application, and changes nothing', async () => {
    const id = await use('checkDirectory');

    expect(await story.consent(id)).toEqual({ state: 'verified', reason: null });
    expect(await organization()).toMatchObject({
      mode: 'organization',
      grant: { scopes: ['Mail.Read', 'Calendars.Read'] },
      directory: {
        by: OWEN,
        enabled: true,
        assignmentRequired: false,
        verifiedPublisher: null,
        requestsEnabled: false,
      },
    });
    expect((await story.history()).map(([, action]) => action)).toEqual(['consent.started', 'organization.checked']);
  });
});

describe('what is not done', () => {
  test('a change where something else was decided meanwhile; its permission goes back all the same', async () => {
    const id = await story.asksForEveryone(OWEN, { purpose: 'narrowGrant', selection: MAIL });
    await story.changes({ enabled: false });
    await story.accepts(id, OWEN);

    expect(await story.consent(id)).toEqual({ state: 'refused', reason: 'superseded' });
    expect(scopesOf(MARA)).toContain('Calendars.Read');
    expect(scopesOf(OWEN)).not.toContain(MANAGING);
  });

  test('a change of someone who lost their role meanwhile', async () => {
    const id = await story.asksForEveryone(OWEN, { purpose: 'removeGrant' });
    await story.setMember(OWEN, { product_role: null });
    await story.accepts(id, OWEN);

    expect(await story.consent(id)).toEqual({ state: 'refused', reason: 'superseded' });
    expect(scopesOf(MARA)).toContain('Mail.Read');
  });
});

describe('a directory that does not answer as it should', () => {
  const narrow = () => story.asksForEveryone(OWEN, { purpose: 'narrowGrant', selection: MAIL });

  test.each([
    ['checkDirectory', 'application', 'refused', 'notAdministrator'],
    ['checkDirectory', 'application', 'unavailable', 'microsoftUnavailable'],
    ['checkDirectory', 'consentPolicies', 'refused', 'notAdministrator'],
    ['checkDirectory', 'consentPolicies', 'unavailable', 'microsoftUnavailable'],
  ] as const)('refuses %s where %s is %s, by %s', async (purpose, part, kind, reason) => {
    story.microsoft.directory[part] = () => Promise.resolve({ kind });
    const id = await use(purpose);

    expect(await story.consent(id)).toEqual({ state: 'refused', reason });
    expect((await organization())?.directory).toBeNull();
    expect((await story.history()).map(([, action]) => action)).toEqual(['consent.started', 'consent.refused']);
  });

  test('about requests to administrators alone leaves just that open', async () => {
    story.microsoft.directory.requestsEnabled = () => Promise.resolve({ kind: 'refused' });
    const id = await use('checkDirectory');

    expect(await story.consent(id)).toEqual({ state: 'verified', reason: null });
    expect((await organization())?.directory).toMatchObject({ requestsEnabled: null });
  });

  test.each([
    ['refused', 'notAdministrator'],
    ['unavailable', 'microsoftUnavailable'],
  ] as const)('refuses a change that is %s for a moment, and the permission still goes back', async (kind, reason) => {
    const id = await narrow();
    const { narrowGrant } = story.microsoft.directory;
    let changes = 0;
    story.microsoft.directory.narrowGrant = (...change) => {
      changes += 1;
      return changes === 1 ? Promise.resolve({ kind }) : narrowGrant(...change);
    };
    const before = await organization();
    await story.accepts(id, OWEN);

    expect(await story.consent(id)).toEqual({ state: 'refused', reason });
    expect(await organization()).toEqual(before);
    expect(scopesOf(MARA)).toContain('Calendars.Read');
    expect(scopesOf(OWEN)).not.toContain(MANAGING);
  });

  test('says so where the permission cannot be given back, after three attempts', async () => {
    const id = await narrow();
    let looks = 0;
    story.microsoft.directory.application = () => {
      looks += 1;
      return Promise.resolve({ kind: 'unavailable' });
    };
    await story.accepts(id, OWEN);

    expect(await story.consent(id)).toEqual({ state: 'refused', reason: 'notGivenBack' });
    expect(scopesOf(OWEN)).toContain(MANAGING);
    // Once for the change itself.
    expect(looks).toBe(1 + 3);
  });

  test('is believed by what it shows after the change, not by what it said of it', async () => {
    const id = await narrow();
    story.microsoft.directory.narrowGrant = () => Promise.resolve({ kind: 'ok', value: null });
    const before = await organization();
    await story.accepts(id, OWEN);

    expect(await story.consent(id)).toEqual({ state: 'refused', reason: 'notGranted' });
    expect(await organization()).toEqual(before);
  });
});

describe('what is changed at Microsoft', () => {
  test("goes grant by grant: everyone's first, Assent's own permission last, and no one's own consents", async () => {
    story.microsoft.grantTo(MARA, ['Calendars.Read']);
    const changed: (readonly unknown[])[] = [];
    const { grants, narrowGrant } = story.microsoft.directory;
    story.microsoft.directory.grants = async (...of) => {
      const held = await grants(...of);
      return held.kind === 'ok' ? { kind: 'ok', value: held.value.toReversed() } : held;
    };
    story.microsoft.directory.narrowGrant = (...[token, id, scopes]) => {
      changed.push([id, scopes]);
      return narrowGrant(token, id, scopes);
    };
    await use('narrowGrant', MAIL);

    expect(changed).toEqual([
      ['everybody', ['openid', 'profile', 'offline_access', 'User.Read', 'Mail.Read']],
      [OWEN, ['openid', 'profile', 'User.Read']],
    ]);
    expect(scopesOf(MARA)).toContain('Calendars.Read');
  });

  test('keeps of everyone what a wider permission contains', async () => {
    await story.changes({ selection: MAIL });
    story.microsoft.grantToEverybody(['Mail.ReadBasic']);
    await use('narrowGrant', MAIL);

    expect(scopesOf(MARA)).toContain('Mail.ReadBasic');
  });

  test('does not end service mode, which rests on another grant', async () => {
    await story.covers({ kind: 'people', memberIds: [OWEN, MARA] });
    await story.decides(MAIL, 'service');
    await story.pass(5);
    await use('removeGrant');

    expect(await organization()).toMatchObject({ mode: 'service', grant: null });
    expect(await story.reason(MARA)).toBe('onByAdministrator');
  });

  test('leaves those who had consented alone what they chose', async () => {
    await story.changes({ mode: 'individual' });
    story.microsoft.grantTo(MARA, ['Mail.Read']);
    await story.changesSync(MARA, { selection: MAIL });
    story.recorded();
    await use('removeGrant');
    await story.pass(1);
    await story.opensThePage(MARA);

    expect(await organization()).toMatchObject({ mode: 'individual', grant: null });
    expect(await story.reason(MARA)).toBe('onByOwnChoice');
    expect(JSON.stringify(story.recorded())).not.toContain('organization.modeChanged');
  });

  test.each(['checkDirectory', 'narrowGrant', 'removeGrant'] as const)(
    'is nothing where who asked for %s lost their role while the code was redeemed',
    async (purpose) => {
      const id = await story.asksForEveryone(OWEN, { purpose, selection: MAIL });
      const { redeem } = story.microsoft.entra;
      story.microsoft.entra.redeem = async (request) => {
        await story.setMember(OWEN, { product_role: null });
        return redeem(request);
      };
      const before = await organization();
      await story.accepts(id, OWEN);

      expect(await story.consent(id)).toEqual({ state: 'refused', reason: 'superseded' });
      expect(await organization()).toEqual(before);
      expect(scopesOf(MARA)).toContain('Calendars.Read');
    },
  );
});
