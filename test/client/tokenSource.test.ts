import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openTokenSource } from '../../src/client/auth/tokenSource.ts';
import type { Host, HostToken } from '../../src/client/hosts/host.ts';
import { within } from '../../src/client/hosts/openHost.ts';

const SETTINGS = { clientId: 'c', authority: 'https://login.example', apiScope: 'api://x/c/access_as_user' };
const NOW = Date.parse('2026-11-21T12:00:00Z');

beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
});
afterEach(() => {
  jest.useRealTimers();
});

/** A host without nested app authentication that answers with `answers`, one after another. */
function hostAnswering(...answers: (() => Promise<HostToken>)[]) {
  const asked: number[] = [];
  const host: Host = {
    kind: 'teams',
    theme: 'teamsLight',
    onThemeChange: () => undefined,
    hasNestedAuth: false,
    loginHint: undefined,
    hostToken: () => {
      asked.push(Date.now());
      return (answers[asked.length - 1] ?? answers.at(-1) ?? (() => Promise.resolve({ kind: 'unavailable' })))();
    },
    openPopup: () => ({ ended: Promise.resolve('closed'), close: () => undefined }),
    ready: () => undefined,
    items: null,
  };
  return { host, asked };
}

const token = (minutes: number) => (): Promise<HostToken> =>
  Promise.resolve({ kind: 'token', token: `t${minutes}`, expiresAt: Date.now() + minutes * 60_000 });

describe('the token source', () => {
  test('asks the host once for callers at the same time, and again only when the token runs out', async () => {
    const { host, asked } = hostAnswering(token(60));
    const source = openTokenSource(host, SETTINGS);
    await Promise.all([source.get(), source.get()]);
    await source.get();
    expect(asked).toHaveLength(1);
    jest.setSystemTime(NOW + 60 * 60_000);
    await source.get();

    expect(asked).toHaveLength(2);
  });

  test('CLI-11 a host that never answers is given up, and can be asked again', async () => {
    const { host } = hostAnswering(() => new Promise(() => undefined), token(60));
    const source = openTokenSource(host, SETTINGS);
    const first = source.get();
    await jest.advanceTimersByTimeAsync(10_000);

    expect(await first).toEqual({ kind: 'unavailable' });
    expect(await source.get()).toMatchObject({ kind: 'token' });
  });

  test('a token that the server refused is forgotten', async () => {
    const { host, asked } = hostAnswering(token(60), token(30));
    const source = openTokenSource(host, SETTINGS);
    await source.get();
    source.forget();

    expect(await source.get()).toMatchObject({ token: 't30' });
    expect(asked).toHaveLength(2);
  });
});

test('within answers null for what comes too late or fails', async () => {
  const late = within(100, new Promise(() => undefined));
  await jest.advanceTimersByTimeAsync(100);

  expect(await late).toBeNull();
  expect(await within(100, Promise.reject(new Error('no')))).toBeNull();
  expect(await within(100, Promise.resolve('there'))).toBe('there');
});
