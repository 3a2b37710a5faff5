/** The browser comes back from Microsoft: what has to be shown, in which order, and what happens without it. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { handleConsentCallback } from '../../src/consent/handleConsentCallback.ts';
import type { TokenAnswer } from '../../src/consent/ports.ts';
import { hashOf, nonceOf, pkceVerifierOf } from '../../src/consent/secrets.ts';
import { OFF } from '../../src/domain/levels.ts';
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
import * as visits from '../support/consentVisit.ts';
import type { Visit } from '../support/consentVisit.ts';

const GRANTED = { kind: 'done', outcome: 'granted', reason: null };
const invalid = (why: string) => ({ kind: 'invalid', why });
const refusedFor = (reason: string) => ({ kind: 'done', outcome: 'refused', reason });

const newStory = openStories();
let story: ConsentStory;
let redeemed: unknown[];

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA, TOM);
  redeemed = [];
  const { entra } = story.microsoft;
  const { redeem } = entra;
  entra.redeem = (request) => {
    redeemed.push(request);
    return redeem(request);
  };
  story.recorded();
});

/** Mara is at Microsoft for herself. */
async function ownVisit(memberId = MARA): Promise<Visit> {
  const begun = await story.changesSync(memberId, { selection: { mail: READ } });
  return visits.visitOf(story, begun.kind === 'consentRequired' ? begun.consent.id : begun.kind);
}

/** Owen is at Microsoft's page for admins. */
const visitForEveryone = async (mode: 'organization' | 'individual' | 'service' = 'organization') =>
  visits.visitOf(story, await story.asksForEveryone(OWEN, { mode, selection: MAIL }));

const back = (visit: Visit, answer: Readonly<Record<string, string>>) => visits.back(story, visit, answer);
const signsIn = (visit: Visit, memberId: string) => visits.signsIn(story, visit, memberId);
const stored = ({ id }: Visit) => story.ports.store.consent(story.tenantId, hashOf(id));
const organization = () => story.ports.store.organization(story.tenantId);

describe('a return that is not taken', () => {
  test.each(['', 'nonsense', `${'A'.repeat(64)}.signIn`])('has a state that no one was given (%j)', async (state) => {
    const query = new URLSearchParams({ state, code: MARA }).toString();
    const address = new URL(`https://assent.example/consent/return?${query}`);

    expect(await handleConsentCallback(story.ports, address, 'a secret')).toEqual(invalid('unknown'));
  });

  test.each([
    ['without a cookie', null],
    ['with the cookie of another browser', 'the secret of another'],
  ])('comes %s, even with an error that would end the consent', async (_what, browserSecret) => {
    const visit = await ownVisit();

    expect(await story.comesBack(visit.address, browserSecret, { code: MARA })).toEqual(invalid('otherBrowser'));
    expect(await story.comesBack(visit.address, browserSecret, { error: 'access_denied' })).toEqual(
      invalid('otherBrowser'),
    );
    expect((await stored(visit))?.step).toBe('signIn');
    expect([redeemed, story.recorded()]).toEqual([[], []]);
  });

  test('comes for a consent that no browser has opened', async () => {
    const id = await story.asksForEveryone(OWEN, { selection: MAIL });
    const address = new URL(`https://assent.example/consent/return?state=${id}.adminConsent`);

    expect(await story.comesBack(address, '', { admin_consent: 'True' })).toEqual(invalid('otherBrowser'));
  });

  test('skips the page for admins: a code alone does not count there', async () => {
    const visit = await visitForEveryone();
    const address = new URL(`https://login.example/authorize?state=${visit.id}.signIn`);

    expect(await back({ ...visit, address }, { code: OWEN })).toEqual(invalid('used'));
    expect((await stored(visit))?.step).toBe('adminConsent');
    expect(redeemed).toEqual([]);
  });

  test('comes a second time, with the code or without', async () => {
    const visit = await ownVisit();
    story.microsoft.grantTo(MARA, ['Mail.Read']);
    await back(visit, { code: MARA });
    story.recorded();

    expect(await back(visit, { code: MARA })).toEqual(invalid('used'));
    expect(await back(visit, { error: 'access_denied' })).toEqual(invalid('used'));
    expect(await story.consent(visit.id)).toEqual({ state: 'verified', reason: null });
    expect(redeemed).toHaveLength(1);
    expect(story.recorded()).toEqual([]);
  });

  test('comes twice at once: one code is redeemed', async () => {
    const visit = await ownVisit();
    story.microsoft.grantTo(MARA, ['Mail.Read']);
    const results = await Promise.all([back(visit, { code: MARA }), back(visit, { code: MARA })]);

    expect(results).toContainEqual(GRANTED);
    expect(results).toContainEqual(invalid('used'));
    expect(redeemed).toHaveLength(1);
  });

  test('comes twice at once from the page for admins: one goes on to sign in', async () => {
    const visit = await visitForEveryone();
    const answer = { admin_consent: 'True' };
    const kinds = (await Promise.all([back(visit, answer), back(visit, answer)])).map(({ kind }) => kind);

    expect(kinds.toSorted()).toEqual(['invalid', 'redirect']);
  });

  test('comes after the ten minutes, to the millisecond', async () => {
    const visit = await ownVisit();
    const expiresAt = (await stored(visit))?.expiresAt.getTime() ?? 0;
    const url = new URL(`https://assent.example/consent/return?code=${MARA}&state=${visit.id}.signIn`);
    const at = (time: number) =>
      handleConsentCallback({ ...story.ports, now: () => new Date(time) }, url, visit.browserSecret);

    expect(await at(expiresAt)).toEqual(invalid('expired'));
    expect(redeemed).toEqual([]);
    expect((await at(expiresAt - 1)).kind).toBe('done');
  });

  test('comes after someone decided otherwise, and says so rather than that it was used', async () => {
    const visit = await ownVisit();
    await story.turnsOn(MARA, { calendar: READ });
    await story.changesSync(MARA, { selection: { calendar: OFF } });

    expect(await back(visit, { code: MARA })).toEqual(refusedFor('superseded'));
    expect(redeemed).toHaveLength(1);
  });
});

