import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  ACT_LEVELS,
  isAtMost,
  isOff,
  type Level,
  minLevel,
  OFF,
  sameLevel,
  SYNC_LEVELS,
} from '../../src/domain/levels.ts';

const levels: fc.Arbitrary<Level> = fc.record({
  sync: fc.constantFrom(...SYNC_LEVELS),
  act: fc.constantFrom(...ACT_LEVELS),
  shared: fc.boolean(),
});

const HEADERS_SHARED: Level = { sync: 'limited', act: 'write', shared: true };
const FULL: Level = { sync: 'full', act: 'send', shared: false };

describe('levels', () => {
  test('the lower of two is the lower in each part', () => {
    expect(minLevel(HEADERS_SHARED, FULL)).toEqual({ sync: 'limited', act: 'send', shared: false });
    expect(minLevel(FULL, HEADERS_SHARED)).toEqual({ sync: 'limited', act: 'send', shared: false });
  });

  test('off is nothing of all parts', () => {
    expect(OFF).toEqual({ sync: 'off', act: 'none', shared: false });
  });

  test('only a level that neither reads nor acts is off', () => {
    expect(isOff(OFF)).toBe(true);
    expect(isOff({ ...OFF, shared: true })).toBe(true);
    expect(isOff({ ...OFF, sync: 'limited' })).toBe(false);
    expect(isOff({ ...OFF, act: 'send' })).toBe(false);
  });

  test('a level that differs in one part is another level', () => {
    expect(sameLevel(FULL, { ...FULL })).toBe(true);
    expect(sameLevel(FULL, { ...FULL, sync: 'limited' })).toBe(false);
    expect(sameLevel(FULL, { ...FULL, act: 'none' })).toBe(false);
    expect(sameLevel(FULL, { ...FULL, shared: true })).toBe(false);
  });

  test('the lower of two is at most either of them, and at most is a partial order', () => {
    fc.assert(
      fc.property(levels, levels, levels, (first, second, third) => {
        const lower = minLevel(first, second);
        expect(isAtMost(lower, first) && isAtMost(lower, second)).toBe(true);
        expect(isAtMost(first, first)).toBe(true);
        expect(!isAtMost(first, second) || !isAtMost(second, first) || sameLevel(first, second)).toBe(true);
        expect(!isAtMost(first, second) || !isAtMost(second, third) || isAtMost(first, third)).toBe(true);
      }),
    );
  });
});
