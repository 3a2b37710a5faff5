/** Webhooks as the operator's product meets them: named by a key, signed, in order, and in its own hands. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { callWithKey, makeKey } from '../support/apiKey.ts';
import {
  type Answer,
  createWorld,
  HARBOR_REED,
  LINDQVIST,
  PEOPLE,
  readField,
  type World,
} from '../support/createWorld.ts';
import { eventually } from '../support/eventually.ts';
import { READ, readList, turnOn } from '../support/grantConsent.ts';
import { type HookReceiver, openHookReceiver, statusOnly } from '../support/hookReceiver.ts';

const SOMEWHERE = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1999';

let world: World;
let hooks: HookReceiver;
let key: string;

beforeAll(async () => {
  hooks = await openHookReceiver();
  world = await createWorld({ messages: 6, events: 3, env: { WEBHOOK_ALLOWED_HOSTS: hooks.host } });
  key = await makeKey(world, { scopes: ['webhooks', 'read:changes'] });
});
afterAll(async () => {
  await world.close();
  await hooks.close();
});
beforeEach(() => {
  hooks.received.length = 0;
  hooks.answer(statusOnly(204));
});
afterEach(async () => {
  for (const endpoint of readList((await call('GET', '/v1/webhooks')).body, 'endpoints')) {
    await call('DELETE', `/v1/webhooks/${readField(endpoint, 'id')}`);
  }
});

function call(method: string, path: string, body?: unknown, by = key): Promise<Answer> {
  return callWithKey(world, by, method, path, body);
}

async function anEndpoint(choice: object = {}, by = key): Promise<{ readonly id: string; readonly secret: string }> {
  const { status, body } = await call('POST', '/v1/webhooks', { url: hooks.url, linger: 0, ...choice }, by);
  expect(status).toBe(201);
  return { id: readField(Reflect.get(Object(body), 'endpoint'), 'id'), secret: readField(body, 'secret') };
}

const eventsOf = () =>
  hooks.received.map(({ body }): { type: string; data: Record<string, unknown> } => JSON.parse(body));

test('what a member shares arrives signed, and what they take back is told by itself', async () => {
  const { secret } = await anEndpoint();
  await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ });
  const feed = async () =>
    readList((await call('GET', '/v1/changes?limit=1000')).body, 'changes').map((each) => [
      readField(each, 'type'),
      Reflect.get(Object(each), 'sequence'),
    ]);
  /** What came, in the form in which the feed tells it. */
  const told = () =>
    eventsOf().flatMap(({ type, data }) =>
      Array.isArray(data['changes'])
        ? data['changes'].map((each: unknown) => [readField(each, 'type'), Reflect.get(Object(each), 'sequence')])
        : [[type, data['sequence']]],
    );
  const isItem = ([type]: readonly unknown[]) => String(type).startsWith('item.');
  await eventually(async () => (await feed()).some(isItem) && told().length === (await feed()).length);

  for (const { body, headers } of hooks.received) {
    expect(new Webhook(secret).verify(body, Object(headers))).toEqual(JSON.parse(body));
  }
  expect(told()).toEqual(await feed());
  expect(JSON.stringify(hooks.received)).not.toContain('subject');

  const off = { ...EMPTY_SELECTION.mail };
  await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: off }, data: { mail: 'erase' } });
  await eventually(() => Promise.resolve(eventsOf().some(({ type }) => type === 'category.erased')));
  expect(eventsOf().find(({ type }) => type === 'category.erased')).toMatchObject({ data: { category: 'mail' } });
});

