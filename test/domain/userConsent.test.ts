import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  likelyRefusedSince,
  canUsersConsent,
  UNKNOWN_CONSENT_POLICY,
  POLICY_KINDS,
  policyKindOf,
  type UserConsentKnowledge,
  withGranted,
  withRefusal,
} from '../../src/domain/userConsent.ts';

const MONDAY = new Date('2026-11-16T08:00:00.000Z');
const TUESDAY = new Date('2026-11-17T08:00:00.000Z');

function policy(kind: (typeof POLICY_KINDS)[number], at = MONDAY): UserConsentKnowledge {
  return { ...UNKNOWN_CONSENT_POLICY, policy: { kind, at: at.toISOString() } };
}

describe('whether users may consent', () => {
  test('no one knows before there is evidence', () => {
    expect(canUsersConsent(UNKNOWN_CONSENT_POLICY, ['Mail.Read']).value).toBe('unknown');
  });

  test.each([
    ['anything', ['Mail.Read'], 'yes'],
    ['nothing', ['Mail.Send'], 'no'],
    ['managed', ['Mail.Read'], 'no'],
    ['managed', ['Calendars.Read'], 'no'],
    ['managed', ['Mail.Send'], 'yes'],
    ['low', ['Mail.Read'], 'unknown'],
    ['custom', ['Mail.Read'], 'unknown'],
  ] as const)('under the policy "%s", asking for %j: %s', (kind, scopes, value) => {
    expect(canUsersConsent(policy(kind), scopes)).toMatchObject({ value });
  });

  test('a permission that always needs an administrator is never offered to users', () => {
    expect(canUsersConsent(policy('anything'), ['Calendars.ReadBasic'])).toMatchObject({
      value: 'no',
      source: 'permission',
    });
  });

  test('a refusal of several together says nothing about one of them alone', () => {
    const known = withRefusal(UNKNOWN_CONSENT_POLICY, ['Mail.Read', 'Calendars.Read'], 'refusal', MONDAY);

    expect(canUsersConsent(known, ['Mail.Read', 'Calendars.Read']).value).toBe('no');
    expect(canUsersConsent(known, ['Mail.Read']).value).toBe('unknown');
  });

  test('a refusal of less speaks about a request for more', () => {
    const known = withRefusal(UNKNOWN_CONSENT_POLICY, ['Mail.Read'], 'said', MONDAY);

    expect(canUsersConsent(known, ['Mail.Read', 'Calendars.Read'])).toMatchObject({ value: 'no', source: 'said' });
  });

  test('what was granted since outweighs an older refusal and an older policy', () => {
    const refused = withRefusal(policy('nothing'), ['Mail.Read'], 'refusal', MONDAY);

    expect(canUsersConsent(withGranted(refused, ['Mail.Read'], TUESDAY), ['Mail.Read']).value).toBe('yes');
  });

  test('a policy that was read since outweighs what was granted before', () => {
    const granted = withGranted(UNKNOWN_CONSENT_POLICY, ['Mail.Read'], MONDAY);

    expect(canUsersConsent({ ...granted, ...policyPart('nothing', TUESDAY) }, ['Mail.Read']).value).toBe('no');
  });

  test('law: a later refusal of exactly what is asked is always believed', () => {
    const scope = fc.constantFrom('Mail.Read', 'Mail.Send', 'Calendars.Read');
    fc.assert(
      fc.property(
        fc.constantFrom(...POLICY_KINDS),
        fc.subarray(['Mail.Read', 'Mail.Send']),
        scope,
        (kind, ok, asked) => {
          const before = withGranted(policy(kind), ok, MONDAY);

          expect(canUsersConsent(withRefusal(before, [asked], 'refusal', TUESDAY), [asked]).value).toBe('no');
        },
      ),
    );
  });
});

function policyPart(kind: (typeof POLICY_KINDS)[number], at: Date) {
  return { policy: { kind, at: at.toISOString() } };
}

