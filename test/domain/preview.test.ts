import { describe, expect, test } from '@jest/globals';
import type { DecisionFacts } from '../../src/domain/decision.ts';
import type { Mode } from '../../src/domain/mode.ts';
import { type PersonAfter, type PersonBefore, previewChange } from '../../src/domain/preview.ts';
import { EMPTY_SELECTION, FULL_OFFER, type Selection } from '../../src/domain/selection.ts';
import { OFF } from '../../src/domain/levels.ts';
import { UNKNOWN_CONSENT_POLICY } from '../../src/domain/userConsent.ts';

const HEADERS: Selection = { ...EMPTY_SELECTION, mail: { ...OFF, sync: 'limited' } };
const CALENDARS: Selection = { ...EMPTY_SELECTION, calendar: { ...OFF, sync: 'full' } };

interface Before {
  readonly mode?: Mode;
  readonly selection?: Selection;
  readonly preference?: Selection;
  readonly scopes?: readonly string[];
  readonly state?: DecisionFacts['grant']['value']['state'];
  readonly revoked?: readonly string[];
  readonly coverage?: DecisionFacts['coverage'];
}

function factsWith({
  mode = 'organization',
  selection = HEADERS,
  preference = HEADERS,
  scopes = [],
  state = 'live',
  revoked = [],
  coverage = 'covered',
}: Before): DecisionFacts {
  return {
    deployment: { cloud: 'supported', caps: FULL_OFFER, suspended: false },
    organization: { enabled: true, mode, selection, pause: null },
    member: { disabled: false, guest: false, allowed: true },
    coverage,
    userConsent: UNKNOWN_CONSENT_POLICY,
    preference: { selection: preference, pauses: {} },
    grant: { value: { state, scopes, revoked }, checkedAt: '2026-11-21T09:00:00Z' },
    mailbox: { value: 'cloud', checkedAt: null },
    erasing: [],
  };
}

const person = (before: Before, change: Partial<PersonBefore> = {}): PersonBefore => ({
  memberId: 'mara',
  facts: factsWith(before),
  hasCredential: true,
  personalScopes: [],
  ...change,
});

const after = (who: PersonBefore, mode: Mode, selection: Selection = HEADERS) =>
  previewChange([who], { mode, selection })[0];

const unchanged: PersonAfter = { memberId: 'mara', on: [], starts: [], stops: [], requiredSignIn: 'no' };

test('everyone is looked at, in the order given', () => {
  const people = [person({}), { ...person({}), memberId: 'owen' }];

  expect(previewChange(people, { mode: 'organization', selection: HEADERS }).map(({ memberId }) => memberId)).toEqual([
    'mara',
    'owen',
  ]);
});

describe('what starts and what stops', () => {
  test('is what is on after and was not, and the reverse', () => {
    const reading = person({ scopes: ['Mail.ReadBasic'] });

    expect(after(reading, 'organization', CALENDARS)).toEqual({
      ...unchanged,
      on: ['calendar'],
      starts: ['calendar'],
      stops: ['mail'],
    });
  });

  test('is nothing where the same is chosen again', () => {
    expect(after(person({ scopes: ['Mail.ReadBasic'] }), 'organization')).toEqual({ ...unchanged, on: ['mail'] });
  });

  test('takes the grant as given that the change asks for, and what was revoked as granted again', () => {
    const revoked = person({ scopes: [], revoked: ['Mail.ReadBasic'] });

    expect(after(revoked, 'organization')).toEqual({ ...unchanged, on: ['mail'], starts: ['mail'] });
  });
});

describe('a person without a connection', () => {
  test.each(['lost', 'unknown'] as const)('that is %s starts nothing in a mode that needs their own token', (state) => {
    expect(after(person({ state }, { hasCredential: false }), 'organization')).toEqual({
      ...unchanged,
      requiredSignIn: 'silently',
    });
  });

  test('starts in service mode, which needs none', () => {
    const absent = person({ mode: 'organization', state: 'unknown' }, { hasCredential: false });

    expect(after(absent, 'service')).toEqual({ ...unchanged, on: ['mail'], starts: ['mail'] });
  });

  test('starts nothing in service mode where nobody covers them', () => {
    expect(after(person({ coverage: 'notCovered' }), 'service')).toEqual(unchanged);
  });

  test('whose live grant has no refresh token behind it signs in silently', () => {
    const tokenless = person({ mode: 'service', state: 'live', scopes: ['Mail.ReadBasic'] }, { hasCredential: false });

    expect(after(tokenless, 'organization')).toEqual({ ...unchanged, on: ['mail'], requiredSignIn: 'silently' });
  });
});

describe('back to everyone for themselves', () => {
  test.each([
    ['Mail.Read', 'no', ['mail']],
    ['Mail.ReadBasic', 'no', ['mail']],
    ['Calendars.Read', 'asked', []],
  ] as const)('with %s granted: Microsoft asks again: %s', (scope, requiredSignIn, on) => {
    expect(after(person({ scopes: [scope] }), 'individual')).toEqual({ ...unchanged, on, requiredSignIn });
  });

  test('who wants nothing is asked nothing, whatever was granted', () => {
    const uninterested = person({ preference: EMPTY_SELECTION, selection: EMPTY_SELECTION }, { hasCredential: false });

    expect(after(uninterested, 'individual')).toEqual(unchanged);
  });

  test('from service mode only what the person granted alone is left', () => {
    const served = { mode: 'service', scopes: ['Mail.ReadBasic'] } as const;

    expect(after(person(served), 'individual')).toEqual({ ...unchanged, stops: ['mail'], requiredSignIn: 'asked' });
    expect(after(person(served, { personalScopes: ['Mail.ReadBasic'] }), 'individual')).toEqual({
      ...unchanged,
      on: ['mail'],
    });
  });

  test('what was granted for everyone stays at Microsoft, and is enough with a sign-in', () => {
    const granted = person({ scopes: ['Mail.ReadBasic'] }, { hasCredential: false });

    expect(after(granted, 'individual')).toEqual({ ...unchanged, on: ['mail'], requiredSignIn: 'silently' });
  });
});
