/** Microsoft has answered: what a transaction writes when it ends, and what it leaves alone when someone was faster. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { awaitVerification, end, verifyIndividual } from '../../src/consent/concludeConsent.ts';
import { hashOf } from '../../src/consent/secrets.ts';
import type { ConsentTransaction } from '../../src/domain/records.ts';
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

const GRANTED = { kind: 'done', outcome: 'granted', reason: null };
const refusedFor = (reason: string) => ({ kind: 'done', outcome: 'refused', reason });

const newStory = openStories();
let story: ConsentStory;

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA, TOM);
  story.recorded();
});

const organization = () => story.ports.store.organization(story.tenantId);
const preference = async (memberId = MARA) => (await story.ports.store.member(story.tenantId, memberId))?.preference;

async function transactionOf(id: string): Promise<ConsentTransaction> {
  const consent = await story.ports.store.consent(story.tenantId, hashOf(id));
  return consent ?? Promise.reject(new Error(`There is no transaction "${id}"`));
}

/** Someone's question for themselves, whose code is being redeemed. */
async function redeeming(selection = MAIL, memberId = MARA): Promise<ConsentTransaction> {
  const begun = await story.changesSync(memberId, { selection });
  const id = begun.kind === 'consentRequired' ? begun.consent.id : begun.kind;
  await story.opens(id);
  const { consentHash } = await transactionOf(id);
  await story.ports.store.transact((writer) =>
    writer.advanceConsent(story.tenantId, consentHash, 'signIn', { step: 'redeeming' }),
  );
  story.recorded();
  return transactionOf(id);
}

/** Owen's question for everyone, which is at Microsoft's page for admins. */
async function atAdminPage(
  mode: 'organization' | 'individual' | 'service' = 'organization',
): Promise<ConsentTransaction> {
  const id = await story.asksForEveryone(OWEN, { mode, selection: MAIL });
  await story.opens(id);
  story.recorded();
  return transactionOf(id);
}

const now = async ({ consentHash }: ConsentTransaction) => {
  const { step, state, reason } = (await story.ports.store.consent(story.tenantId, consentHash)) ?? {};
  return { step, state, reason };
};
const SUPERSEDED = { step: 'ended', state: 'refused', reason: 'superseded' };

describe('a consent of their own that a token shows', () => {
  test('takes effect: the choice, the epoch, the history, screens and mailbox of that member alone', async () => {
    const consent = await redeeming();
    const before = await story.epochs();

    expect(await verifyIndividual(story.ports, consent)).toEqual(GRANTED);
    expect(await now(consent)).toEqual({ step: 'ended', state: 'verified', reason: null });
    expect([await preference(), await preference(TOM)]).toEqual([MAIL, EMPTY_SELECTION]);
    expect(await story.epochs()).toEqual({ ...before, [MARA]: 2 });
    expect(story.recorded()).toEqual([
      {
        acts: [[MARA, 'consent.verified', consent.consentHash, { mode: 'individual' }]],
        tell: [MARA],
        wake: [],
      },
      { acts: [[MARA, 'sync.changed', MARA, { mail: READ }]], tell: [MARA], wake: [MARA] },
    ]);
  });

  test('takes effect once, by whoever is first', async () => {
    const consent = await redeeming();
    const results = await Promise.all([verifyIndividual(story.ports, consent), verifyIndividual(story.ports, consent)]);

    expect(results).toHaveLength(2);
    expect(results).toContainEqual(GRANTED);
    expect(results).toContainEqual(refusedFor('superseded'));
    expect(await now(consent)).toEqual({ step: 'ended', state: 'verified', reason: null });
    expect(story.recorded()).toHaveLength(2);
  });

  test.each([
    ['chose otherwise', () => story.ports.store.transact((writer) => writer.raiseEpoch(story.tenantId, MARA))],
    [
      'was put under an administrator',
      () => story.ports.store.transact((writer) => writer.changeOrganization(story.tenantId, { mode: 'organization' })),
    ],
  ])('is overtaken where the member %s meanwhile: nothing is applied', async (_what, meanwhile) => {
    const consent = await redeeming();
    await meanwhile();
    const before = await story.epochs();

    expect(await verifyIndividual(story.ports, consent)).toEqual(refusedFor('superseded'));
    expect(await now(consent)).toEqual(SUPERSEDED);
    expect(await preference()).toEqual(EMPTY_SELECTION);
    expect(await story.epochs()).toEqual(before);
    expect(story.recorded()).toEqual([]);
  });

  test('is carried along by what was only found out', async () => {
    const consent = await redeeming();
    await story.ports.store.transact((writer) => writer.raiseEpochOnDrift(story.tenantId, MARA));

    expect(await verifyIndividual(story.ports, consent)).toEqual(GRANTED);
    expect(await preference()).toEqual(MAIL);
  });

  test('does not turn off what was revoked at Microsoft, but was not asked for again', async () => {
    await story.turnsOn(MARA, MAIL_AND_CALENDAR);
    story.microsoft.takeBack(['Calendars.Read', 'Mail.Read']);
    await story.pass(51);
    await story.opensThePage(MARA);
    story.recorded();
    const begun = await story.changesSync(MARA, { selection: { mail: READ } });
    await story.accepts(begun.kind === 'consentRequired' ? begun.consent.id : begun.kind, MARA);

    expect(await preference()).toEqual(MAIL_AND_CALENDAR);
    expect([await story.reason(MARA), await story.reason(MARA, 'calendar')]).toEqual([
      'onByOwnChoice',
      'consentRevoked',
    ]);
  });
});

