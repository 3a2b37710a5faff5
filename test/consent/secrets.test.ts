import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { consentIdOf, hashOf, matches, nonceOf, parseConsentId, pkceVerifierOf } from '../../src/consent/secrets.ts';
import { parseState, stateOf } from '../../src/consent/startAuthorization.ts';

test('an identifier carries its tenant and is stored as a hash only', () => {
  fc.assert(
    fc.property(fc.uuid(), (tenantId) => {
      const id = consentIdOf(tenantId, randomBytes(32).toString('base64url'));
      expect(parseConsentId(id)).toEqual({ tenantId, consentHash: hashOf(id) });
    }),
  );
});

test('anything that was never an identifier or a state is none', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!/^[A-Za-z0-9_-]{64}$/.test(text));
      expect(parseConsentId(text)).toBeNull();
      expect(parseState(text)).toBeNull();
    }),
  );
});

test('a state names the step that is awaited', () => {
  const id = 'a'.repeat(64);

  expect(parseState(stateOf(id, 'adminConsent'))).toEqual({ id, step: 'adminConsent' });
  expect(parseState(`${id}.somethingElse`)).toBeNull();
});

test('what derives from a browser secret differs by purpose and by secret, and fits PKCE', () => {
  expect(nonceOf('one')).not.toBe(pkceVerifierOf('one'));
  expect(nonceOf('one')).not.toBe(nonceOf('other'));
  expect(pkceVerifierOf('one')).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test('a secret matches its own hash only', () => {
  expect(matches('secret', hashOf('secret'))).toBe(true);
  expect(matches('secre', hashOf('secret'))).toBe(false);
  expect(matches('secret', null)).toBe(false);
});
