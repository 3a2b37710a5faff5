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