describe('a consent that no token shows yet', () => {
  test.each([
    ['organization', 'propagating'],
    ['individual', 'propagating'],
    ['service', 'settling'],
  ] as const)('for everyone in mode %s is %s, and everyone is told', async (mode, state) => {
    await story.covers({ kind: 'everyone' });
    const consent = await atAdminPage(mode);
    await story.ports.store.transact((writer) =>
      writer.advanceConsent(story.tenantId, consent.consentHash, 'adminConsent', { step: 'redeeming' }),
    );
    const awaiting = await awaitVerification(story.ports, { ...consent, step: 'redeeming' }, OWEN, true);

    expect(awaiting).toMatchObject({ step: 'proving', state, grantedBy: OWEN, isQualified: true });
    expect(story.recorded()).toEqual([
      { acts: [[OWEN, 'consent.granted', consent.consentHash, { mode }]], tell: 'everyone', wake: [] },
    ]);
  });

  test('for oneself is told to that member alone', async () => {
    const consent = await redeeming();
    await awaitVerification(story.ports, consent, MARA, true);

    expect(await now(consent)).toEqual({ step: 'proving', state: 'propagating', reason: null });
    expect(story.recorded()).toEqual([
      { acts: [[MARA, 'consent.granted', consent.consentHash, { mode: 'individual' }]], tell: [MARA], wake: [] },
    ]);
  });

  test('that someone else took further meanwhile is neither written nor told', async () => {
    const consent = await redeeming();
    await awaitVerification(story.ports, consent, MARA, true);
    story.recorded();

    expect(await awaitVerification(story.ports, consent, TOM, false)).toBeNull();
    expect(await story.ports.store.consent(story.tenantId, consent.consentHash)).toMatchObject({
      grantedBy: MARA,
      isQualified: true,
    });
    expect(story.recorded()).toEqual([]);
  });
});

