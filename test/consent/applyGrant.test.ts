/** A grant for everyone is there: what is recorded of it, whether it decides, and what it must not undo. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { applyDelegatedGrant, applyServiceGrant, evidenceFrom, type Shown } from '../../src/consent/applyGrant.ts';
import { makeLink, resolveLink, revokeLink, startFromLink } from '../../src/consent/handOff.ts';
import { hashOf } from '../../src/consent/secrets.ts';
import { OFF } from '../../src/domain/levels.ts';
import type { ConsentTransaction, ServiceGrant } from '../../src/domain/records.ts';
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

describe('what a token shows', () => {
  test.each([
    ['of someone who had consented to nothing proves it', ['Mail.Read'], [], { scopes: ['Mail.Read'], isProof: true }],
    [
      'of someone who had consented to it themselves proves nothing',
      ['Mail.Read'],
      ['Mail.Read'],
      { scopes: ['Mail.Read'], isProof: false },
    ],
    [
      'of someone who had consented to something else proves it, without that',
      ['Mail.Read', 'Calendars.Read'],
      ['Calendars.Read'],
      { scopes: ['Mail.Read'], isProof: true },
    ],
    [
      'that was granted beside it counts as granted to everyone',
      ['Mail.Read', 'Calendars.Read', 'User.Read', 'openid'],
      [],
      { scopes: ['Mail.Read', 'Calendars.Read'], isProof: true },
    ],
  ])('%s', (_what, scopes, personal, shown) => {
    expect(evidenceFrom(scopes, ['Mail.Read'], personal)).toEqual(shown);
  });

  test('of which one of two was consented to before proves neither', () => {
    const both = ['Mail.Read', 'Calendars.Read'];

    expect(evidenceFrom(both, both, ['Calendars.Read'])).toEqual({ scopes: both, isProof: false });
  });
});

const PROOF: Shown = { scopes: ['Mail.Read'], isProof: true };
const NO_PROOF: Shown = { scopes: ['Mail.Read'], isProof: false };

const newStory = openStories();
let story: ConsentStory;

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA, TOM);
  story.recorded();
});

const organization = () => story.ports.store.organization(story.tenantId);
const consentOf = ({ consentHash }: ConsentTransaction) => story.ports.store.consent(story.tenantId, consentHash);

/** Microsoft accepted what an id stands for, by someone's hand, and nothing shows it yet. */
async function proving(id: string, grantedBy = OWEN): Promise<ConsentTransaction> {
  await story.opens(id);
  const consentHash = hashOf(id);
  await story.ports.store.transact((writer) =>
    writer.advanceConsent(story.tenantId, consentHash, 'adminConsent', {
      step: 'proving',
      state: 'propagating',
      grantedBy,
      isQualified: true,
    }),
  );
  story.recorded();
  const consent = await story.ports.store.consent(story.tenantId, consentHash);
  return consent ?? Promise.reject(new Error('Nothing was asked'));
}

const deciding = async (selection = MAIL) => proving(await story.asksForEveryone(OWEN, { selection }));
const permitting = async () => proving(await story.asksForEveryone(OWEN, { mode: 'individual', selection: MAIL }));

