/** The consent flow under attack and under bad luck: no step is believed because of its address. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { READ } from '../support/grantConsent.ts';
import { press, visit, type Walk } from '../support/browserConsent.ts';
import { createWorld, HARBOR_REED, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { eventually } from '../support/eventually.ts';

const MAIL = { ...EMPTY_SELECTION, mail: READ };

let world: World;

beforeAll(async () => {
  world = await createWorld({ messages: 3, events: 0 });
  for (const person of [PEOPLE.mara, PEOPLE.tom, PEOPLE.owen, PEOPLE.priya]) {
    await world.as(person, 'GET', '/api/session');
  }
  await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
});
afterAll(() => world.close());

async function begin(upn: string): Promise<{ id: string; path: string }> {
  const { body } = await world.as(upn, 'POST', '/api/me/consents', { selection: MAIL });
  return { id: readField(body, 'id'), path: new URL(readField(body, 'startUrl')).pathname };
}

async function beginForAll(): Promise<{ id: string; path: string }> {
  const { body } = await world.as(PEOPLE.owen, 'POST', '/api/organization/consents', {
    mode: 'organization',
    selection: MAIL,
    confirmAdministrator: true,
  });
  return { id: readField(body, 'id'), path: new URL(readField(body, 'startUrl')).pathname };
}

async function stateOf(upn: string, id: string, whom = 'me'): Promise<unknown> {
  return (await world.as(upn, 'GET', `/api/${whom}/consents/${id}`)).body;
}

/** The address to which Microsoft would send the browser, not yet visited. */
async function returnPath(walk: Walk): Promise<string> {
  const form = walk.page.text.match(/<form[\s\S]*?value="accept"[\s\S]*?<\/form>/)?.[0] ?? '';
  const fields = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  const plain = (text: string) => text.replace(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)));
  const body = new URLSearchParams(fields.map(([, key = '', text = '']) => [key, plain(text)]));
  body.set('answer', 'accept');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await world.request(walk.path, { method: 'POST', headers, body: body.toString() });
  const target = new URL(answer.headers.get('location') ?? '', world.origin);
  return `${target.pathname}${target.search}`;
}

