import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openTokenSource } from '../../../src/client/auth/tokenSource.ts';
import words from '../../../src/text/en/shell.json' with { type: 'json' };
import type { HostToken, PopupEnd } from '../../../src/client/hosts/host.ts';
import { failureOf, officeFailure, textFailure, worseOf } from '../../../src/client/hosts/signInFailure.ts';
import { within } from '../../../src/client/hosts/within.ts';
import { aHost } from '../../support/aHost.ts';

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
  const asked: ('silent' | 'prompted')[] = [];
  const windows: string[] = [];
  let windowEnd: PopupEnd = { kind: 'closed' };
  const answer = (how: 'silent' | 'prompted') => {
    asked.push(how);
    return (answers[asked.length - 1] ?? answers.at(-1) ?? (() => Promise.resolve(failureOf('unknown'))))();
  };
  const host = aHost({
    silentToken: () => answer('silent'),
    promptedToken: () => answer('prompted'),
    openPopup: (url) => {
      windows.push(url);
      return { ended: Promise.resolve(windowEnd), close: () => undefined };
    },
  });
  const endWindowsWith = (end: PopupEnd) => {
    windowEnd = end;
  };
  return { host, asked, windows, endWindowsWith };
}

const token = (minutes: number) => (): Promise<HostToken> =>
  Promise.resolve({ kind: 'token', token: `t${minutes}`, expiresAt: Date.now() + minutes * 60_000 });

/** As it comes from a window: only its expiry is looked at here. */
const handedOver = (minutes: number) =>
  ['h', btoa(JSON.stringify({ exp: (Date.now() + minutes * 60_000) / 1000 })), 's'].join('.');

