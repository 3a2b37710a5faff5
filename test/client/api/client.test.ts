/** @jest-environment node */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ApiError, openApi } from '../../../src/client/api/client.ts';
import type { TokenSource } from '../../../src/client/auth/tokenSource.ts';
import type { HostToken } from '../../../src/client/hosts/host.ts';
import { failureOf } from '../../../src/client/hosts/signInFailure.ts';

const PROBLEM = {
  type: 'about:blank',
  title: 'Somebody else changed this meanwhile.',
  status: 412,
  code: 'version_mismatch',
  action: 'Look at it again.',
  requestId: 'a-request',
};
/** As it stands in the header, in base64. */
const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
const CHALLENGE = `Bearer realm="", error="insufficient_claims", claims="${btoa(CLAIMS)}"`;

const theirs = globalThis.fetch;
let requests: { readonly path: unknown; readonly init: RequestInit | undefined }[];
let answers: (Response | Error)[];

beforeEach(() => {
  requests = [];
  answers = [];
  globalThis.fetch = (path, init) => {
    requests.push({ path, init });
    const answer = answers.shift() ?? new Error('asked too often');
    return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(answer);
  };
});
afterEach(() => {
  globalThis.fetch = theirs;
});

/** Gives `t0`, and after each time that it is told to forget, the next. */
function tokensOf(given: HostToken | null = null) {
  let forgotten = 0;
  const tokens: TokenSource = {
    get: () => Promise.resolve(given ?? { kind: 'token', token: `t${forgotten}`, expiresAt: Infinity }),
    forget: () => {
      forgotten += 1;
    },
    signIn: () => Promise.resolve(failureOf('cancelled')),
    answerChallenge: (claims) =>
      Promise.resolve(
        claims === CLAIMS ? { kind: 'token', token: 'stronger', expiresAt: Infinity } : failureOf('cancelled'),
      ),
    onClickNeeded: () => () => undefined,
    onLateToken: () => () => undefined,
  };
  return { api: openApi(tokens), forgotten: () => forgotten };
}

function problem(status: number, headers: Record<string, string> = {}): Response {
  const type = { 'content-type': 'application/problem+json; charset=utf-8' };
  return new Response(JSON.stringify(PROBLEM), { status, headers: { ...type, ...headers } });
}

function bearers(): readonly unknown[] {
  return requests.map(({ init }) => new Headers(init?.headers).get('authorization'));
}

async function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => null,
    (error: unknown) => error,
  );
}

describe('a call', () => {
  test('carries the token as its only credential', async () => {
    answers = [Response.json({ mode: 'individual' })];
    const { api } = tokensOf();

    expect(await api.get('/api/me/sync')).toEqual({ mode: 'individual' });
    expect(requests).toEqual([
      { path: '/api/me/sync', init: { method: 'GET', headers: { authorization: 'Bearer t0' }, credentials: 'omit' } },
    ]);
  });

  test('sends a body as JSON, with the headers that belong to it', async () => {
    answers = [new Response('', { status: 200 })];
    const { api } = tokensOf();

    expect(await api.send('PATCH', '/api/organization', { enabled: false }, { 'if-match': '"7"' })).toBeNull();
    expect(requests).toEqual([
      {
        path: '/api/organization',
        init: {
          method: 'PATCH',
          headers: { 'content-type': 'application/json', 'if-match': '"7"', authorization: 'Bearer t0' },
          body: '{"enabled":false}',
          credentials: 'omit',
        },
      },
    ]);
  });

  test('without a body claims no type of content', async () => {
    answers = [Response.json({})];
    const { api } = tokensOf();
    await api.send('POST', '/api/organization/claim');

    expect(requests).toEqual([
      {
        path: '/api/organization/claim',
        init: { method: 'POST', headers: { authorization: 'Bearer t0' }, credentials: 'omit' },
      },
    ]);
  });

  test('is not made without a token', async () => {
    const { api } = tokensOf(failureOf('cancelled'));

    expect(await failure(api.get('/api/session'))).toEqual(new ApiError(null));
    expect(requests).toEqual([]);
  });

  test('that meets no server fails as unreachable', async () => {
    answers = [new TypeError('Failed to fetch')];
    const { api } = tokensOf();
    const error = await failure(api.get('/api/session'));

    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'unreachable', problem: null, claims: null });
  });

  test('that is aborted is not taken for one that meets no server', async () => {
    const aborted = new DOMException('The operation was aborted', 'AbortError');
    answers = [aborted];

    expect(await failure(tokensOf().api.get('/api/session'))).toBe(aborted);
  });
});