describe("D10 what one refusal says about the rest of Microsoft's managed list", () => {
  const refused = withRefusal(UNKNOWN_CONSENT_POLICY, ['Mail.Read'], 'refusal', new Date('2026-11-20T10:00:00Z'));

  test('the rest of the list is probably refused, and what is not on it is not', () => {
    expect(likelyRefusedSince(refused, ['Calendars.Read'])).toBe('2026-11-20T10:00:00.000Z');
    expect(likelyRefusedSince(refused, ['Tasks.Read', 'Contacts.Read'])).toBe('2026-11-20T10:00:00.000Z');
    expect(likelyRefusedSince(refused, ['Contacts.Read'])).toBeNull();
    expect(likelyRefusedSince(UNKNOWN_CONSENT_POLICY, ['Calendars.Read'])).toBeNull();
  });

  test('what is known is not guessed, and a grant since or a policy speaks against it', () => {
    const granted = withGranted(refused, ['Tasks.Read'], new Date('2026-11-21T10:00:00Z'));
    const read = { ...refused, policy: { kind: 'low', at: '2026-11-19T10:00:00.000Z' } } as const;
    const said = withRefusal(UNKNOWN_CONSENT_POLICY, ['Mail.Read'], 'said', new Date('2026-11-20T10:00:00Z'));

    expect(likelyRefusedSince(refused, ['Mail.Read'])).toBeNull();
    expect(likelyRefusedSince(granted, ['Calendars.Read'])).toBeNull();
    expect(likelyRefusedSince(read, ['Calendars.Read'])).toBeNull();
    expect(likelyRefusedSince(said, ['Calendars.Read'])).toBeNull();
  });
});

describe("Microsoft's policy ids", () => {
  test.each([
    [[], 'nothing'],
    [['ManagePermissionGrantsForOwnedResource.microsoft-dynamically-managed'], 'nothing'],
    [['ManagePermissionGrantsForSelf.microsoft-user-default-legacy'], 'anything'],
    [['managePermissionGrantsForSelf.microsoft-user-default-recommended'], 'managed'],
    [['ManagePermissionGrantsForSelf.microsoft-user-default-low'], 'low'],
    [['ManagePermissionGrantsForSelf.our-own-policy'], 'custom'],
    [
      [
        'ManagePermissionGrantsForSelf.microsoft-user-default-recommended',
        'ManagePermissionGrantsForSelf.microsoft-user-default-allow-consent-apps',
      ],
      'managed',
    ],
  ])('%j means %s', (assigned, kind) => {
    expect(policyKindOf(assigned)).toBe(kind);
  });
});

describe('what is remembered', () => {
  const refused = (scopes: readonly string[], at: Date, source: 'refusal' | 'said' = 'refusal') => ({
    scopes,
    source,
    at: at.toISOString(),
  });

  test('of the same permissions is the newest answer, in whatever order they were asked for', () => {
    const first = withRefusal(UNKNOWN_CONSENT_POLICY, ['Mail.Read', 'Tasks.Read'], 'refusal', MONDAY);

    expect(withRefusal(first, ['Tasks.Read', 'Mail.Read'], 'refusal', TUESDAY).refused).toEqual([
      refused(['Tasks.Read', 'Mail.Read'], TUESDAY),
    ]);
    expect(withRefusal(first, ['Mail.Read'], 'refusal', TUESDAY).refused).toEqual([
      refused(['Mail.Read', 'Tasks.Read'], MONDAY),
      refused(['Mail.Read'], TUESDAY),
    ]);
    expect(withRefusal(first, ['Mail.Read', 'Mail.Send'], 'refusal', TUESDAY).refused).toHaveLength(2);
  });

  test('from a person stands beside what Microsoft said', () => {
    const both = withRefusal(
      withRefusal(UNKNOWN_CONSENT_POLICY, ['Mail.Read'], 'refusal', MONDAY),
      ['Mail.Read'],
      'said',
      TUESDAY,
    );

    expect(both.refused).toEqual([refused(['Mail.Read'], MONDAY), refused(['Mail.Read'], TUESDAY, 'said')]);
  });

  test('are the last twenty refusals', () => {
    const scopes = Array.from({ length: 21 }, (_, index) => `Scope.${index}`);
    const all = scopes.reduce((known, scope) => withRefusal(known, [scope], 'said', MONDAY), UNKNOWN_CONSENT_POLICY);

    expect(all.refused.map(({ scopes: [scope] }) => scope)).toEqual(scopes.slice(1));
  });

  test('of what was granted is the newest time of each permission', () => {
    const first = withGranted(UNKNOWN_CONSENT_POLICY, ['Mail.Read', 'Tasks.Read'], MONDAY);

    expect(withGranted(first, ['Mail.Read'], TUESDAY)).toEqual({
      ...UNKNOWN_CONSENT_POLICY,
      granted: [
        { scope: 'Tasks.Read', at: MONDAY.toISOString() },
        { scope: 'Mail.Read', at: TUESDAY.toISOString() },
      ],
    });
  });
});

