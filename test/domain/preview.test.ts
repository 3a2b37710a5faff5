import { expect, test } from '@jest/globals';
import type { DecisionFacts } from '../../src/domain/decision.ts';
import { previewChange } from '../../src/domain/preview.ts';
import { EMPTY_SELECTION, FULL_OFFER } from '../../src/domain/selection.ts';
import { OFF } from '../../src/domain/levels.ts';
import { UNKNOWN_CONSENT_POLICY } from '../../src/domain/userConsent.ts';

const HEADERS = { ...EMPTY_SELECTION, mail: { ...OFF, sync: 'limited' } } as const;

function factsWith(scopes: readonly string[]): DecisionFacts {
  return {
    deployment: { cloud: 'supported', caps: FULL_OFFER },
    organization: { enabled: true, mode: 'organization', selection: HEADERS, pause: null },
    member: { disabled: false, guest: false, allowed: true },
    coverage: 'covered',
    userConsent: UNKNOWN_CONSENT_POLICY,
    preference: { selection: HEADERS, pauses: {} },
    grant: { value: { state: 'live', scopes, revoked: [] }, checkedAt: '2026-11-21T09:00:00Z' },
    mailbox: { value: 'cloud', checkedAt: null },
    erasing: [],
  };
}

test.each([
  ['Mail.Read', 'no'],
  ['Mail.ReadBasic', 'no'],
  ['Calendars.Read', 'asked'],
])('back to everyone for themselves, with %s granted: Microsoft asks again: %s', (scope, signsIn) => {
  const facts = factsWith([scope]);
  const [after] = previewChange([{ memberId: 'a', facts, hasCredential: true, personalScopes: [] }], {
    mode: 'individual',
    selection: HEADERS,
  });

  expect(after?.requiredSignIn).toBe(signsIn);
});
