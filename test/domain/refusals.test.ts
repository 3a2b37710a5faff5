/** Every AADSTS number that the platform's documentation names becomes one refusal, with a sentence and an action. */
import { describe, expect, test } from '@jest/globals';
import english from '../../src/text/en/screens.json' with { type: 'json' };
import {
  aadstsNumber,
  numberedRefusal,
  storedRefusal,
  type Refusal,
  endsGrant,
  refusalOf,
  REFUSAL_WORDS,
  REFUSALS,
} from '../../src/domain/refusals.ts';

const DOCUMENTED: readonly (readonly [number, Refusal])[] = [
  [65001, 'notGranted'],
  [700005, 'wrongAccount'],
  [65004, 'declined'],
  [90094, 'administratorRequired'],
  [90095, 'approvalRequested'],
  [65005, 'misconfigured'],
  [650052, 'notAdmitted'],
  [650056, 'misconfigured'],
  [650057, 'misconfigured'],
  [50074, 'conditionalAccess'],
  [50076, 'conditionalAccess'],
  [50078, 'conditionalAccess'],
  [50079, 'conditionalAccess'],
  [50158, 'conditionalAccess'],
  [53000, 'conditionalAccess'],
  [53001, 'conditionalAccess'],
  [53002, 'conditionalAccess'],
  [53003, 'conditionalAccess'],
  [530032, 'conditionalAccess'],
  [50013, 'signInAgain'],
  [500133, 'signInAgain'],
  [50173, 'signInAgain'],
  [50132, 'signInAgain'],
  [50133, 'signInAgain'],
  [70008, 'signInAgain'],
  [700082, 'signInAgain'],
  [70043, 'signInAgain'],
  [700084, 'signInAgain'],
  [50058, 'signInAgain'],
  [50059, 'signInAgain'],
  [50196, 'signInAgain'],
  [50105, 'notAssigned'],
  [50020, 'wrongAccount'],
  [16000, 'wrongAccount'],
  [50034, 'wrongAccount'],
  [90072, 'wrongAccount'],
  [50057, 'accountDisabled'],
  [50194, 'misconfigured'],
  [700016, 'notAdmitted'],
  [700011, 'notAdmitted'],
  [500011, 'notAdmitted'],
  [7000215, 'misconfigured'],
  [7000222, 'misconfigured'],
  [70002, 'misconfigured'],
  [700027, 'misconfigured'],
  [7000218, 'misconfigured'],
  [9002313, 'misconfigured'],
  [900144, 'misconfigured'],
  [90014, 'misconfigured'],
  [7000112, 'appDisabled'],
  [7000114, 'misconfigured'],
  [90002, 'misconfigured'],
  [90038, 'cloudNotSupported'],
];

describe('what Entra refuses', () => {
  test.each(DOCUMENTED)('AADSTS%i is %s', (number, refusal) => {
    expect(refusalOf({ error: 'invalid_grant', number })).toBe(refusal);
  });

  test('an unknown number falls back to what the error says', () => {
    expect(refusalOf({ error: 'access_denied', number: 99999 })).toBe('declined');
    expect(refusalOf({ error: 'temporarily_unavailable' })).toBe('microsoftUnavailable');
    expect(refusalOf({ error: 'never_seen_before' })).toBe('other');
  });

  test.each([
    ['invalid_grant', true],
    ['interaction_required', true],
    ['consent_required', true],
    ['login_required', true],
    ['access_denied', false],
    ['invalid_client', false],
    ['unauthorized_client', false],
    ['temporarily_unavailable', false],
    ['server_error', false],
    ['never_seen_before', false],
  ])('%s ends the grant: %s', (error, ends) => {
    expect(endsGrant({ error })).toBe(ends);
  });

  test.each([
    ['consent_required', 'administratorRequired'],
    ['interaction_required', 'signInAgain'],
    ['login_required', 'signInAgain'],
    ['invalid_grant', 'signInAgain'],
    ['invalid_client', 'misconfigured'],
    ['unauthorized_client', 'misconfigured'],
    ['server_error', 'microsoftUnavailable'],
  ])('%s alone is %s', (error, refusal) => {
    expect(refusalOf({ error })).toBe(refusal);
  });

  test('access is suspended where an admin can give it back, and for everyone where the app itself is refused', () => {
    const suspending = (whose: string) => REFUSAL_WORDS.filter((refusal) => REFUSALS[refusal].suspends === whose);

    expect(suspending('tenant')).toEqual(['notAdmitted', 'appDisabled']);
    expect(suspending('member')).toEqual(['notAssigned']);
  });

  test('only two say that the tenant does not let its users consent', () => {
    expect(REFUSAL_WORDS.filter((refusal) => REFUSALS[refusal].isConsentPolicy)).toEqual([
      'administratorRequired',
      'approvalRequested',
    ]);
  });

  test('the number is read at the beginning of a description only', () => {
    expect(aadstsNumber('AADSTS65004: User declined to consent.')).toBe(65004);
    expect(aadstsNumber('Somebody wrote AADSTS65004 here.')).toBeUndefined();
  });

  test.each(REFUSAL_WORDS)('%s has a sentence that ends and says what to do', (refusal) => {
    const text: unknown = Reflect.get(english, `refused.${refusal}`);

    expect(text).toMatch(/\.$/);
    expect(String(text).split('. ').length).toBeGreaterThanOrEqual(2);
  });
});

describe('a stored refusal', () => {
  test.each([
    ['declined', 'declined'],
    ['a word of another version', 'other'],
    ['', 'other'],
    [null, null],
  ])('%j is %j', (word, refusal) => {
    expect(storedRefusal(word)).toBe(refusal);
  });
});

test('a number is known by the table or not at all', () => {
  expect(numberedRefusal(65004)).toBe('declined');
  expect(numberedRefusal(1)).toBeUndefined();
  expect(numberedRefusal(undefined)).toBeUndefined();
  expect(refusalOf({ error: 'access_denied', number: 65004 })).toBe('declined');
});

test.each([
  [undefined, undefined],
  ['', undefined],
  ['AADSTS: nothing', undefined],
  ['AADSTS650041234: too long', undefined],
  ['AADSTS90094 admin consent is required', 90094],
])('the number of %j is %s', (description, number) => {
  expect(aadstsNumber(description)).toBe(number);
});