describe('a decision for everyone', () => {
  test('that is proven takes effect as a whole, and is told to everyone', async () => {
    const consent = await deciding();
    const before = await organization();
    await applyDelegatedGrant(story.ports, consent, PROOF);

    expect(await consentOf(consent)).toMatchObject({ step: 'ended', state: 'verified', reason: null, grantedBy: OWEN });
    const after = await organization();
    expect(after?.version).toBeGreaterThan(before?.version ?? 0);
    expect(after).toEqual({
      ...before,
      mode: 'organization',
      selection: MAIL,
      epoch: (before?.epoch ?? 0) + 1,
      version: after?.version,
      grant: {
        state: 'verified',
        scopes: ['Mail.Read'],
        grantedBy: OWEN,
        grantedAt: story.now(),
        provenAt: story.now(),
        missing: [],
        missingSince: null,
        checkedAt: story.now(),
      },
    });
    const target = consent.consentHash;
    const detail = { scopes: ['Mail.Read'], proven: true, mode: 'organization' };
    expect(story.recorded()).toEqual([
      { acts: [[OWEN, 'grant.recorded', target, detail]], tell: [], wake: [] },
      {
        acts: [[OWEN, 'organization.modeChanged', target, { from: 'individual', to: 'organization' }]],
        tell: 'everyone',
        wake: 'everyone',
      },
    ]);
  });

  test('that no one can prove decides all the same, as a grant that is not proven', async () => {
    const consent = await deciding();
    await applyDelegatedGrant(story.ports, consent, NO_PROOF);

    expect(await consentOf(consent)).toMatchObject({ step: 'ended', state: 'grantedUnproven' });
    expect(await organization()).toMatchObject({ mode: 'organization', grant: { state: 'unproven', provenAt: null } });
  });

  test('replaces what was granted before, and what was missing of it', async () => {
    await story.decides(MAIL_AND_CALENDAR);
    await story.pass(16);
    story.microsoft.takeBack(['Calendars.Read']);
    await story.pass(16);
    const missing = (await organization())?.grant?.missing;
    await applyDelegatedGrant(story.ports, await deciding(), PROOF);

    expect(missing).toEqual(['Calendars.Read']);
    expect((await organization())?.grant).toMatchObject({ scopes: ['Mail.Read'], missing: [], missingSince: null });
  });

  test('brings its rules with it', async () => {
    const relevance = { ...AT_FIRST, excludedDomains: ['quillworks.example'] };
    const consent = await proving(await story.asksForEveryone(OWEN, { selection: MAIL, relevance }));
    await applyDelegatedGrant(story.ports, consent, PROOF);

    expect((await organization())?.relevance).toEqual(relevance);
  });

  test('takes effect once, of two that show it at the same time', async () => {
    const consent = await deciding();
    await Promise.all([
      applyDelegatedGrant(story.ports, consent, PROOF),
      applyDelegatedGrant(story.ports, consent, PROOF),
    ]);

    expect(story.recorded()).toHaveLength(2);
  });

  test.each([
    ['the settings were changed', () => story.changes({ enabled: true })],
    ['who asked lost their role', () => story.setMember(OWEN, { product_role: null })],
  ])('where %s meanwhile records the fact alone', async (_what, meanwhile) => {
    const consent = await deciding();
    await meanwhile();
    story.recorded();
    await applyDelegatedGrant(story.ports, consent, PROOF);

    expect(await organization()).toMatchObject({
      mode: 'individual',
      selection: EMPTY_SELECTION,
      grant: { state: 'verified', scopes: ['Mail.Read'] },
    });
    expect(story.recorded()).toMatchObject([
      { acts: [[OWEN, 'grant.recorded', consent.consentHash, {}]] },
      { acts: [], tell: 'everyone', wake: 'everyone' },
    ]);
  });

  test('that was overtaken says so, and adds to what is granted', async () => {
    await story.decides(MAIL_AND_CALENDAR);
    const consent = await deciding();
    await story.changes({ mode: 'individual' });
    await applyDelegatedGrant(story.ports, consent, PROOF);

    expect(await consentOf(consent)).toMatchObject({ state: 'refused', reason: 'superseded' });
    expect(await organization()).toMatchObject({
      mode: 'individual',
      grant: { scopes: ['Mail.Read', 'Calendars.Read'] },
    });
  });
});

describe('a grant that only permits', () => {
  test('turns nothing on for anyone, and everyone hears of it', async () => {
    const consent = await permitting();
    const before = await story.epochs();
    await applyDelegatedGrant(story.ports, consent, PROOF);

    expect(await consentOf(consent)).toMatchObject({ state: 'verified', reason: null });
    expect(await organization()).toMatchObject({ mode: 'individual', selection: EMPTY_SELECTION });
    expect([await story.reason(OWEN), await story.reason(MARA)]).toEqual(['offByOwnChoice', 'offByOwnChoice']);
    expect(await story.epochs()).toEqual(before);
    expect(story.recorded()).toEqual([
      {
        acts: [
          [OWEN, 'grant.recorded', consent.consentHash, { scopes: ['Mail.Read'], proven: true, mode: 'individual' }],
        ],
        tell: [],
        wake: [],
      },
      { acts: [], tell: 'everyone', wake: 'everyone' },
    ]);
  });

  test.each([
    ['shows it', PROOF, []],
    ['does not prove it', NO_PROOF, ['Mail.Read']],
  ])('adds to what was granted; what was missing is there again where a token %s', async (_what, shown, missing) => {
    await story.decides(MAIL_AND_CALENDAR);
    await story.changes({ mode: 'individual' });
    await story.pass(16);
    story.microsoft.takeBack(['Mail.Read']);
    await story.pass(16);
    const missingSince = (await organization())?.grant?.missingSince;
    await applyDelegatedGrant(story.ports, await permitting(), shown);

    expect(missingSince).toBeInstanceOf(Date);
    expect((await organization())?.grant).toMatchObject({
      scopes: ['Mail.Read', 'Calendars.Read'],
      missing,
      missingSince: missing.length === 0 ? null : missingSince,
    });
  });
});

