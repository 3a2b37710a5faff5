import { describe, expect, test } from '@jest/globals';
import { expiryOf, isOfAnother } from '../../../src/client/hosts/tokenClaims.ts';
import { aToken } from '../../support/aToken.ts';

const MARA = { oid: 'mara', tenantId: 'alderpoint' };

describe('when a token expires', () => {
  test('is told in milliseconds', () => {
    expect(expiryOf(aToken({ exp: 1_764_000_000 }))).toBe(1_764_000_000_000);
  });

  test('is long ago where the token does not say', () => {
    expect(expiryOf(aToken({}))).toBe(0);
  });

  test('is read from base64url, which has other characters than base64', () => {
    const token = aToken({ exp: 1, name: '???>>>~~~' });

    expect(token).toMatch(/[-_]/);
    expect(expiryOf(token)).toBe(1_000);
  });
});

describe('whose token it is', () => {
  test.each([
    ['the account of the host', { oid: 'mara', tid: 'alderpoint' }, false],
    ['another person', { oid: 'jonas', tid: 'alderpoint' }, true],
    ['the same id in another organization, as a guest has', { oid: 'mara', tid: 'quillworks' }, true],
    ['no one', {}, true],
  ])('%s', (_whose, claims, expected) => {
    expect(isOfAnother(aToken(claims), MARA)).toBe(expected);
  });

  test('is not looked at where the host names no account', () => {
    expect(isOfAnother('not a token at all', null)).toBe(false);
  });
});
