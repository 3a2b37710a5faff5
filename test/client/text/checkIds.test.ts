import { describe, expect, test } from '@jest/globals';
import { findingId, remedyId } from '../../../src/client/text/checkIds.ts';
import { CHECK_NAMES, CHECKS } from '../../../src/domain/checks.ts';
import screens from '../../../src/text/en/screens.json' with { type: 'json' };

const TEXTS = new Map(Object.entries(screens));
const FINDINGS = CHECK_NAMES.flatMap((check) =>
  Object.entries(CHECKS[check]).map(([finding, remedied]) => [check, finding, remedied === 'remedy'] as const),
);

describe.each(FINDINGS)('%s: %s', (check, finding, isRemedied) => {
  test('is a sentence', () => {
    const id = findingId(check, finding);

    expect(id === null ? '' : TEXTS.get(id)).toMatch(/\.$/);
  });

  test(`has ${isRemedied ? 'a remedy' : 'no remedy'}`, () => {
    const id = remedyId(check, finding);

    expect(id !== null).toBe(isRemedied);
    expect(id === null ? 'None.' : TEXTS.get(id)).toMatch(/\.$/);
  });
});

test.each(['neverSeen', '', 'mayNotConsent.remedy', 'constructor'])(
  'what another version found, %j, has neither text',
  (finding) => {
    expect([findingId('userConsent', finding), remedyId('userConsent', finding)]).toEqual([null, null]);
  },
);

test('a finding is not taken for that of another check', () => {
  expect([findingId('cloud', 'mayNotConsent'), remedyId('cloud', 'mayNotConsent')]).toEqual([null, null]);
});
