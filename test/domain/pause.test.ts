import { describe, expect, test } from '@jest/globals';
import { hasExpired, pauseAt, pausesAt } from '../../src/domain/pause.ts';

const NOW = new Date('2026-11-29T09:00:00.000Z');
const AN_HOUR_AGO = { until: '2026-11-29T08:00:00.000Z' };
const JUST_NOW = { until: '2026-11-29T09:00:00.000Z' };
const IN_AN_HOUR = { until: '2026-11-29T11:00:00.000+01:00' };
const UNTIL_RESUMED = { until: null };

describe('a pause at a time', () => {
  test.each([
    [null, null],
    [undefined, null],
    [AN_HOUR_AGO, null],
    [JUST_NOW, null],
    [IN_AN_HOUR, IN_AN_HOUR],
    [UNTIL_RESUMED, UNTIL_RESUMED],
  ])('%j is %j', (pause, left) => {
    expect(pauseAt(pause, NOW)).toEqual(left);
  });
});

describe('a pause that is asked for', () => {
  test.each([
    [null, false],
    [undefined, false],
    [AN_HOUR_AGO, true],
    [JUST_NOW, true],
    [IN_AN_HOUR, false],
    [UNTIL_RESUMED, false],
  ])('%j is over before it begins: %s', (pause, over) => {
    expect(hasExpired(pause, NOW)).toBe(over);
  });
});

test('of the pauses of categories those stay that apply', () => {
  expect(pausesAt({ mail: AN_HOUR_AGO, calendar: IN_AN_HOUR, tasks: UNTIL_RESUMED }, NOW)).toEqual({
    calendar: IN_AN_HOUR,
    tasks: UNTIL_RESUMED,
  });
});
