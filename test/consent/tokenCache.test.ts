import { beforeEach, expect, test } from '@jest/globals';
import { TokenCache } from '../../src/consent/tokenCache.ts';

const MINUTE = 60_000;

let now: number;
let cache: TokenCache<{ readonly name: string; readonly expiresAt: Date }>;

beforeEach(() => {
  now = Date.parse('2026-11-02T09:00:00Z');
  cache = new TokenCache(() => new Date(now));
});

function tokenFor(minutes: number, name = 'a token') {
  return { name, expiresAt: new Date(now + minutes * MINUTE) };
}

test('a token is used until two minutes before it expires', () => {
  const token = tokenFor(60);
  cache.set('mara', token);
  now += 58 * MINUTE - 1;
  expect(cache.get('mara')).toBe(token);
  now += 1;
  expect(cache.get('mara')).toBeNull();
});

test('one that is not kept, or was deleted, is not there', () => {
  cache.set('mara', tokenFor(60));
  cache.delete('mara');

  expect(cache.get('mara')).toBeNull();
  expect(cache.get('tom')).toBeNull();
});

test('a newer token takes the place of the older one', () => {
  cache.set('mara', tokenFor(60, 'older'));
  const newer = tokenFor(60, 'newer');
  cache.set('mara', newer);

  expect(cache.get('mara')).toBe(newer);
  expect(cache.size).toBe(1);
});

test('those of people who never came back are dropped when others are kept', () => {
  cache.set('gone', tokenFor(60));
  cache.set('also gone', tokenFor(60));
  now += 30 * MINUTE;
  cache.set('mara', tokenFor(60));
  expect(cache.size).toBe(3);
  now += 30 * MINUTE;
  cache.set('tom', tokenFor(60));

  expect(cache.size).toBe(2);
  expect(cache.get('mara')).not.toBeNull();
  expect(cache.get('tom')).not.toBeNull();
});

test('a token that was renewed is not dropped with those of its time', () => {
  cache.set('mara', tokenFor(60));
  cache.set('gone', tokenFor(60));
  now += 59 * MINUTE;
  const renewed = tokenFor(60);
  cache.set('mara', renewed);

  expect(cache.size).toBe(1);
  expect(cache.get('mara')).toBe(renewed);
});