describe('what a member asked for by a link', () => {
  let consent: ConsentTransaction;
  let asked: ConsentTransaction;

  beforeEach(async () => {
    const begun = await story.changesSync(MARA, { selection: { mail: READ } });
    const id = begun.kind === 'consentRequired' ? begun.consent.id : begun.kind;
    const origin = await story.ports.store.consent(story.tenantId, hashOf(id));
    asked = origin ?? (await Promise.reject(new Error('Nothing was asked')));
    const { token } = await makeLink(story.ports, story.as(MARA), asked);
    const link = await resolveLink(story.ports, token);
    consent = await proving(link.kind === 'link' ? await startFromLink(story.ports, link) : link.kind);
  });

  test('is on once it is permitted, for that member alone', async () => {
    await applyDelegatedGrant(story.ports, consent, PROOF);

    expect((await story.ports.store.member(story.tenantId, MARA))?.preference).toEqual(MAIL);
    expect((await story.ports.store.member(story.tenantId, TOM))?.preference).toEqual(EMPTY_SELECTION);
    expect(story.recorded()).toMatchObject([
      { acts: [[OWEN, 'grant.recorded', consent.consentHash, {}]] },
      { acts: [[MARA, 'sync.changed', MARA, { mail: READ }]], tell: [MARA], wake: [MARA] },
      { acts: [], tell: 'everyone', wake: 'everyone' },
    ]);
  });

  test.each([
    ['the link was taken back', () => revokeLink(story.ports, story.as(MARA), asked.consentHash)],
    ['the member turned something off', () => story.changesSync(MARA, { selection: { tasks: OFF } })],
    [
      'the member chose otherwise',
      () => story.ports.store.transact((writer) => writer.raiseEpoch(story.tenantId, MARA)),
    ],
    [
      'an administrator decided',
      () => story.ports.store.transact((writer) => writer.changeOrganization(story.tenantId, { mode: 'organization' })),
    ],
  ])('stays off where %s since, although it is permitted', async (_what, meanwhile) => {
    await meanwhile();
    await applyDelegatedGrant(story.ports, consent, PROOF);

    expect((await story.ports.store.member(story.tenantId, MARA))?.preference).toEqual(EMPTY_SELECTION);
    expect((await organization())?.grant).toMatchObject({ scopes: ['Mail.Read'] });
  });
});

describe('a grant to the application', () => {
  const service = (state: ServiceGrant['state']): ServiceGrant => ({
    state,
    grantedBy: OWEN,
    grantedAt: story.now().toISOString(),
    checkedAt: story.now().toISOString(),
    attemptedAt: story.now().toISOString(),
    reached: ['mail'],
    canary: state === 'verified' ? 'refused' : 'notNamed',
    probedId: MARA,
  });

  beforeEach(async () => {
    await story.covers({ kind: 'people', memberIds: [MARA] });
  });

  test.each([
    ['verified', 'verified', 'refused'],
    ['unproven', 'grantedUnproven', 'notNamed'],
  ] as const)('that is %s takes effect, and every refresh token goes', async (state, ended, canary) => {
    const consent = await proving(await story.asksForEveryone(OWEN, { mode: 'service', selection: MAIL }));
    const sealed = await story.sealedCredential(TOM);
    await applyServiceGrant(story.ports, consent, service(state));

    expect(sealed).not.toBeNull();
    expect(await story.sealedCredential(TOM)).toBeNull();
    expect(await story.restoresCredential(TOM, sealed)).toBeNull();
    expect(await consentOf(consent)).toMatchObject({ step: 'ended', state: ended });
    expect(await organization()).toMatchObject({ mode: 'service', selection: MAIL, service: service(state) });
    expect(story.recorded()).toMatchObject([
      { acts: [[OWEN, 'grant.recorded', consent.consentHash, { scopes: ['mail'], canary, mode: 'service' }]] },
      { wake: [MARA] },
      { acts: [[OWEN, 'organization.modeChanged', consent.consentHash, { from: 'individual', to: 'service' }]] },
    ]);
  });

  test('that was overtaken leaves everyone their refresh token', async () => {
    const consent = await proving(await story.asksForEveryone(OWEN, { mode: 'service', selection: MAIL }));
    await story.changes({ enabled: true });
    await applyServiceGrant(story.ports, consent, service('verified'));

    expect(await story.ports.vault.read(story.tenantId, TOM)).not.toBeNull();
    expect(await consentOf(consent)).toMatchObject({ state: 'refused', reason: 'superseded' });
    expect((await organization())?.mode).toBe('individual');
  });
});
