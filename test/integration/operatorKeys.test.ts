/** Keys that make keys, and requests that are sent more than once. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { callWithKey, makeKey, withKey } from '../support/apiKey.ts';
import {
  type Answer,
  createWorld,
  HARBOR_REED,
  LINDQVIST,
  PEOPLE,
  readField,
  type World,
} from '../support/createWorld.ts';
import { readList } from '../support/grantConsent.ts';

let world: World;
let key: string;

beforeAll(async () => {
  world = await createWorld({ messages: 2, events: 1 });
  await world.as(PEOPLE.mara, 'GET', '/api/session');
  key = await makeKey(world, { name: 'Root', scopes: ['keys', 'read:changes', 'webhooks'] });
});
afterAll(() => world.close());

let asked = 0;
function post(path: string, body: unknown, by = key, idempotencyKey: string | null = `request ${(asked += 1)}`) {
  const header = idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey.replaceAll(' ', '-') };
  return callWithKey(world, by, 'POST', path, body, header);
}
const remove = (id: string, by = key) => callWithKey(world, by, 'DELETE', `/v1/keys/${id}`);
const codeOf = ({ status, body }: Answer) => [status, readField(body, 'code')];
const idOf = ({ body }: Answer) => readField(Reflect.get(Object(body), 'key'), 'id');
const textOf = ({ body }: Answer) => readField(body, 'text');

const CRM = { name: 'CRM', scopes: ['read:changes'] };

test('a key knows itself', async () => {
  const limited = await makeKey(world, { name: 'Limited', scopes: ['read:items'], organizationIds: [HARBOR_REED] });
  expect((await withKey(world, limited, '/v1/me')).body).toEqual({
    id: limited.split('_')[1],
    name: 'Limited',
    scopes: ['read:items'],
    organizationIds: [HARBOR_REED],
    expiresAt: null,
    allowedAddresses: null,
  });
});

describe('a key that makes keys', () => {
  test('shows one once, and ends it for good', async () => {
    const made = await post('/v1/keys', { ...CRM, expiresAt: '2099-01-01T00:00:00Z' });
    expect([made.status, made.body]).toEqual([
      201,
      {
        key: {
          id: idOf(made),
          ...CRM,
          organizationIds: null,
          expiresAt: '2099-01-01T00:00:00.000Z',
          allowedAddresses: null,
        },
        text: expect.stringMatching(/^assent_/),
      },
    ]);
    expect((await withKey(world, textOf(made), '/v1/changes')).status).toBe(200);
    const listed = readList((await withKey(world, key, '/v1/keys')).body, 'keys');
    expect(listed.find((each) => readField(each, 'id') === idOf(made))).toEqual({
      id: idOf(made),
      ...CRM,
      organizationIds: null,
      expiresAt: '2099-01-01T00:00:00.000Z',
      allowedAddresses: null,
      createdAt: expect.any(String),
      madeBy: key.split('_')[1],
      revokedAt: null,
      lastUsedAt: expect.any(String),
    });
    expect(JSON.stringify(listed)).not.toContain(textOf(made));

    expect((await remove(idOf(made))).status).toBe(204);
    expect(codeOf(await withKey(world, textOf(made), '/v1/changes'))).toEqual([401, 'key_invalid']);
    expect((await remove(idOf(made))).status).toBe(404);
  });

  test('gives nothing that it does not have', async () => {
    const expiresAt = new Date('2099-01-01T00:00:00Z');
    const limited = await makeKey(world, {
      scopes: ['keys', 'read:changes'],
      organizationIds: [HARBOR_REED],
      expiresAt,
      allowedAddresses: ['127.0.0.1', '::1'],
    });
    const until = { expiresAt: expiresAt.toISOString(), allowedAddresses: ['127.0.0.1'] };
    expect(codeOf(await post('/v1/keys', { ...CRM, ...until, scopes: ['read:items'] }, limited))).toEqual([
      403,
      'scope_missing',
    ]);
    expect(codeOf(await post('/v1/keys', { ...CRM, ...until, organizationIds: [LINDQVIST] }, limited))).toEqual([
      404,
      'not_found',
    ]);
    for (const more of [
      { ...until, expiresAt: undefined },
      { ...until, expiresAt: '2099-01-01T00:00:01Z' },
      { ...until, allowedAddresses: undefined },
      { ...until, allowedAddresses: ['10.0.0.0/8'] },
    ]) {
      expect(codeOf(await post('/v1/keys', { ...CRM, ...more }, limited))).toEqual([400, 'body_invalid']);
    }
    const made = await post('/v1/keys', { ...CRM, ...until }, limited);
    expect(made.body).toMatchObject({ key: { organizationIds: [HARBOR_REED], ...until } });
  });

  test('of one organization sees and ends only keys of it', async () => {
    const limited = await makeKey(world, { scopes: ['keys'], organizationIds: [HARBOR_REED] });
    const everywhere = await post('/v1/keys', CRM);
    const ids = readList((await withKey(world, limited, '/v1/keys')).body, 'keys').map((each) => readField(each, 'id'));
    expect(ids).toContain(limited.split('_')[1]);
    expect(ids).not.toContain(idOf(everywhere));
    expect((await remove(idOf(everywhere), limited)).status).toBe(404);
    expect((await withKey(world, textOf(everywhere), '/v1/changes')).status).toBe(200);
  });
});

test('a key is used from where it may be, and from nowhere else', async () => {
  const elsewhere = await makeKey(world, { allowedAddresses: ['10.0.0.0/8', '2001:db8::/32'] });
  const here = await makeKey(world, { allowedAddresses: ['127.0.0.0/8', '::1'] });
  expect(codeOf(await withKey(world, elsewhere, '/v1/changes'))).toEqual([403, 'key_not_from_here']);
  expect((await withKey(world, here, '/v1/changes')).status).toBe(200);
});

describe('a request that is sent again', () => {
  test('has one effect and one answer, with another key of the same too', async () => {
    const first = await post('/v1/keys', CRM, key, 'same');
    const rotated = await makeKey(world, { scopes: ['keys', 'read:changes'] });
    const again = await post('/v1/keys', { scopes: CRM.scopes, name: CRM.name }, rotated, 'same');
    expect(again.body).toEqual(first.body);
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect([again.status, again.headers.get('content-type')]).toEqual([201, 'application/json; charset=utf-8']);
  });

  test('fifty times at once has one effect', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => post('/v1/keys', { ...CRM, name: 'Fifty' }, key, 'fifty')),
    );
    const made = answers.filter(({ status }) => status === 201);
    const waiting = answers.filter(({ status }) => status !== 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(textOf)).size).toBe(1);
    expect(waiting.map(codeOf)).toEqual(waiting.map(() => [409, 'request_in_progress']));
    expect(waiting.every(({ headers }) => Number(headers.get('retry-after')) > 0)).toBe(true);
    const listed = readList((await withKey(world, key, '/v1/keys')).body, 'keys');
    expect(listed.filter((each) => readField(each, 'name') === 'Fifty')).toHaveLength(1);
  });

  test('after its process died makes the same, not another one', async () => {
    const first = await post('/v1/keys', { ...CRM, name: 'Died' }, key, 'died');
    // As if it had died between what it made and saying so.
    await sql`
      update idempotent_requests set status = null, sealed_answer = null, lease_until = null
      where created_at = (select max(created_at) from idempotent_requests)
    `.execute(world.product.database.kysely);
    const again = await post('/v1/keys', { ...CRM, name: 'Died' }, key, 'died');
    expect(again.headers.get('idempotency-replayed')).toBeNull();
    expect(again.body).toEqual(first.body);
    expect((await withKey(world, textOf(again), '/v1/changes')).status).toBe(200);
  });

  test('tells a key that may do less nothing of what another one made', async () => {
    const wide = { name: 'Wide', scopes: ['webhooks'] };
    expect((await post('/v1/keys', wide, key, 'wide')).status).toBe(201);
    const narrow = await makeKey(world, { scopes: ['keys'] });
    expect(codeOf(await post('/v1/keys', wide, narrow, 'wide'))).toEqual([403, 'scope_missing']);
  });

  test('that is refused many times at once is refused each time', async () => {
    const endpoint = { url: 'https://127.0.0.1/' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('/v1/webhooks', endpoint, key, 'refused')));
    const codes = new Set(answers.map((answer) => String(codeOf(answer))));
    expect([...codes].filter((code) => !['400,body_invalid', '409,request_in_progress'].includes(code))).toEqual([]);
  });

  test('with another body is refused, and one that was refused leaves its key free', async () => {
    await post('/v1/keys', CRM, key, 'taken');
    expect(codeOf(await post('/v1/keys', { ...CRM, name: 'Other' }, key, 'taken'))).toEqual([
      422,
      'idempotency_key_reused',
    ]);
    expect(codeOf(await post('/v1/keys', { ...CRM, scopes: ['read:items'] }, key, 'free'))).toEqual([
      403,
      'scope_missing',
    ]);
    expect((await post('/v1/keys', CRM, key, 'free')).status).toBe(201);
  });

  test('needs a key where it must not come twice, and a good one wherever it has one', async () => {
    expect(codeOf(await post('/v1/keys', CRM, key, null))).toEqual([400, 'idempotency_key_missing']);
    expect(codeOf(await post('/v1/keys', CRM, key, 'a"b'))).toEqual([400, 'body_invalid']);
    const endpoint = { url: 'https://hooks.example.com/' };
    const [one, other] = [
      await post('/v1/webhooks', endpoint, key, 'hook'),
      await post('/v1/webhooks', endpoint, key, 'hook'),
    ];
    expect(other.body).toEqual(one.body);
    expect(readList((await withKey(world, key, '/v1/webhooks')).body, 'endpoints')).toHaveLength(1);
    expect((await post('/v1/webhooks', endpoint, key, null)).status).toBe(201);
  });
});
