import { expect, test } from '@jest/globals';
import { countFitting } from '../../src/domain/fitting.ts';

test.each<[readonly number[], number]>([
  [[], 0],
  [[4, 6], 2],
  [[4, 6, 1], 2],
  [[4, 7], 1],
  [[11, 1], 1],
  [[0, 0, 11], 2],
])('of %j no more than ten: %i', (sizes, count) => {
  expect(countFitting(sizes, 10)).toBe(count);
});
