/** How many items are asked for at once, by how heavy the answers were. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { firstPageSize, halved, pageSizeAfter } from '../../src/sync/pageSize.ts';

const LIGHT = 512 * 1024;

test.each([
  [null, 100],
  [7, 7],
  [500, 500],
])('a stream that remembers %j begins with %i', (remembered, first) => {
  expect(firstPageSize(remembered)).toBe(first);
});

test.each([
  ['light', 100, 0, 200],
  ['just light', 100, LIGHT, 200],
  ['no longer light', 100, LIGHT + 1, 100],
  ['light, near the most', 300, 0, 500],
  ['light, at the most', 500, 0, 500],
])('after an answer that was %s, %i become %i', (_what, before, bytes, after) => {
  expect(pageSizeAfter(before, bytes)).toBe(after);
});

describe('after an answer that could not be had', () => {
  test.each([
    [500, 250],
    [3, 1],
    [2, 1],
    [1, null],
  ])('%i become %j', (before, after) => {
    expect(halved(before)).toBe(after);
  });

  test('it ends at one, whatever it began with', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (size) => {
        let [current, steps]: [number | null, number] = [size, 0];
        for (; current !== null && steps < 20; steps += 1) {
          current = halved(current);
        }
        expect(current).toBeNull();
        expect(steps).toBeLessThanOrEqual(10);
      }),
    );
  });
});