describe('individual consent', () => {
  test('CON-01 a return without state, with an unknown or an altered one: 400, and Microsoft is not asked', async () => {
    const { next } = await requests(0);
    const { id } = await begin(PEOPLE.mara);
    const altered = `${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}.signIn`;
    for (const query of ['', '?code=x', `?code=x&state=${altered}`, '?code=x&state=%00', '?code=x&state=a.b.c']) {
      expect((await world.request(`/consent/return${query}`)).status).toBe(400);
    }

    expect((await requests(next)).tokenRequests).toBe(0);
  });

  test("CON-03 a victim's browser that follows an attacker's return links nothing", async () => {
    const { id, path } = await begin(PEOPLE.mara);
    const stolen = await returnPath(await visit(world, path));

    expect((await world.request(stolen)).status).toBe(400);
    expect(await stateOf(PEOPLE.mara, id)).toMatchObject({ state: 'started' });
  });

  test('CON-02 the same return a second time changes nothing', async () => {
    const { path } = await begin(PEOPLE.tom);
    const walk = await visit(world, path);
    const target = await returnPath(walk);
    const first = await visit(world, target, new Map(walk.cookies));
    const second = await visit(world, target, new Map(walk.cookies));

    expect(first.page.status).toBe(200);
    expect(second.page.status).toBe(400);
    expect(second.page.text).toContain('used already');
  });

  test('a start page opens once', async () => {
    const { path } = await begin(PEOPLE.tom);
    await visit(world, path);

    expect((await world.request(path)).status).toBe(410);
  });

  test('CON-11 cancelling is an outcome, not a loop, and grants nothing', async () => {
    await world.control('DELETE', '/grants', { tenant: HARBOR_REED, for: PEOPLE.mara, scopes: ['Mail.Read'] });
    const { id, path } = await begin(PEOPLE.mara);
    const end = await press(world, await visit(world, path), 'answer', 'cancel');

    expect(end.page.text).toContain('Nothing was granted');
    expect(await stateOf(PEOPLE.mara, id)).toMatchObject({ state: 'refused', reason: 'declined' });
    expect(await mailReason(PEOPLE.mara)).toBe('offByOwnChoice');
  });

  test('signing in as someone else at Microsoft is refused by name', async () => {
    const { id, path } = await begin(PEOPLE.mara);
    const walk = await chooseAccount(path, PEOPLE.tom);

    expect(walk.page.text).toContain('another account');
    expect(await stateOf(PEOPLE.mara, id)).toMatchObject({ state: 'refused', reason: 'wrongAccount' });
    expect(await mailReason(PEOPLE.mara)).toBe('offByOwnChoice');
  });

  test("CON-11 where Microsoft's policy keeps mail from users, the outcome says that an administrator is needed", async () => {
    const { id, path } = await begin(PEOPLE.priya);
    await press(world, await visit(world, path), 'answer', 'unapproved');

    expect(await stateOf(PEOPLE.priya, id)).toMatchObject({ state: 'refused', reason: 'administratorRequired' });
  });

  test('no one else can follow a consent', async () => {
    const { id } = await begin(PEOPLE.mara);

    expect((await world.as(PEOPLE.tom, 'GET', `/api/me/consents/${id}`)).status).toBe(404);
    expect((await world.as(PEOPLE.priya, 'GET', `/api/me/consents/${id}`)).status).toBe(404);
  });

  test('CON-12 two starts at once: both return, one connection', async () => {
    const [first, second] = await Promise.all([begin(PEOPLE.mara), begin(PEOPLE.mara)]);
    const walks = await Promise.all([visit(world, first.path), visit(world, second.path)]);
    await Promise.all(walks.map((walk) => press(world, walk, 'answer', 'accept').catch(() => null)));
    const { rows } = await sql`select 1 from connections c join members m using (tenant_id, member_id)
      where m.name = 'Mara Ellis'`.execute(world.product.database.kysely);

    expect(rows).toHaveLength(1);
    expect(await mailReason(PEOPLE.mara)).toBe('onByOwnChoice');
  });

  test('a consent that was begun before a later change does not undo that change', async () => {
    const later = await begin(PEOPLE.mara);
    const target = await world.request(later.path);
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', {
      selection: { mail: EMPTY_SELECTION.mail },
      data: { mail: 'erase' },
    });
    const url = new URL(target.headers.get('location') ?? '');
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(target.headers.getSetCookie()[0] ?? '') ?? [];
    await visit(world, `${url.pathname}${url.search}`, new Map([[name, value]]));

    expect(await stateOf(PEOPLE.mara, later.id)).toMatchObject({ state: 'refused', reason: 'superseded' });
    expect(await mailReason(PEOPLE.mara)).toMatch(/offByOwnChoice|erasing/);
    await restoreMail();
  });

  test('CON-15 a foreign Host header does not move the return address', async () => {
    const { path } = await begin(PEOPLE.tom);
    const answer = await world.request(path, { headers: { 'x-forwarded-host': 'evil.example' } });
    const location = new URL(answer.headers.get('location') ?? '');

    expect(location.searchParams.get('redirect_uri')).toBe(`${world.origin}/consent/return`);
  });

  test('SEC-14 the cookie belongs to this host alone and no script reads it', async () => {
    const { path } = await begin(PEOPLE.tom);
    const [cookie = ''] = (await world.request(path)).headers.getSetCookie();

    expect(cookie).toMatch(/^__Host-consent-/);
    expect(cookie).toMatch(/; Path=\/;.*Secure; HttpOnly; SameSite=Lax$/);
    expect(cookie).not.toMatch(/Domain/i);
  });
});

