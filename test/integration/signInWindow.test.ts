/** The window that signs someone in where their host cannot: what it hands over, to whom, and what it refuses. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { createWorld, PEOPLE, type World } from '../support/createWorld.ts';

const TENANT = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001';

let world: World;

beforeAll(async () => {
  world = await createWorld({ messages: 2, events: 1 });
});
afterAll(() => world.close());

async function start(query: Record<string, string>) {
  const answer = await world.request(`/sign-in/start?${new URLSearchParams(query).toString()}`);
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return { answer, cookie, location: new URL(answer.headers.get('location') ?? 'https://nowhere.test') };
}

/** Goes through Microsoft's page, which knows who is meant, and answers where it sends the browser back. */
async function signIn(location: URL): Promise<URL> {
  const answer = await world.request(location.href);
  return new URL(answer.headers.get('location') ?? 'https://nowhere.test');
}

const back = (url: URL, cookie: string) => world.request(`${url.pathname}${url.search}`, { headers: { cookie } });

const nameOf = (cookie: string) => cookie.split('=')[0] ?? '';
const valueOf = (cookie: string) => cookie.split('=')[1] ?? '';

const tokenIn = (text: string): string =>
  JSON.parse(/<script type="application\/json" id="hand-over">([^<]*)</.exec(text)?.[1] ?? '{"token":""}').token;

test('asks for Assent itself and nothing else, and hands over a token that Assent takes', async () => {
  const { answer, cookie, location } = await start({ host: 'teams', tenant: TENANT, hint: PEOPLE.tom });
  const returned = await signIn(location);
  const page = await back(returned, cookie);
  const session = await world.request('/api/session', { headers: { authorization: `Bearer ${tokenIn(page.text)}` } });

  expect(answer.status).toBe(302);
  expect(answer.headers.get('set-cookie')).toMatch(/^__Host-sign-in-[\w-]{16}=.*; Secure; HttpOnly; SameSite=Lax$/);
  expect(location.pathname).toBe(`/${TENANT}/oauth2/v2.0/authorize`);
  expect(Object.fromEntries(location.searchParams)).toMatchObject({
    scope: `${world.env['ENTRA_CLIENT_ID'] ?? ''}/access_as_user`,
    code_challenge_method: 'S256',
    redirect_uri: `${world.origin}/sign-in/return`,
  });
  expect(page.status).toBe(200);
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(page.headers.get('set-cookie')).toContain('Max-Age=0');
  expect(session.status).toBe(200);
});

test('without an organization it is found by the domain of the account', async () => {
  const { location } = await start({ host: 'outlook', hint: PEOPLE.tom });

  expect(location.pathname).toBe(`/${TENANT}/oauth2/v2.0/authorize`);
});

test.each([
  ['no host', { tenant: TENANT }, 400],
  ['another host', { host: 'evil', tenant: TENANT }, 400],
  ['an organization that is no id', { host: 'teams', tenant: '../common' }, 400],
  ['nothing to find an organization by', { host: 'teams' }, 404],
  ['an organization that is none', { host: 'teams', tenant: '5d1f0c6e-0000-4a57-9d27-2d0b6e3a1001' }, 404],
  ['a domain of nobody', { host: 'outlook', hint: 'a@nobody.example' }, 404],
])('%s leads nowhere', async (_, query, status) => {
  const { answer, cookie } = await start(query);

  expect([answer.status, answer.headers.get('location'), cookie]).toEqual([status, null, '']);
});

test('another browser, another state, an older window and a second time get no token', async () => {
  const first = await start({ host: 'teams', tenant: TENANT, hint: PEOPLE.tom });
  const second = await start({ host: 'teams', tenant: TENANT, hint: PEOPLE.tom });
  const returned = await signIn(first.location);
  const forged = new URL(returned);
  const state = returned.searchParams.get('state') ?? '';
  // The end of it finds the cookie, so that the rest is what is compared.
  forged.searchParams.set('state', `${state.startsWith('A') ? 'B' : 'A'}${state.slice(1)}`);
  const attempts = [
    await back(returned, ''),
    await back(returned, second.cookie),
    await back(returned, `${nameOf(first.cookie)}=a.b.c`),
    await back(returned, `${nameOf(first.cookie)}=${valueOf(second.cookie)}`),
    await back(forged, first.cookie),
  ];
  const good = await back(returned, first.cookie);
  const again = await back(returned, first.cookie);

  expect(attempts.map(({ status, text }) => [status, tokenIn(text)])).toEqual(attempts.map(() => [400, '']));
  expect(attempts[0]?.text).toContain('This page was begun elsewhere');
  expect(tokenIn(good.text)).not.toBe('');
  expect(tokenIn(again.text)).toBe('');
});

test("two windows of one browser do not take each other's cookie", async () => {
  const windows = [
    await start({ host: 'teams', tenant: TENANT, hint: PEOPLE.tom }),
    await start({ host: 'outlook', tenant: TENANT, hint: PEOPLE.mara }),
  ];
  const jar = windows.map(({ cookie }) => cookie).join('; ');
  const pages = [];
  for (const { location } of windows) {
    pages.push(await back(await signIn(location), jar));
  }

  expect(pages.map(({ text }) => decodeJwt(tokenIn(text))['preferred_username'])).toEqual([PEOPLE.tom, PEOPLE.mara]);
});

test('of many windows that were begun the oldest end', async () => {
  const jar = Array.from({ length: 7 }, (_, index) => `__Host-sign-in-window-${index}=x`);
  const query = new URLSearchParams({ host: 'teams', tenant: TENANT, hint: PEOPLE.tom }).toString();
  const answer = await world.request(`/sign-in/start?${query}`, { headers: { cookie: jar.join('; ') } });
  const ended = answer.headers.getSetCookie().filter((cookie) => cookie.includes('Max-Age=0'));

  expect(ended.map(nameOf)).toEqual(jar.slice(0, 3).map(nameOf));
});

test('what Microsoft refuses is said, and hands over nothing', async () => {
  const { cookie, location } = await start({ host: 'teams', tenant: TENANT, hint: PEOPLE.tom });
  const refused = new URL('/sign-in/return', world.origin);
  refused.search = new URLSearchParams({
    error: 'access_denied',
    error_description: 'AADSTS50105: tom@harborreed.example is not assigned.',
    state: location.searchParams.get('state') ?? '',
  }).toString();
  const page = await back(refused, cookie);

  expect(page.text).toContain('You are not assigned to this app');
  expect(page.text).not.toContain('harborreed');
  expect(tokenIn(page.text)).toBe('');
});
