/** What every answer carries, and what the server refuses before it does any work. */
import { connect } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { MAIL } from '../support/grantConsent.ts';
import { makeKey, withKey } from '../support/apiKey.ts';
import { createWorld, HARBOR_REED, PEOPLE, readField, type World } from '../support/createWorld.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld({ startWorker: false, messages: 0, events: 0 });
  await world.as(PEOPLE.mara, 'GET', '/api/session');
});
afterAll(() => world.close());

describe('CLI-04 the content security policy', () => {
  test.each(['/tab/me', '/tab/organization', '/pane'])(
    '%s may be framed by Microsoft only, and runs files only',
    async (path) => {
      const policy = directives(await world.request(path));

      expect(policy.get('frame-ancestors')).toContain('https://teams.microsoft.com');
      expect(policy.get('frame-ancestors')).toContain('https://*.cloud.microsoft');
      expect(policy.get('frame-ancestors')).not.toMatch(/(^| )(\*|https:)( |$)/);
      expect(policy.get('script-src')).not.toMatch(/unsafe|data:|blob:|\*/);
      expect(policy.get('style-src')).not.toContain('unsafe-inline');
      expect(policy.get('connect-src')).toBe("'self'");
      expect(policy.get('object-src')).toBe("'none'");
      expect(policy.get('base-uri')).toBe("'none'");
    },
  );

  test.each(['/', '/connect', '/consent/return', '/consent/start/x', '/privacy', '/terms', '/support'])(
    '%s may not be framed at all',
    async (path) => {
      expect(directives(await world.request(path)).get('frame-ancestors')).toBe("'none'");
    },
  );

  test('no page sends X-Frame-Options, which would keep every host out', async () => {
    expect((await world.request('/tab/me')).headers.get('x-frame-options')).toBeNull();
  });

  test('every inline style that is allowed is on its page', async () => {
    const { text } = await world.request('/tab/me');

    expect(text).not.toMatch(/<script(?![^>]*(src=|application\/json))/);
    expect(text).not.toMatch(/ style="| on\w+="/);
  });
});

test('Microsoft finds which registration this address belongs to, before it shows a publisher as verified', async () => {
  const answer = await world.request('/.well-known/microsoft-identity-association.json');

  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(JSON.parse(answer.text)).toEqual({
    associatedApplications: [
      { applicationId: world.env['ENTRA_CLIENT_ID'] },
      { applicationId: world.env['ENTRA_SERVICE_CLIENT_ID'] },
    ],
  });
});

