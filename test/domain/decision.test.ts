import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide, type DecisionFacts, type Reason } from '../../src/domain/decision.ts';
import { MODES } from '../../src/domain/mode.ts';
import { missingScopes, scopesForLevel } from '../../src/domain/permissions.ts';
import { EMPTY_SELECTION, isWithin, type Level, MOST_OFFERED, OFF, CATEGORIES } from '../../src/domain/selection.ts';
import { NOTHING_KNOWN, type PolicyKind, type UserConsentKnowledge } from '../../src/domain/userConsent.ts';

const READ: Level = { sync: 'full', act: 'none', shared: false };
const HEADERS: Level = { sync: 'limited', act: 'none', shared: false };
const SEND: Level = { sync: 'off', act: 'send', shared: false };

/** Mara, connected, with mail chosen and granted. */
const MARA: DecisionFacts = {
  deployment: { cloud: 'supported', caps: MOST_OFFERED },
  organization: { enabled: true, mode: 'individual', selection: EMPTY_SELECTION, pause: null },
  member: { disabled: false, guest: false, allowed: true },
  coverage: 'covered',
  userConsent: NOTHING_KNOWN,
  preference: { selection: { ...EMPTY_SELECTION, mail: READ }, pauses: {} },
  grant: { value: { state: 'live', scopes: ['User.Read', 'Mail.Read'], revoked: [] }, checkedAt: null },
  mailbox: { value: 'unknown', checkedAt: null },
  erasing: [],
};

function facts(change: Partial<DecisionFacts>): DecisionFacts {
  return { ...MARA, ...change };
}

function granted(...scopes: string[]): DecisionFacts['grant'] {
  return { value: { state: 'live', scopes, revoked: [] }, checkedAt: null };
}

function known(kind: PolicyKind): UserConsentKnowledge {
  return { ...NOTHING_KNOWN, policy: { kind, at: '2026-11-20T08:00:00.000Z' } };
}

const organizationMode = {
  enabled: true,
  mode: 'organization',
  selection: { ...EMPTY_SELECTION, mail: READ },
  pause: null,
} as const;

describe('decide, rule by rule', () => {
  test.each<[string, Partial<DecisionFacts>, Reason]>([
    ['her choice is on and granted', {}, 'onByOwnChoice'],
    ['her data is being erased', { erasing: ['mail'] }, 'erasing'],
    ['the cloud is not supported', { deployment: { cloud: 'unsupported', caps: MOST_OFFERED } }, 'cloudNotSupported'],
    ['the integration is off', { organization: { ...MARA.organization, enabled: false } }, 'integrationOff'],
    ['her account is disabled', { member: { disabled: true, guest: false, allowed: true } }, 'memberDisabled'],
    ['she is a guest', { member: { disabled: false, guest: true, allowed: true } }, 'guestHasNoMailbox'],
    [
      'she is outside of the people who may',
      { member: { disabled: false, guest: false, allowed: false } },
      'notAllowed',
    ],
    ['her mailbox is on premises', { mailbox: { value: 'onPremises', checkedAt: null } }, 'mailboxOnPremises'],
    ['she has no licence', { mailbox: { value: 'unlicensed', checkedAt: null } }, 'mailboxUnlicensed'],
    ['the plan has no mail', { deployment: { cloud: 'supported', caps: EMPTY_SELECTION } }, 'notInPlan'],
    ['she turned it off', { preference: { selection: EMPTY_SELECTION, pauses: {} } }, 'offByOwnChoice'],
    ['she paused it', { preference: { ...MARA.preference, pauses: { mail: { until: null } } } }, 'paused'],
    [
      'the organization is paused',
      { organization: { ...MARA.organization, pause: { until: null } } },
      'pausedByAdministrator',
    ],
    [
      'the grant has not arrived',
      { grant: { value: { state: 'propagating', scopes: [], revoked: [] }, checkedAt: null } },
      'consentPropagating',
    ],
    [
      'the connection is lost',
      { grant: { value: { state: 'lost', scopes: ['Mail.Read'], revoked: [] }, checkedAt: null } },
      'reauthenticate',
    ],
    ['nothing is granted and nobody knows who may', { grant: granted() }, 'consentNeedsSomeone'],
    ['nothing is granted and users may', { grant: granted(), userConsent: known('anything') }, 'consentNeeded'],
    [
      'nothing is granted and users may not',
      { grant: granted(), userConsent: known('nothing') },
      'consentNeedsAdministrator',
    ],
    [
      'what she granted was taken back at Microsoft',
      { grant: { value: { state: 'live', scopes: [], revoked: ['Mail.Read'] }, checkedAt: null } },
      'consentRevoked',
    ],
    [
      'the tenant-wide grant was taken back at Microsoft',
      {
        organization: organizationMode,
        grant: { value: { state: 'live', scopes: [], revoked: ['Mail.Read'] }, checkedAt: null },
      },
      'consentRevoked',
    ],
    ['less is granted than she chose', { grant: granted('Mail.ReadBasic') }, 'grantedLess'],
    ['an administrator turned it on', { organization: organizationMode }, 'onByAdministrator'],
    [
      'an administrator turned it off',
      { organization: { ...organizationMode, selection: EMPTY_SELECTION } },
      'offByAdministrator',
    ],
    [
      'the administrator granted nothing of it',
      { organization: organizationMode, grant: granted() },
      'consentNeedsAdministrator',
    ],
    [
      'service mode does not cover her',
      { organization: { ...organizationMode, mode: 'service' }, coverage: 'notCovered' },
      'notCovered',
    ],
  ])('when %s', (_when, change, reason) => {
    expect(decide('mail', facts(change)).reason).toBe(reason);
  });

  test('what was granted beyond the level is a note beside the outcome', () => {
    const preference = { selection: { ...EMPTY_SELECTION, mail: HEADERS }, pauses: {} };

    expect(decide('mail', facts({ preference }))).toMatchObject({ effective: HEADERS, notes: ['overConsented'] });
  });

  test('"send only" of an earlier version is off, and what was granted for it is named as unused', () => {
    const organization = { ...organizationMode, selection: { ...EMPTY_SELECTION, mail: SEND } };

    expect(decide('mail', facts({ organization, grant: granted('Mail.Send') }))).toEqual({
      effective: OFF,
      control: 'administrator',
      reason: 'offByAdministrator',
      action: 'askAdministrator',
      notes: ['overConsented'],
    });
  });
});

