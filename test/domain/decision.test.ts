import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide, type Decision, type DecisionFacts, isKeptOnly, isOnHold } from '../../src/domain/decision.ts';
import { MODES } from '../../src/domain/mode.ts';
import { missingScopes, scopesForLevel } from '../../src/domain/permissions.ts';
import { type Action, type Control, type Reason, REASON_WORDS } from '../../src/domain/reasons.ts';
import { EMPTY_SELECTION, FULL_OFFER } from '../../src/domain/selection.ts';
import { isAtMost, type Level, OFF } from '../../src/domain/levels.ts';
import { CATEGORIES } from '../../src/domain/categories/categories.ts';
import { UNKNOWN_CONSENT_POLICY, type PolicyKind, type UserConsentKnowledge } from '../../src/domain/userConsent.ts';

const READ: Level = { sync: 'full', act: 'none', shared: false };
const HEADERS: Level = { sync: 'limited', act: 'none', shared: false };
const SEND: Level = { sync: 'off', act: 'send', shared: false };

/** Mara, connected, with mail chosen and granted. */
const MARA: DecisionFacts = {
  deployment: { cloud: 'supported', caps: FULL_OFFER, suspended: false },
  organization: { enabled: true, mode: 'individual', selection: EMPTY_SELECTION, pause: null },
  member: { disabled: false, guest: false, allowed: true },
  coverage: 'covered',
  userConsent: UNKNOWN_CONSENT_POLICY,
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
  return { ...UNKNOWN_CONSENT_POLICY, policy: { kind, at: '2026-11-20T08:00:00.000Z' } };
}

const organizationMode = {
  enabled: true,
  mode: 'organization',
  selection: { ...EMPTY_SELECTION, mail: READ },
  pause: null,
} as const;

const service = { ...organizationMode, mode: 'service' } as const;

function grant(state: DecisionFacts['grant']['value']['state'], revoked: readonly string[] = []) {
  return { value: { state, scopes: state === 'lost' ? ['Mail.Read'] : [], revoked }, checkedAt: null };
}

function mailbox(value: DecisionFacts['mailbox']['value']): Partial<DecisionFacts> {
  return { mailbox: { value, checkedAt: null } };
}

function off(reason: Reason, control: Control, action: Action): Decision {
  return { effective: OFF, control, reason, action, notes: [] };
}

