import { expect, test } from '@jest/globals';
import { CONSENT_STEPS, STEPS_AT_MICROSOFT } from '../../src/domain/records.ts';

test('a consent goes through its steps in this order', () => {
  expect(CONSENT_STEPS).toEqual(['created', 'adminConsent', 'signIn', 'redeeming', 'proving', 'ended']);
});

test('a person is at Microsoft from when they are sent there until the code that they came back with is redeemed', () => {
  expect(STEPS_AT_MICROSOFT).toEqual(['adminConsent', 'signIn', 'redeeming']);
});
