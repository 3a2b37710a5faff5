/** What the page asks again and when: after a lost answer, after an event, after a change, and never by itself. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { act, renderHook } from '@testing-library/react';
import { TextDecoder as NodeTextDecoder, TextEncoder as NodeTextEncoder } from 'node:util';
import { ApiError } from '../../../src/client/api/client.ts';
import {
  type ConsentAsk,
  KEYS,
  makeQueryClient,
  startConsent,
  useChangeOrganization,
  useLiveUpdates,
} from '../../../src/client/api/queries.ts';
import { EMPTY_SELECTION } from '../../../src/domain/selection.ts';
import { anApi, aProblem } from '../../support/anApi.ts';
import { anOrganization, aSync } from '../../support/apiDocuments.ts';
import { inApp } from '../../support/inApp.tsx';

beforeEach(() => {
  jest.useFakeTimers();
  Object.defineProperty(globalThis, 'TextDecoder', { value: NodeTextDecoder, configurable: true });
});
afterEach(() => {
  jest.useRealTimers();
  Reflect.deleteProperty(globalThis, 'TextDecoder');
});

const pass = (milliseconds: number) => act(() => jest.advanceTimersByTimeAsync(milliseconds));

describe('a query that fails', () => {
  test.each([
    ['for want of an answer is asked for twice more', new ApiError(null), 3],
    [
      'while the organization is taken in is asked for longer',
      aProblem('tenant_not_onboarded', 'Not yet.', 'Wait.'),
      7,
    ],
    ['because the server refuses is not asked for again', aProblem('forbidden', 'No.', 'Ask them.'), 1],
    ['by a fault of the page is not asked for again', new Error('a fault'), 1],
  ])('%s', async (_what, failure, times) => {
    let asked = 0;
    const result = makeQueryClient()
      .fetchQuery({
        queryKey: ['anything'],
        queryFn: () => {
          asked += 1;
          return Promise.reject(failure);
        },
      })
      .catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(60_000);

    expect(await result).toBe(failure);
    expect(asked).toBe(times);
  });
});

describe('live updates', () => {
  const SHOWN = [
    KEYS.session,
    KEYS.sync,
    KEYS.organization,
    [...KEYS.organization, 'roster', 7],
    [...KEYS.organization, 'preview', {}],
    [...KEYS.items, 'mail'],
    KEYS.stored,
    KEYS.setAside,
    KEYS.exclusions,
  ];

  /** A page that shows everything, and gets these bytes as events. */
  async function following(events: string, isSignedIn = true) {
    let parts = [new NodeTextEncoder().encode(events)];
    const opened: AbortSignal[] = [];
    const response: Response = Object.assign(Object.create(null), {
      ok: true,
      body: {
        getReader: () => ({
          read: () => {
            const [value] = parts;
            parts = [];
            return value === undefined ? new Promise(() => undefined) : Promise.resolve({ done: false, value });
          },
        }),
      },
    });
    const { api } = anApi(
      {},
      {
        open: (_path, _headers, signal) => {
          opened.push(signal);
          return Promise.resolve(response);
        },
      },
    );
    const queries = makeQueryClient();
    SHOWN.forEach((queryKey) => queries.setQueryData(queryKey, 'before'));
    const { unmount } = renderHook(() => useLiveUpdates(isSignedIn), { wrapper: inApp(api, queries) });
    await pass(0);
    const stale = SHOWN.filter((queryKey) => queries.getQueryState(queryKey)?.isInvalidated === true);
    return { queries, stale, opened, unmount };
  }

  test('of sync bring its document, and everything that shows what is read is asked for again', async () => {
    const sync = aSync({ connection: 'connected' });
    const { queries, stale } = await following(`event: sync\ndata: ${JSON.stringify(sync)}\n\n`);

    expect(queries.getQueryData(KEYS.sync)).toEqual(sync);
    expect(queries.getQueryData(KEYS.organization)).toBe('before');
    expect(stale).toEqual([[...KEYS.items, 'mail'], KEYS.stored, KEYS.setAside, KEYS.exclusions]);
  });

  test('of the organization bring its document, and its parts are asked for again but for a preview', async () => {
    const organization = anOrganization({ version: 8 });
    const { queries, stale } = await following(`event: organization\ndata: ${JSON.stringify(organization)}\n\n`);

    expect(queries.getQueryData(KEYS.organization)).toEqual(organization);
    expect(queries.getQueryData(KEYS.sync)).toBe('before');
    expect(stale).toEqual([[...KEYS.organization, 'roster', 7], KEYS.exclusions]);
  });

  test('of another name change nothing', async () => {
    const { queries, stale } = await following('event: weather\ndata: {}\n\n');

    expect(SHOWN.map((queryKey) => queries.getQueryData(queryKey))).toEqual(SHOWN.map(() => 'before'));
    expect(stale).toEqual([]);
  });

  test('are not asked for before anyone is signed in', async () => {
    expect((await following('', false)).opened).toEqual([]);
  });

  test('end with the page', async () => {
    const { opened, unmount } = await following('');
    const before = opened.map(({ aborted }) => aborted);
    unmount();

    expect(before).toEqual([false]);
    expect(opened.map(({ aborted }) => aborted)).toEqual([true]);
  });
});

