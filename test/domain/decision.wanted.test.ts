/** What was chosen, what it needs, and what a decision means for streams and for what is stored. */
import { describe, expect, test } from '@jest/globals';
import {
  decide,
  type Decision,
  type DecisionFacts,
  isKeptOnly,
  isOnHold,
  stillWanted,
  wantedLevel,
  wantedScopes,
} from '../../src/domain/decision.ts';
import type { Category } from '../../src/domain/categories/categories.ts';
import { type Level, OFF } from '../../src/domain/levels.ts';
import type { Reason } from '../../src/domain/reasons.ts';
import { EMPTY_SELECTION, FULL_OFFER } from '../../src/domain/selection.ts';
import { UNKNOWN_CONSENT_POLICY } from '../../src/domain/userConsent.ts';

const READ: Level = { sync: 'full', act: 'none', shared: false };
const SHARED: Level = { sync: 'full', act: 'none', shared: true };
const HEADERS: Level = { sync: 'limited', act: 'none', shared: false };

const MARA: DecisionFacts = {
  deployment: { cloud: 'supported', caps: FULL_OFFER, suspended: false },
  organization: {
    enabled: true,
    mode: 'individual',
    selection: { ...EMPTY_SELECTION, calendar: READ, mail: SHARED },
    pause: null,
  },
  member: { disabled: false, guest: false, allowed: true },
  coverage: 'covered',
  userConsent: UNKNOWN_CONSENT_POLICY,
  preference: { selection: { ...EMPTY_SELECTION, mail: READ, tasks: READ }, pauses: {} },
  grant: { value: { state: 'live', scopes: ['Mail.Read', 'Tasks.Read'], revoked: [] }, checkedAt: null },
  mailbox: { value: 'cloud', checkedAt: null },
  erasing: [],
};

const inMode = (mode: DecisionFacts['organization']['mode'], change: Partial<DecisionFacts> = {}): DecisionFacts => ({
  ...MARA,
  ...change,
  organization: { ...MARA.organization, mode },
});

describe('what is wanted', () => {
  test.each([
    ['individual', READ],
    ['organization', SHARED],
    // No application reads what is shared with a person.
    ['service', READ],
  ] as const)('in %s mode is what whoever decides chose', (mode, level) => {
    expect(wantedLevel('mail', inMode(mode))).toEqual(level);
  });

  test("is never more than the operator's plan", () => {
    const caps = { ...FULL_OFFER, mail: HEADERS };

    expect(
      wantedLevel('mail', inMode('organization', { deployment: { cloud: 'supported', caps, suspended: false } })),
    ).toEqual(HEADERS);
  });

  test.each([
    ['individual', ['Mail.Read', 'Tasks.Read']],
    ['organization', ['Mail.Read', 'Mail.Read.Shared', 'Calendars.Read']],
    ['service', ['Mail.Read', 'Calendars.Read']],
  ] as const)('in %s mode needs %j, of all categories', (mode, scopes) => {
    expect(wantedScopes(inMode(mode))).toEqual(scopes);
  });

  test('of a preference goes on without what was revoked at Microsoft', () => {
    const reasons: Partial<Record<Category, Reason>> = { mail: 'consentRevoked', tasks: 'onByOwnChoice' };
    const preference = { ...MARA.preference.selection, calendar: HEADERS };

    expect(stillWanted(preference, (category) => reasons[category])).toEqual({ ...preference, mail: OFF });
    expect(stillWanted(preference, () => undefined)).toEqual(preference);
  });
});

describe('who the rules are for', () => {
  test('a list of covered people counts in service mode only', () => {
    const outside = { coverage: 'notCovered' } as const;

    expect(decide('mail', inMode('service', outside)).reason).toBe('notCovered');
    expect(decide('tasks', inMode('individual', outside)).reason).toBe('onByOwnChoice');
  });

  test("a member's own pause counts in individual mode only", () => {
    const preference = { ...MARA.preference, pauses: { mail: { until: '2026-12-01T00:00:00Z' } } };
    const grant = {
      value: { state: 'live', scopes: ['Mail.Read', 'Mail.Read.Shared'], revoked: [] },
      checkedAt: null,
    } as const;

    expect(decide('mail', inMode('individual', { preference }))).toMatchObject({
      reason: 'paused',
      until: '2026-12-01T00:00:00Z',
    });
    expect(decide('mail', inMode('organization', { preference, grant })).reason).toBe('onByAdministrator');
  });
});

describe('a grant that lacks something', () => {
  const granted = (
    state: DecisionFacts['grant']['value']['state'],
    scopes: readonly string[],
    revoked: readonly string[] = [],
  ) => inMode('organization', { grant: { value: { state, scopes, revoked }, checkedAt: null } });

  test.each([
    ['propagating', ['Mail.Read'], 'consentPropagating'],
    ['propagating', ['Mail.Read', 'Mail.Read.Shared'], 'onByAdministrator'],
    ['unknown', ['Mail.Read', 'Mail.Read.Shared'], 'consentNeedsAdministrator'],
    ['live', ['Mail.Read'], 'grantedLess'],
    ['live', [], 'consentNeedsAdministrator'],
  ] as const)('while it is %s, with %j: %s', (state, scopes, reason) => {
    expect(decide('mail', granted(state, scopes)).reason).toBe(reason);
  });

  test('was revoked as soon as one of what is missing was', () => {
    expect(decide('mail', granted('live', [], ['Mail.Read.Shared'])).reason).toBe('consentRevoked');
  });
});

describe('what a decision means', () => {
  const decision = (reason: Reason, effective: Level): Decision => ({
    effective,
    reason,
    control: 'member',
    action: 'none',
    notes: [],
  });

  test.each([
    ['paused', OFF, { onHold: true, keptOnly: false }],
    ['offByOwnChoice', OFF, { onHold: false, keptOnly: true }],
    ['erasing', OFF, { onHold: false, keptOnly: false }],
    ['onByOwnChoice', READ, { onHold: false, keptOnly: false }],
    ['grantedLess', HEADERS, { onHold: false, keptOnly: false }],
    // What is read is neither, whatever the reason.
    ['paused', READ, { onHold: false, keptOnly: false }],
    ['offByOwnChoice', READ, { onHold: false, keptOnly: false }],
  ] as const)('%s at %j', (reason, effective, meaning) => {
    const made = decision(reason, effective);

    expect({ onHold: isOnHold(made), keptOnly: isKeptOnly(made) }).toEqual(meaning);
  });
});