describe('an error of Microsoft', () => {
  test.each([
    [{ error: 'access_denied' }, 'declined'],
    [{ error: 'access_denied', error_description: 'AADSTS65004: User declined.' }, 'declined'],
    [{ error: 'access_denied', error_description: 'AADSTS90094: Admin only.' }, 'administratorRequired'],
    [{ error: 'consent_required' }, 'administratorRequired'],
    [{ error: 'access_denied', error_description: 'AADSTS50105: Not assigned.' }, 'notAssigned'],
    [{ error: 'interaction_required', error_description: 'AADSTS53003: Blocked.' }, 'conditionalAccess'],
    [{ error: 'temporarily_unavailable' }, 'microsoftUnavailable'],
    [{ error: '' }, 'other'],
  ] as const)('with %j ends it, although the query says that admins agreed', async (error, reason) => {
    const visit = await visitForEveryone();

    expect(await back(visit, { ...error, admin_consent: 'True', code: OWEN })).toEqual(refusedFor(reason));
    expect(await story.consent(visit.id)).toEqual({ state: 'refused', reason });
    expect(story.recorded()).toEqual([
      {
        acts: [[OWEN, 'consent.refused', hashOf(visit.id), { mode: 'organization', reason }]],
        tell: 'everyone',
        wake: [],
      },
    ]);
    expect(redeemed).toEqual([]);
  });
});

describe('the code', () => {
  test('is redeemed with what derives from the secret of this browser', async () => {
    const visit = await ownVisit();
    const { browserSecret } = visit;
    await back(visit, { code: MARA });

    expect(redeemed).toEqual([
      {
        tenantId: story.tenantId,
        returnedTo: expect.any(URL),
        state: `${visit.id}.signIn`,
        nonce: nonceOf(browserSecret),
        pkceVerifier: pkceVerifierOf(browserSecret),
      },
    ]);
  });

  test.each([
    ['out of reach', { kind: 'unavailable' }, 'microsoftUnavailable'],
    ['refused', { kind: 'refused', error: { error: 'invalid_grant', number: 65001 }, claims: null }, 'notGranted'],
    [
      'refused by a policy',
      { kind: 'refused', error: { error: 'interaction_required', number: 53003 }, claims: '{}' },
      'conditionalAccess',
    ],
  ] as const)('that is %s ends it, and connects no one', async (_what, answer: TokenAnswer, reason) => {
    const visit = await ownVisit();
    const before = await story.ports.store.connection(story.tenantId, MARA);
    story.microsoft.entra.redeem = () => Promise.resolve({ answer, signedIn: null });

    expect(await back(visit, { code: MARA })).toEqual(refusedFor(reason));
    expect(await story.consent(visit.id)).toEqual({ state: 'refused', reason });
    expect(await story.ports.store.connection(story.tenantId, MARA)).toEqual(before);
  });

  test('whose ID token does not hold grants nothing, although there are tokens', async () => {
    const visit = await ownVisit();
    story.microsoft.grantTo(MARA, ['Mail.Read']);
    const { redeem } = story.microsoft.entra;
    story.microsoft.entra.redeem = async (request) => ({ ...(await redeem(request)), signedIn: null });

    expect(await back(visit, { code: MARA })).toEqual(refusedFor('microsoftUnavailable'));
    expect((await story.ports.store.member(story.tenantId, MARA))?.preference).toEqual(EMPTY_SELECTION);
  });

  test.each(['consent', 'checkDirectory', 'removeGrant'] as const)(
    "of another organization's account grants nothing, for %s",
    async (purpose) => {
      const id = await story.asksForEveryone(OWEN, { purpose, selection: MAIL });
      const visit = await visits.visitOf(story, id);
      const { redeem } = story.microsoft.entra;
      const used: string[] = [];
      story.microsoft.directory.application = (token) => {
        used.push(token);
        return Promise.resolve({ kind: 'unavailable' });
      };
      story.microsoft.entra.redeem = async (request) => {
        const { answer } = await redeem(request);
        return {
          answer,
          signedIn: { tenantId: 'another', memberId: OWEN, directoryRoles: story.as(OWEN).directoryRoles },
        };
      };
      const ended = purpose === 'consent' ? await signsIn(visit, OWEN) : await back(visit, { code: OWEN });

      expect(ended).toEqual(refusedFor('wrongAccount'));
      expect(used).toEqual([]);
      expect(await organization()).toMatchObject({ mode: 'individual', grant: null, directory: null });
    },
  );

  test('of a colleague does not consent for someone else', async () => {
    const visit = await ownVisit();
    story.microsoft.grantTo(TOM, ['Mail.Read']);

    expect(await back(visit, { code: TOM })).toEqual(refusedFor('wrongAccount'));
    expect(await story.reason(MARA)).toBe('offByOwnChoice');
    expect(await story.reason(TOM)).toBe('offByOwnChoice');
    expect((await story.ports.store.connection(story.tenantId, TOM))?.scopes).not.toContain('Mail.Read');
  });
});

