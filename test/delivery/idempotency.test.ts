/** Requests that are the same are known to be, whoever sends them again. */
import { describe, expect, test } from '@jest/globals';
import { fingerprintOf, parseIdempotencyKey, randomFrom, scopeOf } from '../../src/delivery/idempotency.ts';

const ASKED = { method: 'POST', path: '/v1/keys', body: { name: 'CRM', scopes: ['keys'] }, organizationIds: null };

describe('a key', () => {
  test.each([
    ['abc', 'abc'],
    ['"abc"', 'abc'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['a'.repeat(255), 'a'.repeat(255)],
  ])('%s is one', (header, key) => {
    expect(parseIdempotencyKey(header)).toBe(key);
  });

  test.each(['', '""', '"a', 'a"b', 'a b', 'ü', 'a'.repeat(256), `"${'a'.repeat(256)}"`, 'a\n'])(
    '%j is none',
    (header) => {
      expect(parseIdempotencyKey(header)).toBeNull();
    },
  );
});

describe('a request', () => {
  test('has the scope of its key, its path and what is seen', () => {
    const scope = scopeOf('k', ASKED);
    expect(scopeOf('k', { ...ASKED, body: {} })).toBe(scope);
    expect(
      new Set([
        scope,
        scopeOf('l', ASKED),
        scopeOf('k', { ...ASKED, method: 'PUT' }),
        scopeOf('k', { ...ASKED, path: '/v1/keys/a' }),
        scopeOf('k', { ...ASKED, organizationIds: ['b', 'a'] }),
      ]).size,
    ).toBe(5);
    expect(scopeOf('k', { ...ASKED, organizationIds: ['a', 'b'] })).toBe(
      scopeOf('k', { ...ASKED, organizationIds: ['b', 'a'] }),
    );
    expect(scope).not.toContain('k"');
  });

  test('is the same in whichever order its members stand, and another one with another value', () => {
    const print = fingerprintOf(ASKED);
    expect(fingerprintOf({ ...ASKED, body: { scopes: ['keys'], name: 'CRM' } })).toBe(print);
    const others = [
      { name: 'CRM', scopes: ['webhooks'] },
      { name: 'CRM', scopes: ['keys', 'keys'] },
      { name: 'CRM' },
      null,
      undefined,
      'CRM',
    ];
    const prints = others.map((body) => fingerprintOf({ ...ASKED, body }));
    expect(new Set([print, ...prints]).size).toBe(others.length + 1);
  });
});

test('what follows from a seed is the same each time, and nothing of it comes twice', () => {
  const seed = Buffer.alloc(32, 1);
  const [one, other] = [randomFrom(seed), randomFrom(seed)];
  const drawn = [one(12), one(32), one(40)].map((bytes) => Buffer.from(bytes).toString('hex'));
  expect([other(12), other(32), other(40)].map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(drawn);
  expect(drawn.map(({ length }) => length / 2)).toEqual([12, 32, 40]);
  expect(new Set(drawn.map((text) => text.slice(0, 24))).size).toBe(3);
  expect(Buffer.from(randomFrom(Buffer.alloc(32, 2))(12)).toString('hex')).not.toBe(drawn[0]);
});