describe('a refusal', () => {
  test("has the server's problem and no challenge", async () => {
    answers = [problem(412)];

    expect(await failure(tokensOf().api.get('/api/organization'))).toMatchObject({
      code: 'version_mismatch',
      problem: PROBLEM,
      claims: null,
    });
  });

  test('that is not a problem document is no answer of our server', async () => {
    answers = [new Response('<h1>Bad Gateway</h1>', { status: 502, headers: { 'content-type': 'text/html' } })];

    expect(await failure(tokensOf().api.get('/api/session'))).toMatchObject({ code: 'unreachable', problem: null });
  });

  test('of the token is tried once more with a new one', async () => {
    answers = [problem(401), Response.json({ items: [] })];
    const { api, forgotten } = tokensOf();

    expect(await api.get('/api/me/items')).toEqual({ items: [] });
    expect(bearers()).toEqual(['Bearer t0', 'Bearer t1']);
    expect(forgotten()).toBe(1);
  });

  test('of the new token, too, is the answer', async () => {
    answers = [problem(401), problem(401), Response.json({})];

    expect(await failure(tokensOf().api.get('/api/me/items'))).toMatchObject({ problem: PROBLEM });
    expect(bearers()).toEqual(['Bearer t0', 'Bearer t1']);
  });

  test.each([403, 404, 500])('with status %d is not tried again, and keeps the token', async (status) => {
    answers = [problem(status), Response.json({})];
    const { api, forgotten } = tokensOf();
    await failure(api.get('/api/me/items'));

    expect(bearers()).toEqual(['Bearer t0']);
    expect(forgotten()).toBe(0);
  });

  test('with a challenge says what Microsoft asks, and a new silent token is not tried', async () => {
    answers = [problem(401, { 'www-authenticate': CHALLENGE }), Response.json({})];
    const { api, forgotten } = tokensOf();

    expect(await failure(api.get('/api/session'))).toMatchObject({ claims: CLAIMS, problem: PROBLEM });
    expect(bearers()).toEqual(['Bearer t0']);
    expect(forgotten()).toBe(0);
  });

  test.each(['Bearer error="invalid_token"', `Bearer error="invalid_token", claims="${btoa(CLAIMS)}"`])(
    'with %s is no challenge',
    async (header) => {
      answers = [problem(403, { 'www-authenticate': header })];

      expect(await failure(tokensOf().api.get('/api/session'))).toMatchObject({ claims: null });
    },
  );
});

test.each([
  [CLAIMS, true],
  ['{}', false],
])('the step for %s counts as taken only with a token: %j', async (claims, isTaken) => {
  expect(await tokensOf().api.answerChallenge(claims)).toBe(isTaken);
  expect(requests).toEqual([]);
});

test('a stream is opened with its own headers and signal, and with a new token where the first is refused', async () => {
  const stream = new Response('id: 1');
  answers = [problem(401), stream];
  const { signal } = new AbortController();

  expect(await tokensOf().api.open('/api/events', { 'last-event-id': '7' }, signal)).toBe(stream);
  expect(requests.map(({ init }) => init)).toEqual(
    ['Bearer t0', 'Bearer t1'].map((authorization) => ({
      method: 'GET',
      headers: { 'last-event-id': '7', authorization },
      signal,
      credentials: 'omit',
    })),
  );
});

test('a stream that is refused is handed on, not thrown', async () => {
  answers = [problem(503)];

  expect((await tokensOf().api.open('/api/events', {}, new AbortController().signal)).status).toBe(503);
});