describe('for oneself', () => {
  test('what the token carries is on at once, and is learned of this tenant', async () => {
    const visit = await ownVisit();
    story.microsoft.grantTo(MARA, ['Mail.Read']);

    expect(await back(visit, { code: MARA })).toEqual(GRANTED);
    expect(await stored(visit)).toMatchObject({ step: 'ended', state: 'verified', reason: null, grantedBy: MARA });
    expect(await story.ports.store.connection(story.tenantId, MARA)).toMatchObject({
      status: 'live',
      personalScopes: expect.arrayContaining(['Mail.Read']),
    });
    expect((await organization())?.userConsent).toEqual({
      policy: null,
      refused: [],
      granted: [{ scope: 'Mail.Read', at: story.now().toISOString() }],
    });
    expect(story.recorded()).toEqual([
      { acts: [], tell: [MARA], wake: [MARA] },
      { acts: [[MARA, 'consent.verified', hashOf(visit.id), { mode: 'individual' }]], tell: [MARA], wake: [] },
      { acts: [[MARA, 'sync.changed', MARA, { mail: READ }]], tell: [MARA], wake: [MARA] },
    ]);
  });

  test('what the token does not carry yet is awaited, and applied to nothing', async () => {
    const visit = await ownVisit();

    expect(await back(visit, { code: MARA })).toEqual(GRANTED);
    expect(await stored(visit)).toMatchObject({
      step: 'proving',
      state: 'propagating',
      grantedBy: MARA,
      isQualified: true,
    });
    expect((await story.ports.store.member(story.tenantId, MARA))?.preference).toEqual(EMPTY_SELECTION);
    expect((await organization())?.userConsent.granted).toEqual([]);
    expect(story.recorded()).toEqual([
      { acts: [[MARA, 'consent.granted', hashOf(visit.id), { mode: 'individual' }]], tell: [MARA], wake: [] },
    ]);
  });

  test('what an administrator was granted says nothing about others', async () => {
    const visit = await ownVisit(OWEN);
    story.microsoft.grantTo(OWEN, ['Mail.Read']);

    expect(await back(visit, { code: OWEN })).toEqual(GRANTED);
    expect((await organization())?.userConsent.granted).toEqual([]);
  });

  test('what everyone has been granted says nothing about what people may grant', async () => {
    await story.decides(MAIL, 'individual');
    await story.changesSync(MARA, { selection: { mail: OFF } });
    const begun = await story.changesSync(MARA, { selection: { calendar: READ } });
    const visit = await visits.visitOf(story, begun.kind === 'consentRequired' ? begun.consent.id : begun.kind);
    story.microsoft.grantTo(MARA, ['Calendars.Read']);

    expect(await back(visit, { code: MARA })).toEqual(GRANTED);
    expect((await organization())?.userConsent.granted).toEqual([]);
  });

  test.each([
    ['an administrator decides for everyone', () => story.decides(MAIL_AND_CALENDAR)],
    ['the switch is turned off', () => story.changes({ enabled: false })],
    ['others may connect only', () => story.changes({ access: { kind: 'people', memberIds: [OWEN] } })],
  ])('nothing is stored where %s while the code is redeemed', async (_what, meanwhile) => {
    const visit = await ownVisit(TOM);
    const { redeem } = story.microsoft.entra;
    let epochs = {};
    story.microsoft.entra.redeem = async (request) => {
      story.microsoft.entra.redeem = redeem;
      await meanwhile();
      epochs = await story.epochs();
      return redeem(request);
    };
    story.microsoft.grantTo(TOM, ['Mail.Read']);

    expect(await back(visit, { code: TOM })).toEqual(refusedFor('superseded'));
    expect(await story.consent(visit.id)).toEqual({ state: 'refused', reason: 'superseded' });
    expect((await story.ports.store.member(story.tenantId, TOM))?.preference).toEqual(EMPTY_SELECTION);
    expect(await story.epochs()).toEqual(epochs);
  });
});