describe('CLI-08 nothing leaks by address or cache', () => {
  test('pages and answers are not stored and send no referrer', async () => {
    for (const answer of [await world.request('/tab/me'), await world.as(PEOPLE.mara, 'GET', '/api/nothing')]) {
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test('CLI-09 no foreign origin is let in', async () => {
    const headers = { origin: 'https://evil.example' };
    const answer = await world.request('/api/session', { headers });

    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  test.each([
    '/.env',
    '/.git/config',
    '/debug',
    '/assets/assets.json/../../main.ts',
    '/assets/%2e%2e/package.json',
    '/src/main.ts',
  ])('SEC-12 %s is nowhere', async (path) => {
    expect((await world.request(path)).status).toBeGreaterThanOrEqual(400);
  });
});

describe('requests in the wrong form', () => {
  test('OPS-12 the answer names the field and leaks nothing of the inside', async () => {
    const answer = await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', {
      selection: { mail: { sync: 'everything' } },
    });

    expect(answer).toMatchObject({ status: 400, body: { code: 'body_invalid', requestId: expect.any(String) } });
    expect(JSON.stringify(answer.body)).toContain('selection.mail');
    expect(answer.text).not.toMatch(/at \/|node_modules|select |zod/i);
  });

  test.each([
    ['no JSON', '{"selection":'],
    ['a list', '[]'],
    ['nothing', ''],
    ['a prototype', '{"__proto__":{"selection":{}}}'],
  ])('%s is refused', async (_form, body) => {
    const token = await world.token(PEOPLE.mara);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await world.request('/api/me/sync', { method: 'PATCH', headers, body });

    expect(answer).toMatchObject({ status: 400, body: { code: 'body_invalid' } });
  });

  test('a body that is too large is cut off', async () => {
    const answer = await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: {}, padding: 'x'.repeat(70_000) });

    expect(answer).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
  });

  test.each(["' or 1=1 --", '%00', 'x'.repeat(500), 'e30', '../..'])(
    'AUT-15 a cursor of %j is none',
    async (cursor) => {
      const answer = await world.as(
        PEOPLE.mara,
        'GET',
        `/api/me/items?category=mail&cursor=${encodeURIComponent(cursor)}`,
      );

      expect(answer.status).toBe(400);
    },
  );

  test.each([
    ['AUT-17 with a slash more', 'GET', '/api/organization/', 404],
    ['AUT-17 with two slashes', 'GET', '/api//organization', 404],
    ['AUT-17 in other letters', 'GET', '/API/organization', 404],
  ])('%s the route is not another one without a guard', async (_what, method, path, status) => {
    expect((await world.request(path, { method })).status).toBe(status);
  });

  test('AUT-17 a method override overrides nothing', async () => {
    const headers = { 'x-http-method-override': 'PATCH' };

    expect((await world.as(PEOPLE.mara, 'GET', '/api/organization', undefined, headers)).status).toBe(200);
  });

  test('AUT-05 headers that claim to be someone change nothing', async () => {
    const headers = { 'x-tenant-id': '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1002', 'x-ms-client-principal': 'owen' };
    const answer = await world.as(PEOPLE.mara, 'GET', '/api/session', undefined, headers);

    expect(answer).toMatchObject({ body: { member: { name: 'Mara Ellis' } } });
  });

  test('AUT-01 every API route requires a token, or a key', async () => {
    const guarded = world.product.application.routes.filter(
      ({ method, path }) => /^\/(?:api|v1)\//.test(path) && method !== 'HEAD',
    );
    const open: string[] = [];
    for (const { method, path } of guarded) {
      const url = path.replace(':id', 'a'.repeat(64));
      const init =
        method === 'GET' ? { method } : { method, headers: { 'content-type': 'application/json' }, body: '{}' };
      const { status } = await world.request(url, init);
      if (status !== 401) {
        open.push(`${method} ${path} ${status}`);
      }
    }

    expect(guarded.length).toBeGreaterThan(30);
    expect(open).toEqual([]);
  });
});

describe('DOS-02, DOS-12 how often anyone may ask', () => {
  const MAX = 5;
  let small: World;

  beforeEach(async () => {
    small = await createWorld({
      startWorker: false,
      messages: 0,
      events: 0,
      maxRequestsPerMinute: MAX,
      env: { TRUSTED_PROXIES: '127.0.0.1, ::1' },
    });
  });
  afterEach(() => small.close());

  const statusesOf = async (ask: (count: number) => Promise<{ readonly status: number }>, times = MAX + 2) => {
    const statuses: number[] = [];
    for (let count = 0; count < times; count += 1) {
      statuses.push((await ask(count)).status);
    }
    return statuses;
  };
  const from = (address: string) => ({ 'x-forwarded-for': address });

  test('one person who asks too often is told how long to wait; others at the same address are not held up', async () => {
    const maras = { authorization: `Bearer ${await small.token(PEOPLE.mara)}` };
    const statuses = await statusesOf(() => small.request('/api/session', { headers: maras }));
    const last = await small.request('/api/session', { headers: maras });

    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect(last).toMatchObject({ status: 429, body: { code: 'too_many_requests', requestId: expect.any(String) } });
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await small.as(PEOPLE.tom, 'GET', '/api/session')).status).toBe(200);
  });

  test('a person with ten tokens is one person', async () => {
    const statuses = await statusesOf(() => small.as(PEOPLE.mara, 'GET', '/api/session'));

    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
  });

  test('invented tokens are counted together, however many there are, and cost people nothing', async () => {
    const statuses = await statusesOf(
      (count) => small.request('/api/session', { headers: { authorization: `Bearer invented-${count}` } }),
      1_000,
    );

    expect(statuses.slice(0, MAX)).toEqual(Array(MAX).fill(401));
    expect(new Set(statuses.slice(MAX))).toEqual(new Set([429]));
    expect((await small.as(PEOPLE.tom, 'GET', '/api/session')).status).toBe(200);
  });

  test('a key is told how much it may still ask, and how long to wait', async () => {
    const key = await makeKey(small, { scopes: ['read:changes', 'read:items'] });
    const nothing = `/v1/organizations/${HARBOR_REED}/members/7c2a9e10-0001-4c3d-8e5f-1000000000ff/items`;
    const first = await withKey(small, key, '/v1/changes');
    const feed = await statusesOf(() => withKey(small, key, '/v1/changes'));
    const items = await statusesOf(() => withKey(small, key, nothing), 4);
    const last = await withKey(small, key, nothing);
    const other = await withKey(small, await makeKey(small), '/v1/changes');

    expect(first.headers.get('ratelimit-policy')).toBe('"key";q=10;w=60, "feed";q=5;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"key";r=9;t=\d+, "feed";r=4;t=\d+$/);
    expect(feed).toEqual([200, 200, 200, 200, 429, 429, 429]);
    expect(items).toEqual([404, 404, 429, 429]);
    expect([last.status, readField(last.body, 'code')]).toEqual([429, 'too_many_requests']);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(other.status).toBe(200);
  });

  test('pages are opened by five hundred people behind one address', async () => {
    for (const path of ['/tab/me', '/pane', '/connect', '/privacy', '/']) {
      expect(new Set(await statusesOf(() => small.request(path), 100))).toEqual(new Set([200]));
    }
  });

  test('consents that no one began are refused as a page, and then not even looked for; who comes with theirs passes', async () => {
    await small.as(PEOPLE.mara, 'GET', '/api/session');
    const begun = await small.as(PEOPLE.mara, 'POST', '/api/me/consents', { selection: MAIL });
    const own = new URL(readField(begun.body, 'startUrl')).pathname;
    const statuses = await statusesOf((count) => small.request(`/consent/start/${'a'.repeat(60)}${count}`), MAX + 3);
    const last = await small.request('/consent/start/nobody');

    expect(statuses).toEqual([410, 410, 410, 410, 410, 429, 429, 429]);
    expect(last.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(last.text).toContain('Too many requests');
    expect((await small.request(own)).status).toBe(302);
    await statusesOf(() => small.request('/consent/start/nobody'), MAX * 10);
    expect((await small.request(own)).status).toBe(429);
  });

  test('a proxy that is trusted says who asks; one that is not says nothing', async () => {
    const invented = (address: string) => ({ headers: { ...from(address), authorization: 'Bearer invented' } });
    await statusesOf(() => small.request('/api/session', invented('203.0.113.7')));
    const [same, other] = [
      await small.request('/api/session', invented('203.0.113.7')),
      await small.request('/api/session', invented('203.0.113.8')),
    ];
    const plain = await createWorld({ startWorker: false, messages: 0, events: 0, maxRequestsPerMinute: MAX });
    const forged = await statusesOf((count) => plain.request('/api/session', invented(`203.0.113.${count}`)));
    await plain.close();

    expect([same.status, other.status]).toEqual([429, 401]);
    expect(forged).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });
});

test('OPS-11 health, readiness and metrics answer without a sign-in and name no one', async () => {
  const answers = await Promise.all(['/healthz', '/readyz', '/metrics'].map((path) => world.request(path)));

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(answers.map(({ text }) => text).join()).not.toMatch(/harborreed|mara|5d1f0c6e/i);
});

function directives({ headers }: { readonly headers: { get(name: string): string | null } }): Map<string, string> {
  const parts = (headers.get('content-security-policy') ?? '').split(';').map((part) => part.trim());
  return new Map(parts.map((part) => [part.split(' ')[0] ?? '', part.split(' ').slice(1).join(' ')]));
}

describe('WHK-15 a sender of one byte after another', () => {
  const BEGINNINGS = {
    'in its headers': 'POST /graph/notifications HTTP/1.1\r\nhost: localhost\r\n',
    'in its body':
      'POST /graph/notifications HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n',
  };

  test.each(Object.entries(BEGINNINGS))(
    '%s is cut off, and everyone else is answered meanwhile',
    async (_where, beginning) => {
      const sockets = await Promise.all(Array.from({ length: 40 }, () => slow(world.port, beginning)));
      const meanwhile = await Promise.all(
        Array.from({ length: 20 }, () =>
          world.request('/graph/notifications?validationToken=meanwhile', { method: 'POST' }),
        ),
      );
      await Promise.all(sockets.map(({ ended }) => ended));

      expect(meanwhile.map(({ status, text }) => `${status} ${text}`)).toEqual(Array(20).fill('200 meanwhile'));
    },
  );
});

/** A connection that sends a byte now and then; `ended` when the server has had enough. */
async function slow(port: number, beginning: string): Promise<{ readonly ended: Promise<unknown> }> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  socket.write(beginning);
  const timer = setInterval(() => socket.write('x'), 1_000);
  const ended = new Promise((resolve) => {
    socket.once('close', () => {
      clearInterval(timer);
      resolve(null);
    });
  });
  return { ended };
}