describe('a refusal', () => {
  test.each([
    ['declined', [MARA], []],
    ['wrongAccount', [MARA], []],
    ['microsoftUnavailable', [MARA], []],
    ['administratorRequired', 'everyone', [['Mail.Read']]],
  ] as const)(
    'of %s for oneself is told to %j, and remembered of the tenant as %j',
    async (reason, tell, remembered) => {
      const consent = await redeeming();
      const before = await story.epochs();

      expect(await end(story.ports, consent, reason)).toEqual(refusedFor(reason));
      expect(await now(consent)).toEqual({ step: 'ended', state: 'refused', reason });
      expect((await organization())?.userConsent).toEqual({
        policy: null,
        granted: [],
        refused: remembered.map((scopes) => ({ scopes, source: 'refusal', at: story.now().toISOString() })),
      });
      expect(await preference()).toEqual(EMPTY_SELECTION);
      expect(await story.epochs()).toEqual(before);
      expect(story.recorded()).toEqual([
        { acts: [[MARA, 'consent.refused', consent.consentHash, { mode: 'individual', reason }]], tell, wake: [] },
      ]);
    },
  );

  test('for want of an administrator speaks of what was lacking only', async () => {
    await story.turnsOn(MARA, MAIL);
    const consent = await redeeming(MAIL_AND_CALENDAR);
    await end(story.ports, consent, 'administratorRequired');

    expect((await organization())?.userConsent.refused).toMatchObject([{ scopes: ['Calendars.Read'] }]);
  });

  test('of what arrived meanwhile speaks of nothing', async () => {
    const consent = await redeeming();
    story.microsoft.grantTo(MARA, ['Mail.Read']);
    await story.pass(2);
    await story.opensThePage(MARA);
    await end(story.ports, consent, 'administratorRequired');

    expect((await story.ports.store.connection(story.tenantId, MARA))?.scopes).toContain('Mail.Read');
    expect((await organization())?.userConsent.refused).toEqual([]);
  });

  test('of a question for everyone says nothing about people, and is told to everyone', async () => {
    const consent = await atAdminPage();
    await end(story.ports, consent, 'administratorRequired');

    expect((await organization())?.userConsent.refused).toEqual([]);
    expect(story.recorded()).toEqual([
      {
        acts: [
          [OWEN, 'consent.refused', consent.consentHash, { mode: 'organization', reason: 'administratorRequired' }],
        ],
        tell: 'everyone',
        wake: [],
      },
    ]);
  });

  test('that sent a request to admins keeps the choice, which is on as soon as they agree', async () => {
    const consent = await redeeming();
    await end(story.ports, consent, 'approvalRequested');
    const waiting = await story.reason(MARA);
    const recorded = story.recorded();
    story.microsoft.grantToEverybody(['Mail.Read']);
    await story.pass(2);
    await story.opensThePage(MARA);

    expect(await now(consent)).toEqual({ step: 'ended', state: 'refused', reason: 'approvalRequested' });
    expect([waiting, await story.reason(MARA)]).toEqual(['consentNeedsAdministrator', 'onByOwnChoice']);
    expect(recorded).toEqual([
      {
        acts: [[MARA, 'consent.refused', consent.consentHash, { mode: 'individual', reason: 'approvalRequested' }]],
        tell: 'everyone',
        wake: [],
      },
      { acts: [[MARA, 'sync.changed', MARA, { mail: READ }]], tell: [MARA], wake: [MARA] },
    ]);
  });

  test('that sent a request turns nothing off that the question did not name', async () => {
    await story.turnsOn(MARA, { calendar: READ });
    const consent = await redeeming(MAIL);
    await end(story.ports, { ...consent, selection: MAIL }, 'approvalRequested');

    expect(await preference()).toEqual(MAIL_AND_CALENDAR);
  });

  test('that sent a request keeps no choice where an administrator decides by now', async () => {
    const consent = await redeeming();
    await story.ports.store.transact((writer) => writer.changeOrganization(story.tenantId, { mode: 'organization' }));
    await end(story.ports, consent, 'approvalRequested');

    expect(await preference()).toEqual(EMPTY_SELECTION);
  });

  test('after someone was faster writes nothing, and is still the answer', async () => {
    const consent = await redeeming();
    await verifyIndividual(story.ports, consent);
    story.recorded();

    expect(await end(story.ports, consent, 'administratorRequired')).toEqual(refusedFor('administratorRequired'));
    expect(await now(consent)).toEqual({ step: 'ended', state: 'verified', reason: null });
    expect((await organization())?.userConsent.refused).toEqual([]);
    expect(story.recorded()).toEqual([]);
  });

  test("of what was opened by a link is no one's in the history", async () => {
    const consent = await atAdminPage('individual');
    await end(story.ports, { ...consent, linkHash: 'a link' }, 'declined');

    expect(story.recorded()).toMatchObject([{ acts: [[null, 'consent.refused', consent.consentHash, {}]] }]);
  });
});