const levels = fc.record({
  sync: fc.constantFrom('off', 'limited', 'full'),
  act: fc.constantFrom('none', 'send', 'write'),
  shared: fc.boolean(),
}) satisfies fc.Arbitrary<Level>;

const selections = fc.record({ mail: levels, calendar: levels }).map((chosen) => ({ ...EMPTY_SELECTION, ...chosen }));

const anyFacts: fc.Arbitrary<DecisionFacts> = fc.record({
  deployment: fc.record({
    cloud: fc.constantFrom('supported', 'unsupported'),
    caps: fc.oneof(fc.constant(MOST_OFFERED), selections),
  }),
  organization: fc.record({
    enabled: fc.boolean(),
    mode: fc.constantFrom(...MODES),
    selection: selections,
    pause: fc.constantFrom(null, { until: null }),
  }),
  member: fc.record({ disabled: fc.boolean(), guest: fc.boolean(), allowed: fc.boolean() }),
  coverage: fc.constantFrom('covered', 'notCovered'),
  userConsent: fc.constantFrom(NOTHING_KNOWN, known('anything'), known('nothing'), known('managed')),
  preference: fc.record({ selection: selections, pauses: fc.constantFrom({}, { mail: { until: null } }) }),
  grant: fc.record({
    value: fc.record({
      state: fc.constantFrom('unknown', 'propagating', 'live', 'lost'),
      scopes: fc.subarray([
        'User.Read',
        'Mail.ReadBasic',
        'Mail.Read',
        'Mail.Send',
        'Calendars.ReadBasic',
        'Calendars.Read',
      ]),
      revoked: fc.subarray(['Mail.Read', 'Calendars.Read']),
    }),
    checkedAt: fc.constant(null),
  }),
  mailbox: fc.record({
    value: fc.constantFrom('unknown', 'cloud', 'onPremises', 'none', 'unlicensed'),
    checkedAt: fc.constant(null),
  }),
  erasing: fc.subarray(['mail', 'calendar']),
});

const anyCategory = fc.constantFrom(...CATEGORIES);

describe('laws of the decision', () => {
  test('nothing is effective without a live grant that covers it', () => {
    fc.assert(
      fc.property(anyCategory, anyFacts, (category, known) => {
        const { effective } = decide(category, known);
        const missing = missingScopes(known.grant.value.scopes, scopesForLevel(category, effective));
        expect(missing).toEqual([]);
        const isOff = effective.sync === 'off' && effective.act === 'none';
        expect(isOff || ['live', 'propagating'].includes(known.grant.value.state)).toBe(true);
      }),
    );
  });

  test("in individual mode a member's own 'off' is never overruled", () => {
    fc.assert(
      fc.property(anyCategory, anyFacts, (category, known) => {
        const preference = { ...known.preference, selection: { ...known.preference.selection, [category]: OFF } };
        const organization = { ...known.organization, mode: 'individual' as const };
        expect(decide(category, { ...known, preference, organization }).effective).toEqual(OFF);
      }),
    );
  });

  test('outside of individual mode a preference changes nothing but a pause', () => {
    fc.assert(
      fc.property(anyCategory, anyFacts, selections, (category, known, selection) => {
        fc.pre(known.organization.mode !== 'individual');
        const other = { ...known, preference: { ...known.preference, selection } };
        expect(decide(category, other)).toEqual(decide(category, known));
      }),
    );
  });

  test("nothing is effective beyond the operator's plan", () => {
    fc.assert(
      fc.property(anyCategory, anyFacts, (category, known) => {
        expect(isWithin(decide(category, known).effective, known.deployment.caps[category])).toBe(true);
      }),
    );
  });

  test('granting more never takes anything away', () => {
    fc.assert(
      fc.property(
        anyCategory,
        anyFacts,
        fc.constantFrom('Mail.Read', 'Mail.Send', 'Calendars.Read'),
        (category, known, scope) => {
          const more = { ...known.grant.value, scopes: [...known.grant.value.scopes, scope] };
          const before = decide(category, known).effective;
          expect(
            isWithin(before, decide(category, { ...known, grant: { ...known.grant, value: more } }).effective),
          ).toBe(true);
        },
      ),
    );
  });
});
