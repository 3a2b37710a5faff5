import { describe, expect, test } from '@jest/globals';
import { signInByWindow } from '../../../src/client/auth/windowToken.ts';
import type { Host, PopupEnd } from '../../../src/client/hosts/host.ts';
import { failureOf } from '../../../src/client/hosts/signInFailure.ts';
import { aHost } from '../../support/aHost.ts';
import { aToken } from '../../support/aToken.ts';

/** A host whose window ends like that. */
function ending(end: PopupEnd, more: Partial<Host> = {}) {
  const steps: string[] = [];
  const host = aHost({
    openPopup: (url) => {
      steps.push(`open ${url}`);
      return { ended: Promise.resolve(end), close: () => steps.push('close') };
    },
    ...more,
  });
  return { host, steps };
}

const ACCOUNT = { oid: 'mara', tenantId: 'alderpoint' };

describe('the address of the window', () => {
  test.each([
    ['says the host only where nothing more is known', {}, undefined, 'host=teams'],
    [
      'names organization and account, so that Microsoft asks for neither',
      { kind: 'outlook', account: ACCOUNT, loginHint: 'mara@alderpoint.example' },
      undefined,
      'host=outlook&tenant=alderpoint&hint=mara%40alderpoint.example',
    ],
    ['carries a challenge', {}, '{"acrs":"c1"}', 'host=teams&claims=%7B%22acrs%22%3A%22c1%22%7D'],
  ] as const)('%s', async (_what, more, claims, query) => {
    const { host, steps } = ending({ kind: 'closed' }, more);
    await signInByWindow(host, claims);

    expect(steps).toEqual([`open http://localhost/sign-in/start?${query}`, 'close']);
  });
});

describe('what the window ends with', () => {
  test('is the token, which is good until it says', async () => {
    const token = aToken({ exp: 1_764_000_000 });
    const { host } = ending({ kind: 'finished', message: token });

    expect(await signInByWindow(host)).toEqual({ kind: 'token', token, expiresAt: 1_764_000_000_000 });
  });

  test.each([
    ['', 'cancelled'],
    ['done', 'cancelled'],
    ['two.parts', 'cancelled'],
    ['an.encrypted.token.has.five', 'cancelled'],
  ] as const)('%j is no token', async (message, cause) => {
    expect(await signInByWindow(ending({ kind: 'finished', message }).host)).toEqual(failureOf(cause));
  });

  test.each([
    ['closed', 'cancelled'],
    ['blocked', 'windowBlocked'],
  ] as const)('%s means %s', async (kind, cause) => {
    expect(await signInByWindow(ending({ kind }).host)).toEqual(failureOf(cause));
  });
});