describe('the evidence', () => {
  test('is named with its age', () => {
    expect(canUsersConsent(UNKNOWN_CONSENT_POLICY, ['Mail.Read'])).toEqual({
      value: 'unknown',
      checkedAt: null,
      source: null,
    });
    expect(canUsersConsent(policy('anything'), ['Mail.Read'])).toEqual({
      value: 'yes',
      checkedAt: MONDAY.toISOString(),
      source: 'policy',
    });
    expect(
      canUsersConsent(withRefusal(UNKNOWN_CONSENT_POLICY, ['Mail.Read'], 'refusal', MONDAY), ['Mail.Read']),
    ).toEqual({ value: 'no', checkedAt: MONDAY.toISOString(), source: 'refusal' });
  });

  test('of several that were granted is as old as the oldest of them', () => {
    const granted = withGranted(withGranted(UNKNOWN_CONSENT_POLICY, ['Mail.Read'], TUESDAY), ['Tasks.Read'], MONDAY);

    expect(canUsersConsent(granted, ['Mail.Read', 'Tasks.Read'])).toEqual({
      value: 'yes',
      checkedAt: MONDAY.toISOString(),
      source: 'grant',
    });
  });

  test('of a grant of some says nothing of all, and nothing asked for proves nothing', () => {
    const granted = withGranted(UNKNOWN_CONSENT_POLICY, ['Mail.Read'], MONDAY);

    expect(canUsersConsent(granted, ['Mail.Read', 'Tasks.Read']).value).toBe('unknown');
    expect(canUsersConsent(granted, []).value).toBe('unknown');
  });

  test('of a person counts only where Microsoft has said nothing, however new it is', () => {
    const said = (known: UserConsentKnowledge) => withRefusal(known, ['Mail.Read'], 'said', TUESDAY);

    expect(canUsersConsent(said(policy('anything')), ['Mail.Read'])).toMatchObject({ value: 'yes', source: 'policy' });
    expect(canUsersConsent(said(policy('low')), ['Mail.Read'])).toMatchObject({ value: 'no', source: 'said' });
  });

  test('of the managed policy is about each permission: one that it keeps is enough', () => {
    expect(canUsersConsent(policy('managed'), ['Mail.Send', 'Mail.Read']).value).toBe('no');
    expect(canUsersConsent(policy('managed'), ['Mail.Send', 'Contacts.Read']).value).toBe('yes');
  });

  test('one permission that always needs an admin is enough', () => {
    expect(canUsersConsent(policy('anything'), ['Mail.Read', 'Calendars.ReadBasic'])).toEqual({
      value: 'no',
      checkedAt: null,
      source: 'permission',
    });
    expect(canUsersConsent(policy('anything'), ['Something.New']).value).toBe('yes');
  });
});

describe('what is probably refused', () => {
  const refusedAt = (at: Date, scopes = ['Mail.Read', 'Mail.Send']) =>
    withRefusal(UNKNOWN_CONSENT_POLICY, scopes, 'refusal', at);

  test('follows from one permission of the managed list among those that were refused', () => {
    expect(likelyRefusedSince(refusedAt(MONDAY), ['Calendars.Read'])).toBe(MONDAY.toISOString());
    expect(likelyRefusedSince(refusedAt(MONDAY, ['Mail.Send']), ['Calendars.Read'])).toBeNull();
  });

  test('is as old as the newest such refusal', () => {
    const twice = withRefusal(refusedAt(TUESDAY), ['Files.Read'], 'refusal', MONDAY);

    expect(likelyRefusedSince(twice, ['Calendars.Read'])).toBe(TUESDAY.toISOString());
  });

  test('is not, once something of that list was granted later; what is not on it, or was before, says nothing', () => {
    const granted = (scope: string, at: Date) => withGranted(refusedAt(MONDAY), [scope], at);

    expect(likelyRefusedSince(granted('Tasks.Read', TUESDAY), ['Calendars.Read'])).toBeNull();
    expect(likelyRefusedSince(granted('Tasks.Read', MONDAY), ['Calendars.Read'])).toBe(MONDAY.toISOString());
    expect(likelyRefusedSince(granted('Contacts.Read', TUESDAY), ['Calendars.Read'])).toBe(MONDAY.toISOString());
    expect(
      likelyRefusedSince(withGranted(UNKNOWN_CONSENT_POLICY, ['Tasks.Read'], MONDAY), ['Calendars.Read']),
    ).toBeNull();
  });
});

test.each([
  [['x.ManagePermissionGrantsForSelf.microsoft-user-default-legacy'], 'nothing'],
  [['ManagePermissionGrantsForSelf.'], 'nothing'],
  [['ManagePermissionGrantsForSelf.microsoft-user-default-allow-consent-apps'], 'nothing'],
  [
    [
      'ManagePermissionGrantsForSelf.microsoft-user-default-low',
      'ManagePermissionGrantsForSelf.microsoft-user-default-legacy',
    ],
    'anything',
  ],
  [
    ['ManagePermissionGrantsForSelf.microsoft-user-default-recommended', 'ManagePermissionGrantsForSelf.our-own'],
    'custom',
  ],
])('of several policies the widest counts, and only whole names: %j is %s', (assigned, kind) => {
  expect(policyKindOf(assigned)).toBe(kind);
});