describe('an endpoint', () => {
  test('is shown whole but for its secret and what its headers hold', async () => {
    const { id } = await anEndpoint({ headers: { Authorization: 'Bearer theirs', 'X-Team': 'crm' } });
    expect((await call('GET', `/v1/webhooks/${id}`)).body).toEqual({
      id,
      url: hooks.url,
      events: ['*'],
      organizationIds: null,
      payload: 'changes',
      linger: 0,
      maxInFlight: 10,
      headerNames: ['authorization', 'x-team'],
      state: 'active',
      disabledReason: null,
      failures: 0,
      failingSince: null,
      nextTryAt: null,
      succeededAt: null,
      secretsUntil: [],
      createdAt: expect.any(String),
    });
    expect(readList((await call('GET', '/v1/webhooks')).body, 'endpoints')).toHaveLength(1);
  });

  test('is changed, paused, resumed and removed', async () => {
    const { id } = await anEndpoint();
    const path = `/v1/webhooks/${id}`;
    expect((await call('PATCH', path, { events: ['items.changed'], payload: 'hint' })).body).toMatchObject({
      events: ['items.changed'],
      payload: 'hint',
      url: hooks.url,
    });
    expect((await call('POST', `${path}/pause`)).body).toMatchObject({ state: 'paused' });
    expect((await call('POST', `${path}/resume`)).body).toMatchObject({ state: 'active' });
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', path)).status).toBe(404);
    expect((await call('DELETE', path)).status).toBe(404);
  });

  test('is tested at once, and says what was answered', async () => {
    const { id, secret } = await anEndpoint({ headers: { 'x-team': 'crm' } });
    hooks.answer((_hook, response) => response.writeHead(500).end('no room'));
    expect((await call('POST', `/v1/webhooks/${id}/test`)).body).toEqual({
      status: 500,
      milliseconds: expect.any(Number),
      tlsVersion: null,
      error: null,
      excerpt: 'no room',
    });
    const [{ body, headers } = { body: '', headers: {} }] = hooks.received;
    expect(headers).toMatchObject({ 'x-team': 'crm' });
    expect(new Webhook(secret).verify(body, Object(headers))).toMatchObject({
      type: 'webhook.test',
      data: { endpointId: id },
    });
    expect((await call('GET', `/v1/webhooks/${id}`)).body).toMatchObject({ failures: 0 });
  });

  test('gets a new secret, beside which the one before signs for as long as is asked', async () => {
    const { id, secret } = await anEndpoint();
    const rotated = await call('POST', `/v1/webhooks/${id}/secret/rotate`, { overlapHours: 2 });
    const next = readField(rotated.body, 'secret');
    expect(next).not.toBe(secret);
    await call('POST', `/v1/webhooks/${id}/test`);
    const [{ body, headers } = { body: '', headers: {} }] = hooks.received;
    for (const each of [secret, next]) {
      expect(new Webhook(each).verify(body, Object(headers))).toBeDefined();
    }
    const once = await call('POST', `/v1/webhooks/${id}/secret/rotate`, { overlapHours: 0 });
    await call('POST', `/v1/webhooks/${id}/test`);
    const { body: text = '', headers: sent = {} } = hooks.received.at(-1) ?? {};
    expect(new Webhook(readField(once.body, 'secret')).verify(text, Object(sent))).toBeDefined();
    expect(() => new Webhook(next).verify(text, Object(sent))).toThrow();
  });
});

describe('what cannot be taken names the field', () => {
  test.each<[object, string]>([
    [{ url: 'http://hooks.example.com/' }, 'url'],
    [{ url: 'https://127.0.0.1/' }, 'url'],
    [{ url: 'https://me:secret@hooks.example.com/' }, 'url'],
    [{ headers: { host: 'elsewhere' } }, 'headers.host'],
    [{ headers: { 'content-length': '1' } }, 'headers.content-length'],
    [{ headers: { 'webhook-id': 'mine' } }, 'headers.webhook-id'],
    [{ headers: { 'x-a': 'one\r\nwebhook-id: mine' } }, 'headers.x-a'],
    [{ headers: { 'x-a': 'ü' } }, 'headers.x-a'],
    [{ headers: Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [`x-${name}`, ''])) }, 'headers'],
    [{ events: ['item.upserted'] }, 'events.0'],
    [{ linger: 5_001 }, 'linger'],
    [{ maxInFlight: 0 }, 'maxInFlight'],
    [{ organizationIds: [] }, 'organizationIds'],
    [{ secret: 'mine' }, ''],
  ])('%j', async (choice, field) => {
    const { status, body } = await call('POST', '/v1/webhooks', { url: hooks.url, ...choice });
    expect([status, readField(body, 'code')]).toEqual([400, 'body_invalid']);
    expect(readList(body, 'fields').map((each) => readField(each, 'field'))).toContain(field);
  });
});

