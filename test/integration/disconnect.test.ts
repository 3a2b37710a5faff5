/** A member leaves, comes back, leaves twice; and the consent flow under bad luck. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { press, visit } from '../support/browserConsent.ts';
import {
  answer,
  changeSettings,
  decideForEveryone,
  goToMicrosoft,
  MAIL,
  MAIL_AND_CALENDAR,
  oidOf,
  organizationOf,
  readList,
  reasonOf,
  turnOn,
} from '../support/grantConsent.ts';
import { createWorld, HARBOR_REED, LINDQVIST, PEOPLE, readField, type World } from '../support/createWorld.ts';

describe('a member disconnects', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ messages: 7, events: 0 });
    await turnOn(world, PEOPLE.mara);
  });
  afterAll(() => world.close());

  const rows = async () => {
    const { rows: counted } = await sql<{ items: number; streams: number; credentials: number; told: number }>`
      select (select count(*) from items)::int as items, (select count(*) from streams)::int as streams,
        (select count(*) from connections where credential is not null)::int as credentials,
        (select count(*) from outbox where kind = 'disconnected')::int as told`.execute(world.product.database.kysely);
    return counted[0];
  };
  const connectionId = async () => {
    const { rows: found } = await sql<{ connection_id: string }>`select connection_id from connections`.execute(
      world.product.database.kysely,
    );
    return found[0]?.connection_id;
  };

  test('PUR-10 disconnecting is idempotent', async () => {
    await world.as(PEOPLE.tom, 'GET', '/api/me/sync');
    const unknown = await world.as(PEOPLE.sam, 'DELETE', '/api/me/connection', { data: 'erase' });

    expect(unknown.status).toBe(403);
    expect(await rows()).toMatchObject({ items: 7 });
  });

  test('PUR-01 revokes the token, deletes all data, and writes one feed event', async () => {
    const { body: before } = await world.control('GET', '/requests');
    const left = await world.as(PEOPLE.mara, 'DELETE', '/api/me/connection', { data: 'erase' });
    const since = Number(Reflect.get(Object(before), 'next'));
    await world.settle();
    const { body } = await world.control('GET', `/requests?since=${since}`);
    const mara = await oidOf(world, PEOPLE.mara);
    const key = { tenantId: HARBOR_REED, memberId: mara, purpose: 'credential' } as const;

    expect(left.status).toBe(200);
    expect(readList(left.body, 'left')).toContain('Mail.Read');
    expect(await rows()).toEqual({ items: 0, streams: 0, credentials: 0, told: 1 });
    expect(await world.product.keyring.forReading(key)).toBeNull();
    // Nothing but taking leave: what Graph was to tell of, it is to tell no more.
    const asked = readList(body, 'requests').filter((each) => readField(each, 'target') === 'graph');
    expect(asked.map((each) => readField(each, 'method'))).toEqual(['DELETE']);
    expect(asked[0]).toMatchObject({ url: expect.stringMatching(/\/subscriptions\//), status: 204 });
  });

  test('PUR-10 a second time changes nothing', async () => {
    const again = await world.as(PEOPLE.mara, 'DELETE', '/api/me/connection', { data: 'erase' });

    expect(again).toMatchObject({ status: 200, body: { receipts: [], left: [] } });
    expect(await rows()).toMatchObject({ told: 1 });
  });

  test("opening the page doesn't reconnect a member who disconnected", async () => {
    const session = await world.as(PEOPLE.mara, 'GET', '/api/session');

    expect(session).toMatchObject({ status: 200, body: { connection: { state: 'notConnected' } } });
    expect(await rows()).toMatchObject({ credentials: 0 });
  });

  test('PUR-06 coming back is a new connection with everything read afresh, also while an erasure continues', async () => {
    const first = await connectionId();
    const begun = await world.as(PEOPLE.mara, 'POST', '/api/me/consents', { selection: MAIL });
    await goToMicrosoft(world, begun);
    await world.settle();
    const second = await connectionId();
    await world.as(PEOPLE.mara, 'DELETE', '/api/me/connection', { data: 'erase' });
    const back = await world.as(PEOPLE.mara, 'POST', '/api/me/consents', { selection: MAIL });
    await goToMicrosoft(world, back);
    await world.settle();

    expect(second).not.toBe(first);
    expect(await connectionId()).not.toBe(second);
    expect(await rows()).toMatchObject({ items: 7, credentials: 1 });
    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByOwnChoice');
  });

  test('with data kept, what was synchronized stays readable, and nothing new comes', async () => {
    await world.as(PEOPLE.mara, 'DELETE', '/api/me/connection', { data: 'keep' });
    await world.settle();
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail');

    expect(readList(body, 'items')).toHaveLength(7);
    expect(await rows()).toMatchObject({ streams: 0, credentials: 0 });
  });
});

describe('the consent flow under bad luck', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ messages: 3, events: 2 });
    await world.as(PEOPLE.mara, 'GET', '/api/session');
  });
  afterAll(() => world.close());

  const begin = (upn: string, selection = MAIL) => world.as(upn, 'POST', '/api/me/consents', { selection });
  const follow = async (upn: string, id: string) => (await world.as(upn, 'GET', `/api/me/consents/${id}`)).body;

  test('CON-06 a return after ten minutes is refused as expired, and a fresh start works', async () => {
    const begun = await begin(PEOPLE.mara);
    const walk = await goToMicrosoft(world, begun);
    world.advance(10 * 60_000 + 1_000);
    const end = await press(world, walk, 'answer', 'accept');

    expect(end.page.status).toBe(400);
    expect(end.page.text).toContain('has expired');
    expect(await follow(PEOPLE.mara, readField(begun.body, 'id'))).toMatchObject({ state: 'expired' });
  });

  test('CON-09 fewer permissions than were asked: what is there syncs, and what is missing is named', async () => {
    await turnOn(world, PEOPLE.mara, MAIL_AND_CALENDAR);
    await world.control('DELETE', '/grants', { tenant: HARBOR_REED, for: PEOPLE.mara, scopes: ['Calendars.Read'] });
    world.advance(51 * 60_000);
    await world.settle();

    expect(await reasonOf(world, PEOPLE.mara, 'mail')).toBe('onByOwnChoice');
    expect(await reasonOf(world, PEOPLE.mara, 'calendar')).toBe('consentRevoked');
  });

  test('CON-13 Entra goes away while the code is redeemed: nothing is connected, and the person tries again', async () => {
    await world.as(PEOPLE.tom, 'GET', '/api/session');
    const begun = await begin(PEOPLE.tom);
    const walk = await goToMicrosoft(world, begun);
    await world.control('POST', '/faults', [{ match: { method: 'POST', path: '/oauth2/v2.0/token' }, action: 'cut' }]);
    const end = await press(world, walk, 'answer', 'accept');
    await world.control('DELETE', '/faults');

    expect(end.page.text).toContain('Microsoft does not answer');
    expect(await reasonOf(world, PEOPLE.tom)).toBe('offByOwnChoice');
    await turnOnAgain(world, PEOPLE.tom);
    expect(await reasonOf(world, PEOPLE.tom)).toBe('onByOwnChoice');
  });

  test.each(['//evil.example', 'https:evil', '\\\\evil', 'javascript:alert(1)', '@evil', '%0d%0aset-cookie:x=1'])(
    'CON-14 a target of someone else in the address goes nowhere: %s',
    async (target) => {
      const begun = await begin(PEOPLE.mara);
      const path = new URL(readField(begun.body, 'startUrl')).pathname;
      const first = await world.request(`${path}?returnTo=${target}&redirect_uri=${target}&next=${target}`);
      const location = new URL(first.headers.get('location') ?? '');

      expect(location.origin).toBe(world.origin);
      expect(location.searchParams.get('redirect_uri')).toBe(`${world.origin}/consent/return`);
    },
  );

  test("CON-07 a return that names another tenant's issuer is refused", async () => {
    const begun = await begin(PEOPLE.mara, { ...MAIL, calendar: { sync: 'full', act: 'none', shared: false } });
    const walk = await goToMicrosoft(world, begun);
    const forged = walk.page.text.match(/<form[\s\S]*?value="accept"[\s\S]*?<\/form>/)?.[0] ?? '';
    const fields = [...forged.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    const plain = (text: string) => text.replace(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)));
    const body = new URLSearchParams(fields.map(([, key = '', text = '']) => [key, plain(text)]));
    body.set('answer', 'accept');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const accepted = await world.request(walk.path, { method: 'POST', headers, body: body.toString() });
    const target = new URL(accepted.headers.get('location') ?? '', world.origin);
    target.searchParams.set('iss', `${world.origin}/${LINDQVIST}/v2.0`);
    const end = await visit(world, `${target.pathname}${target.search}`, new Map(walk.cookies));

    expect(await follow(PEOPLE.mara, readField(begun.body, 'id'))).toMatchObject({ state: 'refused' });
    expect(end.page.text).not.toContain('Microsoft accepted');
  });

  test('TOK-29 a claims challenge reaches the client once, as Microsoft wrote it, and nothing is stored', async () => {
    await world.control('PUT', '/application', { tenant: LINDQVIST, stepUp: true });
    const { body: before } = await world.control('GET', '/requests');
    const challenged = await world.as(PEOPLE.sam, 'GET', '/api/session');
    const since = Number(Reflect.get(Object(before), 'next'));
    const { body } = await world.control('GET', `/requests?since=${since}`);
    const exchanges = readList(body, 'requests').filter((each) => readField(each, 'url').includes('/token'));
    const header = challenged.headers.get('www-authenticate') ?? '';
    const claims = Buffer.from(/claims="([^"]+)"/.exec(header)?.[1] ?? '', 'base64').toString('utf8');

    expect(challenged.status).toBe(401);
    expect(header).toContain('error="insufficient_claims"');
    expect(JSON.parse(claims)).toEqual({ access_token: { acrs: { essential: true, value: 'c1' } } });
    expect(exchanges).toHaveLength(1);
    expect((await world.as(PEOPLE.sam, 'GET', '/api/me/sync')).body).toMatchObject({ connection: 'none' });
  });

  test.each([
    [{ enabled: false }, 'appDisabled'],
    [{ assignmentRequired: true, assigned: [] }, 'notAssigned'],
  ])('with the application as %j the session says %s', async (state, reason) => {
    await world.control('PUT', '/application', { tenant: HARBOR_REED, ...state });
    await world.as(PEOPLE.lena, 'GET', '/api/session');
    const { body } = await world.as(PEOPLE.lena, 'GET', '/api/session');
    await world.control('PUT', '/application', { tenant: HARBOR_REED, enabled: true, assignmentRequired: false });

    expect(body).toMatchObject({ connection: { state: 'refused', reason } });
  });

  test("reports a national cloud and doesn't retry", async () => {
    const { body } = await world.as(PEOPLE.ian, 'GET', '/api/session');

    expect(body).toMatchObject({ connection: { state: 'refused', reason: 'cloudNotSupported' } });
    expect(await reasonOf(world, PEOPLE.ian)).toBe('cloudNotSupported');
  });

  test('a grant that takes its time is propagating, and then there', async () => {
    await world.as(PEOPLE.owen, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
    await world.control('PUT', '/propagation', { tenant: HARBOR_REED, milliseconds: 10_000 });
    const begun = await world.as(PEOPLE.owen, 'POST', '/api/organization/consents', {
      mode: 'organization',
      selection: MAIL_AND_CALENDAR,
      confirmAdministrator: true,
    });
    await answer(world, await goToMicrosoft(world, begun), [PEOPLE.owen, 'accept']);
    const path = `/api/organization/consents/${readField(begun.body, 'id')}`;
    const early = await world.as(PEOPLE.owen, 'GET', path);
    world.advance(16_000);
    await world.settle();

    expect(early.body).toMatchObject({ state: 'propagating' });
    expect((await world.as(PEOPLE.owen, 'GET', path)).body).toMatchObject({ state: 'verified' });
  });
});

describe('two administrators at once', () => {
  test('CON-17 different decisions: one holds, the other is superseded, and its grant only permits', async () => {
    const world = await createWorld({ messages: 1, events: 0 });
    await decideForEveryone(world, PEOPLE.owen);
    await world.as(PEOPLE.ines, 'GET', '/api/session');
    const ines = await oidOf(world, PEOPLE.ines);
    await world.as(PEOPLE.owen, 'PATCH', `/api/organization/members/${ines}`, { productRole: 'manager' });
    const ask = (upn: string, selection: object) =>
      world.as(upn, 'POST', '/api/organization/consents', {
        mode: 'organization',
        selection,
        confirmAdministrator: true,
      });
    const [first, second] = [await ask(PEOPLE.owen, MAIL_AND_CALENDAR), await ask(PEOPLE.ines, MAIL)];
    await answer(world, await goToMicrosoft(world, first), [PEOPLE.owen, 'accept']);
    await world.settle();
    await answer(world, await goToMicrosoft(world, second), [PEOPLE.ines, 'accept']);
    await world.settle();
    const stale = await world.as(PEOPLE.ines, 'GET', `/api/organization/consents/${readField(second.body, 'id')}`);

    expect(stale.body).toMatchObject({ state: 'refused', reason: 'superseded' });
    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ selection: { calendar: { sync: 'full' } } });
    expect((await changeSettings(world, PEOPLE.ines, { mode: 'individual' })).status).toBe(200);
    await world.close();
  });
});

async function turnOnAgain(world: World, upn: string): Promise<void> {
  const begun = await world.as(upn, 'POST', '/api/me/consents', { selection: MAIL });
  await goToMicrosoft(world, begun);
  await world.settle();
}