describe('consent for everyone', () => {
  test('AUT-06 an administrator without a product role, AUT-07 an owner without a directory role, and a member cannot start it', async () => {
    const body = { mode: 'organization', selection: MAIL, confirmAdministrator: true };
    await world.as(PEOPLE.ines, 'GET', '/api/session');

    expect(await world.as(PEOPLE.ines, 'POST', '/api/organization/consents', body)).toMatchObject({
      status: 403,
      body: { code: 'product_role_required' },
    });
    expect(await world.as(PEOPLE.tom, 'POST', '/api/organization/consents', body)).toMatchObject({ status: 403 });
    const token = await world.token(PEOPLE.owen, { claims: { wids: ['b79fbf4d-3ef9-4689-8143-76b194e85509'] } });
    const asMember = await world.request('/api/organization/consents', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(asMember).toMatchObject({ status: 403, body: { code: 'directory_role_required' } });
  });

  test('without the confirmation nothing starts', async () => {
    const body = { mode: 'organization', selection: MAIL, confirmAdministrator: false };

    expect(await world.as(PEOPLE.owen, 'POST', '/api/organization/consents', body)).toMatchObject({
      status: 400,
      body: { code: 'confirmation_missing' },
    });
  });

  test('AUT-04 fields that are not asked for are refused', async () => {
    const body = { mode: 'organization', selection: MAIL, confirmAdministrator: true, verified: true };

    expect(await world.as(PEOPLE.owen, 'POST', '/api/organization/consents', body)).toMatchObject({ status: 400 });
  });

  test('an error that carries admin_consent=True is an error', async () => {
    const { id, path } = await beginForAll();
    const picker = await visit(world, path);
    const { oid } = await person(PEOPLE.owen);
    const screen = await press(world, picker, 'account', oid);
    await press(world, screen, 'answer', 'cancel');

    expect(await stateOf(PEOPLE.owen, id, 'organization')).toMatchObject({ state: 'refused', reason: 'declined' });
    expect(await organizationMode()).toBe('individual');
  });

  test('a forged admin_consent=True grants nothing and changes no mode', async () => {
    const { id, path } = await beginForAll();
    const picker = await visit(world, path);
    const forged = `/consent/return?admin_consent=True&tenant=${HARBOR_REED}&scope=Mail.Read&state=${id}.adminConsent`;
    expect((await world.request(forged)).status).toBe(400);
    await visit(world, forged, new Map(picker.cookies));
    await world.settle();

    expect(await stateOf(PEOPLE.owen, id, 'organization')).toMatchObject({ state: 'propagating' });
    expect(await organizationMode()).toBe('individual');
  });

  test('a grant that arrives late is proven by itself, and only then takes effect', async () => {
    await world.control('POST', '/grants', { tenant: HARBOR_REED, for: 'everyone', scopes: ['Mail.Read'] });
    await eventually(async () => {
      world.product.worker.wake();
      return (await organizationMode()) === 'organization';
    });

    await eventually(async () => {
      world.product.worker.wake();
      return (await mailReason(PEOPLE.tom)) === 'onByAdministrator';
    });
    expect(
      await world.as(PEOPLE.tom, 'PATCH', '/api/me/sync', { selection: { mail: EMPTY_SELECTION.mail } }),
    ).toMatchObject({
      status: 403,
      body: { code: 'controlled_by_administrator' },
    });
  });

  test('CON-17 a change on an old version is refused and changes nothing', async () => {
    const answer = await world.as(
      PEOPLE.owen,
      'PATCH',
      '/api/organization',
      { mode: 'individual' },
      { 'if-match': '"1"' },
    );

    expect(answer).toMatchObject({ status: 409, body: { code: 'version_conflict' } });
    expect(await organizationMode()).toBe('organization');
  });

  test('back to individual keeps what each member had chosen', async () => {
    const { body } = await world.as(PEOPLE.owen, 'GET', '/api/organization');
    const version = Object(body).version;
    const answer = await world.as(
      PEOPLE.owen,
      'PATCH',
      '/api/organization',
      { mode: 'individual' },
      { 'if-match': `"${version}"` },
    );

    expect(answer.status).toBe(200);
    expect(await mailReason(PEOPLE.mara)).toBe('onByOwnChoice');
  });

  test('every act stands in an unbroken chain', async () => {
    const { findBrokenLink } = await import('../../src/db/organization/audit.ts');
    const db = world.product.database.kysely;
    expect(await findBrokenLink(db, HARBOR_REED)).toBeNull();
    await sql`update audit set detail = '{"mode":"service"}' where tenant_id = ${HARBOR_REED} and sequence = 3`.execute(
      db,
    );

    expect(await findBrokenLink(db, HARBOR_REED)).toBe(3);
  });
});

async function mailReason(upn: string): Promise<unknown> {
  const { body } = await world.as(upn, 'GET', '/api/me/sync');
  return Object(body).decisions?.mail?.reason;
}

/** Turns Mara's mail on again; everything is granted by now, so Microsoft is not asked. */
async function restoreMail(): Promise<void> {
  await world.settle();
  expect((await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: READ } })).status).toBe(200);
}

async function organizationMode(): Promise<unknown> {
  return Object((await world.as(PEOPLE.owen, 'GET', '/api/organization')).body).mode;
}

async function person(upn: string): Promise<{ oid: string }> {
  const { body } = await world.control('GET', '/people');
  const people = Object(body).tenants.flatMap((tenant: { people: unknown }) => tenant.people);
  return {
    oid: readField(
      people.find((each: { upn: string }) => each.upn === upn),
      'oid',
    ),
  };
}

/** Opens a start page, but continues at Microsoft as someone else. */
async function chooseAccount(path: string, upn: string): Promise<Walk> {
  const started = await world.request(path);
  const [cookie = ''] = started.headers.getSetCookie();
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
  const url = new URL(started.headers.get('location') ?? '');
  url.searchParams.set('account', (await person(upn)).oid);
  const walk = await visit(world, `${url.pathname}${url.search}`, new Map([[name, value]]));
  return walk.page.text.includes('value="accept"') ? press(world, walk, 'answer', 'accept') : walk;
}

async function requests(since: number): Promise<{ next: number; tokenRequests: number }> {
  const { body } = await world.control('GET', `/requests?since=${since}`);
  const all: readonly { url: string }[] = Object(body).requests;
  return { next: Object(body).next, tokenRequests: all.filter(({ url }) => url.includes('/token')).length };
}