describe('a window of our own', () => {
  test('is opened at the first click where the host has no token call at all', async () => {
    const { host, asked, windows, endWindowsWith } = hostAnswering(() => Promise.resolve(officeFailure(13012)));
    const source = openTokenSource(host, SETTINGS);
    endWindowsWith({ kind: 'finished', message: handedOver(60) });
    await source.get();

    expect(await source.signIn()).toMatchObject({ kind: 'token', token: handedOver(60) });
    expect(asked).toEqual(['silent']);
    expect(windows).toEqual([new URL('/sign-in/start?host=teams', location.href).href]);
    expect(await source.get()).toMatchObject({ kind: 'token' });
  });

  test('is opened at the second click where the host refused at the first', async () => {
    const { host, asked, windows } = hostAnswering(() => Promise.resolve(officeFailure(13006)));
    const source = openTokenSource(host, SETTINGS);
    await source.get();
    await source.signIn();

    expect([asked, windows]).toEqual([['silent', 'prompted'], []]);
    expect(await source.signIn()).toEqual(failureOf('cancelled'));
    expect(windows).toHaveLength(1);
  });

  test.each([officeFailure(13002), failureOf('consentRequired'), failureOf('offline'), failureOf('accountDisabled')])(
    'is not opened after $cause, which it would not get past',
    async (failure) => {
      const { host, asked, windows } = hostAnswering(() => Promise.resolve(failure));
      const source = openTokenSource(host, SETTINGS);
      await source.signIn();
      await source.signIn();

      expect([asked.length, windows]).toEqual([2, []]);
    },
  );

  test('when its token has run out a click is asked for, and opens it again', async () => {
    const { host, windows, endWindowsWith } = hostAnswering(() => Promise.resolve(officeFailure(13000)));
    const source = openTokenSource(host, SETTINGS);
    const needed: string[] = [];
    source.onClickNeeded(({ cause }) => needed.push(cause));
    await source.get();
    endWindowsWith({ kind: 'finished', message: handedOver(60) });
    await source.signIn();
    expect(needed).toEqual([]);
    jest.setSystemTime(NOW + 60 * 60_000);
    endWindowsWith({ kind: 'finished', message: handedOver(120) });
    await source.get();

    expect(needed).toEqual(['unsupported']);
    expect(await source.signIn()).toMatchObject({ kind: 'token' });
    expect(windows).toHaveLength(2);
  });

  test.each([
    [{ kind: 'finished', message: 'done' }, 'cancelled'],
    [{ kind: 'closed' }, 'cancelled'],
    [{ kind: 'blocked' }, 'windowBlocked'],
  ] as const)('that ends with %j brings no one in', async (end, cause) => {
    const { host, endWindowsWith } = hostAnswering(() => Promise.resolve(officeFailure(13012)));
    const source = openTokenSource(host, SETTINGS);
    endWindowsWith(end);
    await source.get();

    expect(await source.signIn()).toMatchObject({ cause });
  });
});

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

    expect(await first).toEqual({ kind: 'unavailable', cause: 'noAnswer', code: 'noAnswer' });
    expect(await source.get()).toMatchObject({ kind: 'token' });
  });

  test('a token that comes late is used, and anyone who listens is told', async () => {
    let bring: (token: HostToken) => void = () => undefined;
    const { host, asked } = hostAnswering(() => new Promise((resolve) => (bring = resolve)));
    const source = openTokenSource(host, SETTINGS);
    const told: string[] = [];
    source.onLateToken(() => told.push('late'));
    const first = source.get();
    await jest.advanceTimersByTimeAsync(10_000);
    await first;
    bring(await token(60)());
    await jest.advanceTimersByTimeAsync(0);

    expect(told).toEqual(['late']);
    expect(await source.get()).toMatchObject({ token: 't60' });
    expect(asked).toEqual(['silent']);
  });

  test('a prompt of the host has no time limit', async () => {
    let bring: (token: HostToken) => void = () => undefined;
    const { host, asked } = hostAnswering(() => new Promise((resolve) => (bring = resolve)));
    const signIn = openTokenSource(host, SETTINGS).signIn();
    await jest.advanceTimersByTimeAsync(15 * 60_000);
    bring(await token(60)());

    expect(await signIn).toMatchObject({ token: 't60' });
    expect(asked).toEqual(['prompted']);
  });

  test("another account's token is not used, and the difference is said", async () => {
    const body = btoa(JSON.stringify({ oid: 'theirs', tid: 'tenant', exp: 4_000_000_000 }));
    const { host } = hostAnswering(() => Promise.resolve({ kind: 'token', token: `h.${body}.s`, expiresAt: Infinity }));
    const source = openTokenSource({ ...host, account: { oid: 'mine', tenantId: 'tenant' } }, SETTINGS);

    expect(await source.get()).toEqual({ kind: 'interaction', cause: 'otherAccount', code: 'otherAccount' });
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

describe('why there is no token', () => {
  test.each([
    ['AADSTS65001: nobody consented', 'blocked', 'consentRequired', 'AADSTS65001'],
    ['AADSTS90094: an admin has to consent', 'blocked', 'consentRequired', 'AADSTS90094'],
    ['AADSTS90095: an admin was asked', 'blocked', 'consentRequired', 'AADSTS90095'],
    ['AADSTS650052: no service principal', 'blocked', 'consentRequired', 'AADSTS650052'],
    ['AADSTS700016: no such application', 'blocked', 'consentRequired', 'AADSTS700016'],
    ['AADSTS700011: no such application here', 'blocked', 'consentRequired', 'AADSTS700011'],
    ['AADSTS500011: no such resource', 'blocked', 'consentRequired', 'AADSTS500011'],
    ['AADSTS65004: declined', 'interaction', 'cancelled', 'AADSTS65004'],
    ['AADSTS50105: not assigned', 'blocked', 'notAssigned', 'AADSTS50105'],
    ['AADSTS50057: disabled', 'unavailable', 'accountDisabled', 'AADSTS50057'],
    ['AADSTS50076: more is needed', 'interaction', 'interactionRequired', 'AADSTS50076'],
    ['AADSTS99999: never seen', 'interaction', 'interactionRequired', 'AADSTS99999'],
    ['resourceRequiresConsent', 'blocked', 'consentRequired', 'resourceRequiresConsent'],
    ['resourceRequiresMfa', 'interaction', 'interactionRequired', 'resourceRequiresMfa'],
    ['CancelledByUser', 'interaction', 'cancelled', 'CancelledByUser'],
    ['no_network_connectivity', 'unavailable', 'offline', 'no_network_connectivity'],
    ['Something about tom@example.com', 'unavailable', 'unknown', 'unknown'],
  ] as const)('%s', (text, kind, cause, code) => {
    expect(textFailure(text)).toEqual({ kind, cause, code });
  });

  test.each([13000, 13001, 13002, 13003, 13004, 13005, 13006, 13007, 13008, 13010, 13012, 13013])(
    'Office %d has a cause and a sentence of its own',
    (number) => {
      const { cause, code } = officeFailure(number);

      expect(cause).not.toBe('unknown');
      expect(code).toBe(String(number));
      expect(words).toHaveProperty([`signIn.${cause}`]);
    },
  );

  test.each([
    ['blocked', 'unavailable', 'blocked'],
    ['unavailable', 'blocked', 'blocked'],
    ['unavailable', 'interaction', 'interaction'],
    ['interaction', 'blocked', 'blocked'],
  ] as const)('%s and %s is said as %s', (first, second, said) => {
    const of = {
      blocked: failureOf('notAssigned'),
      interaction: failureOf('notSignedIn'),
      unavailable: failureOf('unknown'),
    };

    expect(worseOf(of[first], of[second]).kind).toBe(said);
  });

  test("Entra's own word counts for more than a host's guess", () => {
    const disabled = textFailure('AADSTS50057');

    expect(worseOf(failureOf('interactionRequired'), disabled)).toBe(disabled);
    expect(worseOf(disabled, failureOf('interactionRequired'))).toBe(disabled);
  });
});
