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