/** One row a rule, and the whole decision in each. */
const RULES: readonly (readonly [string, Partial<DecisionFacts>, Decision])[] = [
  [
    'her choice is on and granted',
    {},
    { effective: READ, control: 'member', reason: 'onByOwnChoice', action: 'turnOff', notes: [] },
  ],
  ['her data is being erased', { erasing: ['mail'] }, off('erasing', 'member', 'wait')],
  [
    'the cloud is not supported',
    { deployment: { cloud: 'unsupported', caps: FULL_OFFER, suspended: false } },
    off('cloudNotSupported', 'operator', 'contactOperator'),
  ],
  [
    'the operator has suspended the organization',
    { deployment: { cloud: 'supported', caps: FULL_OFFER, suspended: true } },
    off('suspended', 'operator', 'contactOperator'),
  ],
  [
    'the organization turned everything off',
    { organization: { ...MARA.organization, enabled: false } },
    off('integrationOff', 'administrator', 'askAdministrator'),
  ],
  [
    'her account is disabled',
    { member: { disabled: true, guest: false, allowed: true } },
    off('memberDisabled', 'microsoft', 'askAdministrator'),
  ],
  [
    'she is a guest',
    { member: { disabled: false, guest: true, allowed: true } },
    off('guestHasNoMailbox', 'microsoft', 'none'),
  ],
  [
    'she is not among those with access',
    { member: { disabled: false, guest: false, allowed: false } },
    off('notAllowed', 'administrator', 'askAdministrator'),
  ],
  ['her mailbox is on-premises', mailbox('onPremises'), off('mailboxOnPremises', 'microsoft', 'askAdministrator')],
  ['she has no mailbox', mailbox('none'), off('mailboxNone', 'microsoft', 'askAdministrator')],
  ['she has no license', mailbox('unlicensed'), off('mailboxUnlicensed', 'microsoft', 'askAdministrator')],
  [
    'the plan has no mail',
    { deployment: { cloud: 'supported', caps: EMPTY_SELECTION, suspended: false } },
    off('notInPlan', 'operator', 'contactOperator'),
  ],
  [
    'she turned it off',
    { preference: { selection: EMPTY_SELECTION, pauses: {} }, grant: granted('User.Read') },
    off('offByOwnChoice', 'member', 'turnOn'),
  ],
  [
    'she paused it until she resumes it',
    { preference: { ...MARA.preference, pauses: { mail: { until: null } } } },
    { ...off('paused', 'member', 'resume'), until: null },
  ],
  [
    'she paused it for a while',
    { preference: { ...MARA.preference, pauses: { mail: { until: '2026-12-01T09:00:00.000Z' } } } },
    { ...off('paused', 'member', 'resume'), until: '2026-12-01T09:00:00.000Z' },
  ],
  [
    'the organization is paused',
    { organization: { ...MARA.organization, pause: { until: '2026-12-01T09:00:00.000Z' } } },
    { ...off('pausedByAdministrator', 'administrator', 'wait'), until: '2026-12-01T09:00:00.000Z' },
  ],
  ['the grant has not arrived', { grant: grant('propagating') }, off('consentPropagating', 'microsoft', 'wait')],
  ['the connection is lost', { grant: grant('lost') }, off('reauthenticate', 'member', 'reconnect')],
  [
    'nothing is granted, and whether members can consent is unknown',
    { grant: granted() },
    off('consentNeedsSomeone', 'member', 'consent'),
  ],
  [
    'nothing is granted, and members can consent',
    { grant: granted(), userConsent: known('anything') },
    off('consentNeeded', 'member', 'consent'),
  ],
  [
    'nothing is granted, and members cannot consent',
    { grant: granted(), userConsent: known('nothing') },
    off('consentNeedsAdministrator', 'microsoft', 'askAdministrator'),
  ],
  [
    'what she granted was revoked at Microsoft',
    { grant: grant('live', ['Mail.Read']) },
    off('consentRevoked', 'member', 'consent'),
  ],
  [
    'what she granted was revoked at Microsoft, and members cannot consent any longer',
    { grant: grant('live', ['Mail.Read']), userConsent: known('nothing') },
    off('consentNeedsAdministrator', 'microsoft', 'askAdministrator'),
  ],
  [
    'the tenant-wide grant was revoked at Microsoft',
    { organization: organizationMode, grant: grant('live', ['Mail.Read']) },
    off('consentRevoked', 'microsoft', 'askAdministrator'),
  ],
  [
    'less is granted than she chose',
    { grant: granted('Mail.ReadBasic') },
    { effective: HEADERS, control: 'member', reason: 'grantedLess', action: 'consent', notes: [] },
  ],
  [
    'less is granted than an admin chose',
    { organization: organizationMode, grant: granted('Mail.ReadBasic') },
    { effective: HEADERS, control: 'administrator', reason: 'grantedLess', action: 'askAdministrator', notes: [] },
  ],
  [
    'an admin turned it on',
    { organization: organizationMode },
    { effective: READ, control: 'administrator', reason: 'onByAdministrator', action: 'none', notes: [] },
  ],
  [
    'an admin turned it off',
    { organization: { ...organizationMode, selection: EMPTY_SELECTION }, grant: granted('User.Read') },
    off('offByAdministrator', 'administrator', 'askAdministrator'),
  ],
  [
    'the admin granted nothing of it',
    { organization: organizationMode, grant: granted() },
    off('consentNeedsAdministrator', 'microsoft', 'askAdministrator'),
  ],
  [
    'her mailbox is out of scope of the service account',
    { organization: service, coverage: 'notCovered' },
    off('notCovered', 'administrator', 'askAdministrator'),
  ],
  [
    'the service account reads her mailbox, and what is shared with her alone is not for an application',
    {
      organization: { ...service, selection: { ...EMPTY_SELECTION, mail: { ...READ, shared: true } } },
    },
    { effective: READ, control: 'administrator', reason: 'onByAdministrator', action: 'none', notes: [] },
  ],
];

