import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { awaitHost, type HostState } from '../../src/client/hosts/awaitHost.ts';
import type { Found } from '../../src/client/hosts/openHost.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test.each([
  ['at once', 0, ['none']],
  ['after five seconds', 5_000, ['opening', 'none']],
  ['after a minute', 60_000, ['opening', 'silent', 'none']],
])('a host that answers %s', async (_what, milliseconds, expected) => {
  const shown: HostState[] = [];
  const { promise: host, resolve: answer } = Promise.withResolvers<Found>();
  const ended = awaitHost(host, (state) => shown.push(state));
  jest.advanceTimersByTime(milliseconds);
  answer('none');
  await ended;
  jest.advanceTimersByTime(60_000);

  expect(shown).toEqual(expected);
});
