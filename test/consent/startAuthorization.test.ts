/** The popup opens a consent: where the browser goes, what it is asked for there, and that it goes only once. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { makeLink, resolveLink, startFromLink } from '../../src/consent/handOff.ts';
import { hashOf, nonceOf, pkceVerifierOf } from '../../src/consent/secrets.ts';
import { startAuthorization } from '../../src/consent/startAuthorization.ts';
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

const IDENTITY = ['openid', 'profile', 'offline_access', 'User.Read'];
const ADMIN_PAGE = 'https://login.example/adminconsent';
const SIGN_IN_PAGE = 'https://login.example/authorize';

const newStory = openStories();
let story: ConsentStory;
let asked: unknown[];

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA, TOM);
  asked = [];
  const { entra } = story.microsoft;
  entra.adminConsentUrl = (request) => {
    asked.push(request);
    return ADMIN_PAGE;
  };
  entra.authorizeUrl = (request) => {
    asked.push(request);
    return Promise.resolve(SIGN_IN_PAGE);
  };
  await story.history();
  story.recorded();
});

const open = (id: string) => startAuthorization(story.ports, id);
const stepOf = async (id: string) => (await story.ports.store.consent(story.tenantId, hashOf(id)))?.step;

async function askForOneself(memberId = MARA): Promise<string> {
  const begun = await story.changesSync(memberId, { selection: { mail: READ } });
  return begun.kind === 'consentRequired' ? begun.consent.id : begun.kind;
}

describe('where the browser goes', () => {
  test('for oneself it is a sign-in that asks for everything at once, bound to a secret of the browser', async () => {
    await story.setMember(MARA, { login_hint: 'mara.ellis@harborreed.example' });
    const id = await askForOneself();
    const opened = await open(id);
    const browserSecret = opened.kind === 'redirect' ? opened.browserSecret : '';

    expect(opened).toEqual({ kind: 'redirect', url: SIGN_IN_PAGE, browserSecret });
    expect(asked).toEqual([
      {
        tenantId: story.tenantId,
        scopes: [...IDENTITY, 'Mail.Read'],
        state: `${id}.signIn`,
        nonce: nonceOf(browserSecret),
        pkceVerifier: pkceVerifierOf(browserSecret),
        loginHint: 'mara.ellis@harborreed.example',
      },
    ]);
    expect(await story.ports.store.consent(story.tenantId, hashOf(id))).toMatchObject({
      step: 'signIn',
      browserHash: hashOf(browserSecret),
    });
    expect(story.recorded()).toEqual([
      {
        acts: [
          [
            MARA,
            'consent.started',
            hashOf(id),
            { mode: 'individual', purpose: 'consent', scopes: [...IDENTITY, 'Mail.Read'] },
          ],
        ],
        tell: [],
        wake: [],
      },
    ]);
  });

  test.each([
    ['organization', 'main', [...IDENTITY, 'Mail.Read']],
    ['individual', 'main', [...IDENTITY, 'Mail.Read']],
    ['service', 'service', []],
  ] as const)('for everyone in mode %s it is the page for admins', async (mode, registration, scopes) => {
    await story.covers({ kind: 'everyone' });
    const id = await story.asksForEveryone(OWEN, { mode, selection: MAIL });
    const opened = await open(id);

    expect(opened).toMatchObject({ kind: 'redirect', url: ADMIN_PAGE });
    expect(asked).toEqual([{ tenantId: story.tenantId, scopes, state: `${id}.adminConsent`, registration }]);
    expect(await stepOf(id)).toBe('adminConsent');
  });

  test.each([
    ['checkDirectory', ['Application.Read.All', 'Policy.Read.All']],
    ['narrowGrant', ['Application.Read.All', 'DelegatedPermissionGrant.ReadWrite.All']],
    ['removeGrant', ['Application.Read.All', 'DelegatedPermissionGrant.ReadWrite.All']],
  ] as const)('for %s it is a sign-in without a refresh token, for this permission alone', async (purpose, scopes) => {
    const id = await story.asksForEveryone(OWEN, { purpose, selection: MAIL_AND_CALENDAR });
    await open(id);

    expect(asked).toMatchObject([{ scopes: ['openid', 'profile', 'User.Read', ...scopes], state: `${id}.signIn` }]);
    expect(await stepOf(id)).toBe('signIn');
  });

  test.each([
    ['individual', [...IDENTITY, 'Mail.Read', 'Calendars.Read']],
    ['organization', [...IDENTITY, 'Mail.Read']],
  ] as const)('in mode %s what everyone has already is asked for as it must be', async (mode, scopes) => {
    await story.database.kysely
      .updateTable('organizations')
      .set({
        grant_state: 'verified',
        grant_scopes: ['Mail.Read', 'Calendars.Read'],
        granted_by: OWEN,
        granted_at: story.now(),
      })
      .where('tenant_id', '=', story.tenantId)
      .execute();
    await open(await story.asksForEveryone(OWEN, { mode, selection: MAIL }));

    expect(asked).toMatchObject([{ scopes }]);
  });

  test('from a link names no one, neither to Microsoft nor in the history', async () => {
    await story.setMember(MARA, { login_hint: 'mara.ellis@harborreed.example' });
    const consent = await story.ports.store.consent(story.tenantId, hashOf(await askForOneself()));
    const { token } = consent === null ? { token: '' } : await makeLink(story.ports, story.as(MARA), consent);
    const link = await resolveLink(story.ports, token);
    const id = link.kind === 'link' ? await startFromLink(story.ports, link) : '';
    story.recorded();
    const opened = await open(id);
    const back = new URL(`${ADMIN_PAGE}?state=${id}.adminConsent`);
    await story.comesBack(back, opened.kind === 'redirect' ? opened.browserSecret : '', { admin_consent: 'True' });

    expect(asked).toMatchObject([{ state: `${id}.adminConsent` }, { state: `${id}.signIn`, loginHint: null }]);
    expect(story.recorded()).toMatchObject([{ acts: [[null, 'consent.started', hashOf(id), {}]] }]);
  });
});

describe('what is not opened', () => {
  test.each(['', 'nonsense', 'A'.repeat(64)])('an identifier that no one was given (%j)', async (id) => {
    expect(await open(id)).toEqual({ kind: 'unknown' });
  });

  test("one whose last character was changed, which is another organization's or nobody's", async () => {
    const id = await askForOneself();

    expect(await open(`${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}`)).toEqual({ kind: 'unknown' });
    expect(await stepOf(id)).toBe('created');
  });

  test('one that was opened before: the second browser goes nowhere, and the first stays bound', async () => {
    const id = await askForOneself();
    const first = await open(id);
    const second = await open(id);

    expect(second).toEqual({ kind: 'used' });
    expect(await story.ports.store.consent(story.tenantId, hashOf(id))).toMatchObject({
      browserHash: hashOf(first.kind === 'redirect' ? first.browserSecret : ''),
    });
    expect(story.recorded()).toHaveLength(1);
  });

  test('one that two browsers open at once, by one of them', async () => {
    const id = await askForOneself();
    const kinds = (await Promise.all([open(id), open(id), open(id)])).map(({ kind }) => kind);

    expect(kinds.toSorted()).toEqual(['redirect', 'used', 'used']);
    expect(story.recorded()).toHaveLength(1);
  });

  test('one whose ten minutes are over, to the millisecond', async () => {
    const [late, inTime] = [await askForOneself(), await askForOneself(TOM)];
    const { expiresAt = new Date(0) } = (await story.ports.store.consent(story.tenantId, hashOf(late))) ?? {};
    const at = (now: Date) => ({ ...story.ports, now: () => now });

    expect(await startAuthorization(at(expiresAt), late)).toEqual({ kind: 'expired' });
    expect(await startAuthorization(at(new Date(expiresAt.getTime() - 1)), inTime)).toMatchObject({ kind: 'redirect' });
    expect(await stepOf(late)).toBe('created');
    expect(story.recorded()).toHaveLength(1);
  });

  test('one that someone began alone before an administrator decided for everyone', async () => {
    const id = await askForOneself();
    await story.database.kysely
      .updateTable('organizations')
      .set({ mode: 'organization' })
      .where('tenant_id', '=', story.tenantId)
      .execute();

    expect(await open(id)).toEqual({ kind: 'superseded' });
    expect(await story.consent(id)).toEqual({ state: 'refused', reason: 'superseded' });
    expect([asked, story.recorded()]).toEqual([[], []]);
  });
});

test('a grant that only permits can be opened while an administrator decides', async () => {
  const id = await story.asksForEveryone(OWEN, { mode: 'individual', selection: MAIL });
  await story.database.kysely
    .updateTable('organizations')
    .set({ mode: 'organization' })
    .where('tenant_id', '=', story.tenantId)
    .execute();

  expect(await open(id)).toMatchObject({ kind: 'redirect' });
});
