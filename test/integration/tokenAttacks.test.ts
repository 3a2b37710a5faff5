/** Tokens that must not open anything: each attack against the running server, none with any effect. */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type Answer, CLIENT_ID, createWorld, HARBOR_REED, PEOPLE, type World } from '../support/createWorld.ts';
import { eventually } from '../support/eventually.ts';

const NOW = Math.floor(Date.now() / 1000);
const GRAPH = '00000003-0000-0000-c000-000000000000';
const OTHER_TENANT = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1002';

describe('forged and misused tokens', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ startWorker: false });
  });
  afterAll(() => world.close());

  const present = (token: string): Promise<Answer> =>
    world.request('/api/session', { headers: { authorization: `Bearer ${token}` } });
  const claimed = async (claims: object, header: object = {}) =>
    present(await world.token(PEOPLE.mara, { claims, header }));

  test('a token that is right in everything is accepted', async () => {
    expect((await claimed({})).status).toBe(200);
  });

  test.each([
    ['TOK-01 alg none', { alg: 'none' }],
    ['TOK-01 alg None', { alg: 'None' }],
    ['TOK-05 alg PS256', { alg: 'PS256' }],
    ['TOK-05 alg ES256', { alg: 'ES256' }],
    ['TOK-05 alg HS256', { alg: 'HS256' }],
    ['TOK-03 crit', { crit: ['exp'] }],
    ['TOK-03 b64', { b64: false, crit: ['b64'] }],
    ['an unknown key', { kid: 'nobody-has-this-key' }],
    ['no key', { kid: null }],
  ])('%s: 401', async (_attack, header) => {
    expect(await claimed({}, header)).toMatchObject({ status: 401, body: { code: 'token_invalid' } });
  });

  test.each([
    ['TOK-06 for Graph', { aud: GRAPH }, 401],
    ['TOK-06 for an address that begins like ours', { aud: `api://${CLIENT_ID}.evil` }, 401],
    ['TOK-06 for us and somebody else', { aud: [CLIENT_ID, GRAPH] }, 401],
    ['TOK-07 v1 with a v1 issuer', { ver: '1.0', iss: `https://sts.windows.net/${HARBOR_REED}/` }, 401],
    ['TOK-07 v2 with a v1 issuer', { iss: `https://sts.windows.net/${HARBOR_REED}/` }, 401],
    ['TOK-10 of another cloud', { iss: `https://login.microsoftonline.us/${HARBOR_REED}/v2.0` }, 401],
    ['of a tenant that the issuer is not', { tid: OTHER_TENANT }, 401],
    ['of something that is no tenant', { tid: '../evil' }, 401],
    ['without an object id', { oid: null }, 401],
    ['TOK-12 expired beyond the skew', { exp: NOW - 200 }, 401],
    ['TOK-12 expired within the skew', { exp: NOW - 60 }, 200],
    ['TOK-12 not valid yet beyond the skew', { nbf: NOW + 400 }, 401],
    ['TOK-12 not valid yet within the skew', { nbf: NOW + 60 }, 200],
    ['TOK-12 without an end', { exp: null }, 401],
    ['TOK-12 with text as its end', { exp: String(NOW + 900) }, 401],
    ['TOK-12 with a fraction as its end', { exp: NOW + 900.5 }, 401],
    ['TOK-12 with an end before time began', { exp: -1 }, 401],
    ['TOK-15 without a scope', { scp: null }, 403],
    ['TOK-15 with a longer scope', { scp: 'access_as_user_x' }, 403],
    ['TOK-15 with a scope that ends like ours', { scp: 'Xaccess_as_user' }, 403],
    ['TOK-15 with a list as its scope', { scp: ['access_as_user'] }, 403],
    ['TOK-15 in other letters', { scp: 'Access_As_User' }, 403],
    ['TOK-15 with the scope among roles only', { scp: null, roles: ['access_as_user'] }, 403],
    ['TOK-16 an ID token', { nonce: 'n', scp: null }, 403],
    ['TOK-16 an ID token with our scope', { nonce: 'n' }, 403],
    ['of an application', { idtyp: 'app' }, 403],
    ['TOK-17 of a client that nobody knows', { azp: 'deadbeef-0000-4000-8000-000000000000' }, 403],
  ])('%s', async (_attack, claims, status) => {
    expect((await claimed(claims)).status).toBe(status);
  });

  test('TOK-04 altered anywhere, cut, lengthened or mixed from two: 401', async () => {
    const mine = (await world.token(PEOPLE.mara)).split('.');
    const toms = (await world.token(PEOPLE.tom)).split('.');
    const [head = '', body = '', signature = ''] = mine;
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    const altered = [
      [head, body, flipped],
      [head, toms[1] ?? '', signature],
      [head, body],
      [head, body, signature, 'x', 'y'],
      [head, body, ''],
    ];
    for (const parts of altered) {
      expect((await present(parts.join('.'))).status).toBe(401);
    }
  });

  test("TOK-03 a key of the attacker's own in the header is not used, nor looked up", async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const [, body = ''] = (await world.token(PEOPLE.mara)).split('.');
    const jwk = publicKey.export({ format: 'jwk' });
    const header = { alg: 'RS256', jwk, jku: `${world.origin}/sandbox/control/people`, kid: 'mine' };
    const input = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${body}`;
    const signature = createSign('RSA-SHA256').update(input).sign(privateKey, 'base64url');

    expect((await present(`${input}.${signature}`)).status).toBe(401);
  });

  test.each([
    ['garbage', 'x.y.z'],
    ['nothing between the dots', '..'],
    ['TOK-28 64 KB', `${'a'.repeat(65_536)}.b.c`],
    ['TOK-28 nested without end', `${'e30'}.${Buffer.from('['.repeat(3_000)).toString('base64url')}.c`],
    ['TOK-28 not UTF-8', `e30.${Buffer.from([0x7b, 0xff, 0xfe, 0x7d]).toString('base64url')}.c`],
  ])('%s: refused without a crash', async (_attack, token) => {
    expect([401, 431]).toContain((await present(token)).status);
  });

  test('TOK-28 a __proto__ claim changes no object', async () => {
    const body = Buffer.from('{"__proto__":{"polluted":true},"aud":"x"}').toString('base64url');
    await present(`e30.${body}.c`);

    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('TOK-27 a token anywhere but in the header opens nothing', async () => {
    const token = await world.token(PEOPLE.mara);
    const cookie = { cookie: `token=${token}` };

    expect((await world.request(`/api/session?access_token=${token}`)).status).toBe(401);
    expect((await world.request('/api/session', { headers: cookie })).status).toBe(401);
  });

  test('TOK-11 a tenant that was never onboarded is told so, and leaves no trace', async () => {
    expect(await world.as(PEOPLE.priya, 'GET', '/api/organization')).toMatchObject({
      status: 403,
      body: { code: 'tenant_not_onboarded' },
    });
    const { rows } = await sql`select 1 from organizations where tenant_id = ${OTHER_TENANT}`.execute(
      world.product.database.kysely,
    );
    expect(rows).toEqual([]);
  });

  test('TOK-26 the same object id in two tenants is two people', async () => {
    const oid = '7c2a9e10-0001-4c3d-8e5f-100000000001';
    await claimed({});
    const elsewhere = { tid: OTHER_TENANT, oid, iss: `${world.origin}/${OTHER_TENANT}/v2.0`, name: 'Somebody else' };
    await claimed(elsewhere);
    const { rows } = await sql`select tenant_id from members where member_id = ${oid}`.execute(
      world.product.database.kysely,
    );

    expect(rows).toHaveLength(2);
  });

  test('TOK-25 a guest is someone of this tenant, and cannot connect a mailbox', async () => {
    await world.as(PEOPLE.guest, 'GET', '/api/session');
    const mail = { sync: 'full', act: 'none', shared: false };
    const change = await world.as(PEOPLE.guest, 'PATCH', '/api/me/sync', { selection: { mail } });

    expect(change).toMatchObject({ status: 403, body: { code: 'guest_has_no_mailbox' } });
  });

  test('every refusal looks alike: a problem document with a code, a sentence and a next action', async () => {
    const { body, headers } = await claimed({ aud: GRAPH });

    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({
      status: 401,
      code: 'token_invalid',
      title: expect.any(String),
      action: expect.any(String),
    });
  });
});

describe('signing keys that cannot be had', () => {
  test('TOK-21 cold: 503 and not ready, never "invalid"; it heals by itself', async () => {
    const world = await createWorld({ startWorker: false });
    await world.control('POST', '/faults', [
      { match: { path: 'discovery|well-known' }, times: 3, action: 'status', status: 500 },
    ]);

    const before = await world.as(PEOPLE.mara, 'GET', '/api/session');
    const ready = await world.request('/readyz');

    expect(before).toMatchObject({ status: 503, body: { code: 'signing_keys_unavailable' } });
    expect(ready).toMatchObject({ status: 503, body: { unready: ['signing keys'] } });
    await world.control('DELETE', '/faults');
    await eventually(async () => (await world.as(PEOPLE.mara, 'GET', '/api/session')).status === 200);
    await world.close();
  });

  test('TOK-21 warm: what was fetched continues serving', async () => {
    const world = await createWorld({ startWorker: false });
    await world.as(PEOPLE.mara, 'GET', '/api/session');
    await world.control('POST', '/faults', [
      { match: { path: 'discovery|well-known' }, times: 50, action: 'status', status: 500 },
    ]);

    expect((await world.as(PEOPLE.mara, 'GET', '/api/me/sync')).status).toBe(200);
    await world.close();
  });
});
