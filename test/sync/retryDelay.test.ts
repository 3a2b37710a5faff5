import { describe, expect, test } from '@jest/globals';
import { parseRetryAfter } from '../../src/microsoft/graph/transport.ts';
import { retryDelay } from '../../src/sync/retryDelay.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');

describe('SYN-11 how long to wait', () => {
  test.each([
    ['as long as Graph asks', 0, 17, 17],
    ['at most an hour, whatever Graph asks', 0, 1e9, 3600],
    ['its own way where Graph asks nothing', 0, null, 2],
    ['its own way where Graph asks for nothing at all', 3, 0, 16],
    ['at most five minutes by itself', 40, null, 300],
  ])('%s', (_what, failures, asked, seconds) => {
    expect(retryDelay(failures, asked, 0)).toBe(seconds);
    expect(retryDelay(failures, asked, 1)).toBeCloseTo(seconds * 1.2);
  });

  test.each([
    ['17', 17],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 30],
    ['-5', null],
    ['soon', null],
    ['', null],
    [null, null],
  ])('a Retry-After of %j is %j seconds', (header, seconds) => {
    expect(parseRetryAfter(header, NOON)).toBe(seconds);
  });
});
