import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { awaitHost, type HostState } from '../../../src/client/hosts/awaitHost.ts';
import type { NoHost } from '../../../src/client/hosts/openHost.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test.each([
  ['at once', 0, ['none']],
  ['after five seconds', 5_000, ['opening', 'none']],
  ['after a minute', 60_000, ['opening', 'overdue', 'none']],
])('what is shown while a host answers %s', async (_what, milliseconds, expected) => {
  const shown: HostState['kind'][] = [];
  const { promise: host, resolve: answer } = Promise.withResolvers<NoHost>();
  const ended = awaitHost(host, ({ kind }) => shown.push(kind));
  jest.advanceTimersByTime(milliseconds);
  answer({ kind: 'none' });
  await ended;
  jest.advanceTimersByTime(60_000);

  expect(shown).toEqual(expected);
});