describe('a key of one organization', () => {
  let limited: string;
  beforeAll(async () => {
    await world.as(PEOPLE.priya, 'GET', '/api/session');
    limited = await makeKey(world, { scopes: ['webhooks'], organizationIds: [LINDQVIST] });
  });

  test('is sent nothing of another one, whatever it asks for', async () => {
    const { id } = await anEndpoint({}, limited);
    expect((await call('GET', `/v1/webhooks/${id}`)).body).toMatchObject({ organizationIds: [LINDQVIST] });
    for (const organizationIds of [[HARBOR_REED], [SOMEWHERE], [LINDQVIST, HARBOR_REED], null]) {
      const made = await call('POST', '/v1/webhooks', { url: hooks.url, organizationIds }, limited);
      // `null` is everything that the key may see.
      expect(made.status).toBe(organizationIds === null ? 201 : 404);
      const changed = await call('PATCH', `/v1/webhooks/${id}`, { organizationIds }, limited);
      expect(changed.status).toBe(404);
    }
  });

  test('sees no endpoint of others: not by its id, and not what it was sent', async () => {
    const [everyone, theirs] = [await anEndpoint(), await anEndpoint({ organizationIds: [HARBOR_REED] })];
    expect((await call('GET', '/v1/webhooks', undefined, limited)).body).toEqual({ endpoints: [] });
    for (const { id } of [everyone, theirs, { id: 'whk_invented' }]) {
      const path = `/v1/webhooks/${id}`;
      const span = { from: '2026-11-30T00:00:00Z' };
      const answers = await Promise.all([
        call('GET', path, undefined, limited),
        call('PATCH', path, { linger: 1 }, limited),
        call('DELETE', path, undefined, limited),
        call('POST', `${path}/pause`, undefined, limited),
        call('POST', `${path}/resume`, undefined, limited),
        call('POST', `${path}/test`, undefined, limited),
        call('POST', `${path}/secret/rotate`, {}, limited),
        call('POST', `${path}/replay`, span, limited),
        call('GET', `${path}/deliveries`, undefined, limited),
        call('POST', `${path}/deliveries/dlv_a/retry`, undefined, limited),
      ]);
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    }
    expect((await call('GET', `/v1/webhooks/${theirs.id}`)).body).toMatchObject({ state: 'active' });
  });
});

test('a key without the scope may do nothing of it', async () => {
  const other = await makeKey(world, { scopes: ['read:changes'] });
  expect((await call('GET', '/v1/webhooks', undefined, other)).status).toBe(403);
  expect((await call('POST', '/v1/webhooks', { url: hooks.url }, other)).status).toBe(403);
});

describe('what was sent', () => {
  test('is in the log, and is sent again with the same id when one asks for it', async () => {
    const { id } = await anEndpoint();
    await turnOn(world, PEOPLE.priya, { ...EMPTY_SELECTION, contacts: READ });
    const log = async () => readList((await call('GET', `/v1/webhooks/${id}/deliveries`)).body, 'deliveries');
    await eventually(async () => (await log()).some((each) => readField(each, 'state') === 'delivered'));
    await world.settle();
    const [newest] = await log();
    expect(newest).toMatchObject({
      event: 'items.changed',
      organizationId: LINDQVIST,
      state: 'delivered',
      tries: [{ status: 204, error: null, excerpt: null }],
    });
    const webhookId = readField(newest, 'webhookId');
    const sent = () => hooks.received.filter(({ headers }) => headers['webhook-id'] === webhookId);
    expect(sent()).toHaveLength(1);

    const retried = await call('POST', `/v1/webhooks/${id}/deliveries/${readField(newest, 'id')}/retry`);
    expect(retried.status).toBe(202);
    await eventually(() => Promise.resolve(sent().length === 2));
    expect(sent()[1]?.body).toBe(sent()[0]?.body);
    expect((await call('POST', `/v1/webhooks/${id}/deliveries/dlv_none/retry`)).status).toBe(404);

    const replayed = await call('POST', `/v1/webhooks/${id}/replay`, { from: '2026-01-01T00:00:00Z', only: 'all' });
    expect([replayed.status, replayed.body]).toEqual([202, { again: 1 }]);
    await eventually(() => Promise.resolve(sent().length >= 3));
    expect(sent()[2]?.body).toBe(sent()[0]?.body);
  });

  test('is listed page by page, and a cursor serves its list alone', async () => {
    const { id } = await anEndpoint();
    const other = await anEndpoint();
    await turnOn(world, PEOPLE.owen, { ...EMPTY_SELECTION, mail: READ, calendar: READ });
    const list = (query: string, of = id) => call('GET', `/v1/webhooks/${of}/deliveries${query}`);
    await eventually(async () => readList((await list('')).body, 'deliveries').length >= 2);
    const first = await list('?limit=1');
    const next = readField(first.body, 'next');
    const second = await list(`?limit=1&cursor=${next}`);
    const ids = [first, second].map(({ body }) => readField(readList(body, 'deliveries')[0], 'id'));
    expect(new Set(ids).size).toBe(2);
    expect(readField((await list(`?cursor=${next}x`)).body, 'code')).toBe('cursor_invalid');
    expect(readField((await list(`?cursor=${next}`, other.id)).body, 'code')).toBe('cursor_not_for_this');
    expect(readField((await list(`?state=failed&cursor=${next}`)).body, 'code')).toBe('cursor_not_for_this');
  });
});