describe('decide, rule by rule', () => {
  test.each(RULES)('when %s', (_when, change, decision) => {
    expect(decide('mail', facts(change))).toEqual(decision);
  });

  test('every reason has its row', () => {
    expect(new Set(RULES.map(([, , { reason }]) => reason))).toEqual(new Set(REASON_WORDS));
  });

  test('files are not in the mailbox, so a mailbox that is not there does not stop them', () => {
    const preference = { selection: { ...EMPTY_SELECTION, files: READ }, pauses: {} };

    expect(decide('files', facts({ ...mailbox('none'), preference, grant: granted('Files.Read') }))).toEqual({
      effective: READ,
      control: 'member',
      reason: 'onByOwnChoice',
      action: 'turnOff',
      notes: [],
    });
  });

  test('what was granted beyond the level is a note beside the outcome', () => {
    const preference = { selection: { ...EMPTY_SELECTION, mail: HEADERS }, pauses: {} };

    expect(decide('mail', facts({ preference }))).toEqual({
      effective: HEADERS,
      control: 'member',
      reason: 'onByOwnChoice',
      action: 'turnOff',
      notes: ['overConsented'],
    });
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

/** What becomes of what is stored, by reason: it waits for its streams, is kept only, or neither. */
const STANDING: Readonly<Record<Reason, 'waits' | 'kept' | 'neither'>> = {
  erasing: 'neither',
  cloudNotSupported: 'waits',
  suspended: 'waits',
  integrationOff: 'waits',
  memberDisabled: 'waits',
  guestHasNoMailbox: 'kept',
  notAllowed: 'kept',
  mailboxOnPremises: 'waits',
  mailboxNone: 'waits',
  mailboxUnlicensed: 'waits',
  notCovered: 'kept',
  notInPlan: 'kept',
  offByAdministrator: 'kept',
  offByOwnChoice: 'kept',
  paused: 'waits',
  pausedByAdministrator: 'waits',
  consentPropagating: 'waits',
  consentNeeded: 'waits',
  consentNeedsAdministrator: 'waits',
  consentNeedsSomeone: 'waits',
  consentRevoked: 'waits',
  reauthenticate: 'waits',
  grantedLess: 'neither',
  onByAdministrator: 'neither',
  onByOwnChoice: 'neither',
};

describe('what becomes of what is stored', () => {
  test.each(RULES)('when %s', (_when, _change, decision) => {
    expect({ waits: isOnHold(decision), kept: isKeptOnly(decision) }).toEqual({
      waits: STANDING[decision.reason] === 'waits',
      kept: STANDING[decision.reason] === 'kept',
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
    caps: fc.oneof(fc.constant(FULL_OFFER), selections),
    suspended: fc.boolean(),
  }),
  organization: fc.record({
    enabled: fc.boolean(),
    mode: fc.constantFrom(...MODES),
    selection: selections,
    pause: fc.constantFrom(null, { until: null }),
  }),
  member: fc.record({ disabled: fc.boolean(), guest: fc.boolean(), allowed: fc.boolean() }),
  coverage: fc.constantFrom('covered', 'notCovered'),
  userConsent: fc.constantFrom(UNKNOWN_CONSENT_POLICY, known('anything'), known('nothing'), known('managed')),
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
        expect(isAtMost(decide(category, known).effective, known.deployment.caps[category])).toBe(true);
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
            isAtMost(before, decide(category, { ...known, grant: { ...known.grant, value: more } }).effective),
          ).toBe(true);
        },
      ),
    );
  });
});