describe('a change of the organization', () => {
  async function changing(answer: object) {
    const { api, sent } = anApi({ 'PATCH /api/organization': answer });
    const queries = makeQueryClient();
    queries.setQueryData(KEYS.organization, anOrganization());
    const { result } = renderHook(() => useChangeOrganization(), { wrapper: inApp(api, queries) });
    act(() => {
      result.current.mutate({ version: 7, change: { enabled: false } });
    });
    await pass(0);
    return { sent, queries, isStale: queries.getQueryState(KEYS.organization)?.isInvalidated };
  }

  test('names the version that was looked at, and shows what the server made of it', async () => {
    const after = anOrganization({ version: 8, enabled: false });
    const { sent, queries, isStale } = await changing(after);

    expect(sent()).toEqual([
      { method: 'PATCH', path: '/api/organization', body: { enabled: false }, headers: { 'if-match': '"7"' } },
    ]);
    expect(queries.getQueryData(KEYS.organization)).toEqual(after);
    expect(isStale).toBe(false);
  });

  test('that is refused has the present settings asked for, and shows none that do not hold', async () => {
    const { queries, isStale } = await changing(aProblem('version_mismatch', 'Changed meanwhile.', 'Look again.'));

    expect(queries.getQueryData(KEYS.organization)).toEqual(anOrganization());
    expect(isStale).toBe(true);
  });
});

describe('the start of a consent', () => {
  const STARTED = { id: 'c1', startUrl: 'https://assent.test/c1', expiresAt: '2026-11-21T13:00:00.000Z' };

  test.each<[ConsentAsk, string, string, object | undefined]>([
    [{ consentType: 'me', selection: EMPTY_SELECTION }, 'POST', '/api/me/consents', { selection: EMPTY_SELECTION }],
    [
      { consentType: 'organization', mode: 'service', selection: EMPTY_SELECTION, confirmAdministrator: true },
      'POST',
      '/api/organization/consents',
      { mode: 'service', selection: EMPTY_SELECTION, confirmAdministrator: true },
    ],
    [{ consentType: 'organization', moment: 'check' }, 'POST', '/api/organization/readiness', undefined],
    [{ consentType: 'organization', moment: 'narrow' }, 'POST', '/api/organization/grant/narrow', undefined],
    [{ consentType: 'organization', moment: 'remove' }, 'DELETE', '/api/organization/grant', undefined],
  ])('of %j goes to its own place', async (ask, method, path, body) => {
    const { api, calls } = anApi({ [`${method} ${path}`]: STARTED });

    expect(await startConsent(api, ask)).toEqual(STARTED);
    expect(calls).toEqual([{ method, path, ...(body === undefined ? {} : { body }) }]);
  });

  test('for removing a grant is what the server asks for first', async () => {
    const { api } = anApi({
      'DELETE /api/organization/grant': aProblem('consent_required', 'One more step.', 'Go on.', { consent: STARTED }),
    });

    expect(await startConsent(api, { consentType: 'organization', moment: 'remove' })).toEqual(STARTED);
  });

  test.each([
    ['another refusal', aProblem('forbidden', 'No.', 'Ask them.', { consent: STARTED })],
    ['a refusal without a consent', aProblem('consent_required', 'One more step.', 'Go on.')],
    ['no answer', new ApiError(null)],
  ])('for removing a grant fails with %s', async (_what, failure) => {
    const { api } = anApi({ 'DELETE /api/organization/grant': failure });

    await expect(startConsent(api, { consentType: 'organization', moment: 'remove' })).rejects.toBe(failure);
  });
});
