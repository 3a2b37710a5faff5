/** What the operator decides of an organization, as its people, its product and its history meet it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { EMPTY_SELECTION, FULL_OFFER } from '../../src/domain/selection.ts';
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
import { READ, readList, turnOn } from '../support/grantConsent.ts';

const SOMEWHERE = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1999';

let world: World;
let key: string;

beforeAll(async () => {
  world = await createWorld({ messages: 6, events: 2 });
  key = await makeKey(world, { scopes: ['manage:organizations', 'read:organizations', 'read:changes', 'read:audit'] });
  await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ });
});
afterAll(() => world.close());

function call(method: string, path: string, body?: unknown, by = key): Promise<Answer> {
  return callWithKey(world, by, method, path, body);
}
const organization = `/v1/organizations/${HARBOR_REED}`;
const decisionOf = async (category: string) => {
  const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/sync');
  return Reflect.get(Object(Reflect.get(Object(body), 'decisions')), category);
};
/** What the feed tells beside items, newest last. */
const told = async () => {
  const { body } = await withKey(world, key, `/v1/organizations/${HARBOR_REED}/changes?limit=1000`);
  return readList(body, 'changes').filter((each) => !readField(each, 'type').startsWith('item.'));
};
const acts = async () => readList((await call('GET', `${organization}/audit`)).body, 'acts');

test('the feed tells how an organization and a connection came to be', async () => {
  expect(await told()).toEqual([
    {
      organizationId: HARBOR_REED,
      sequence: 1,
      type: 'organization.admitted',
      at: expect.any(String),
      detail: {},
    },
    {
      organizationId: HARBOR_REED,
      sequence: expect.any(Number),
      type: 'connection.made',
      at: expect.any(String),
      memberId: expect.any(String),
      connectionId: expect.any(String),
      detail: {},
    },
  ]);
});

test('the history is there for the product, ids only, page by page', async () => {
  const all = await acts();
  expect(all.map((act) => readField(act, 'action'))).toContain('organization.onboarded');
  expect(JSON.stringify(all)).not.toContain('Mara');
  const first = await call('GET', `${organization}/audit?limit=1`);
  const next = Reflect.get(Object(first.body), 'next');
  const second = await call('GET', `${organization}/audit?limit=1&before=${String(next)}`);
  expect([...readList(first.body, 'acts'), ...readList(second.body, 'acts')]).toEqual(all.slice(0, 2));
});

describe('how the installation does', () => {
  test('is numbers, of what a key may see', async () => {
    const hooks = await makeKey(world, { scopes: ['webhooks'] });
    await call('POST', '/v1/webhooks', { url: 'https://hooks.example.com/' }, hooks);
    await world.settle();
    const well = {
      feedLagSeconds: expect.any(Number),
      mailboxes: { due: 0, oldestSeconds: 0 },
      expiringSubscriptions: 0,
      failingStreams: {},
      webhooks: { endpoints: { active: 1 }, organizationsBehind: 0, setAside: 0 },
    };
    expect((await call('GET', '/v1/health')).body).toEqual(well);
    const { kysely } = world.product.database;
    await sql`update streams set error = 'forbidden' where category = 'mail'`.execute(kysely);
    const { numAffectedRows } = await sql`update subscriptions set expires_at = now()`.execute(kysely);
    const { body } = await call('GET', '/v1/health');
    expect(body).toMatchObject({
      expiringSubscriptions: Number(numAffectedRows ?? 0n),
      failingStreams: { forbidden: expect.any(Number) },
    });
    expect(Number(numAffectedRows ?? 0n)).toBeGreaterThan(0);

    const other = await makeKey(world, { scopes: ['read:organizations'], organizationIds: [LINDQVIST] });
    expect((await call('GET', '/v1/health', undefined, other)).body).toEqual({
      ...well,
      webhooks: { endpoints: {}, organizationsBehind: 0, setAside: 0 },
    });
    await sql`update streams set error = null`.execute(kysely);
    await world.nextRound();
  });
});

describe('an organization that is suspended', () => {
  test('is read no further, says so to its people and in its history, and goes on where it was', async () => {
    const suspended = await call('POST', `${organization}/suspend`);
    expect(suspended.body).toEqual({ id: HARBOR_REED, suspendedAt: expect.any(String) });
    expect(await decisionOf('mail')).toMatchObject({
      effective: { sync: 'off' },
      control: 'operator',
      reason: 'suspended',
      action: 'contactOperator',
    });
    await world.control('POST', '/messages', { to: PEOPLE.mara, eml: 'Subject: Meanwhile\r\n\r\nHello.\r\n' });
    await world.nextRound();
    const subjects = async () =>
      readList((await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail')).body, 'items').map((item) =>
        readField(item, 'subject'),
      );
    expect((await subjects()).length).toBeGreaterThan(0);
    expect(await subjects()).not.toContain('Meanwhile');
    // Once more changes nothing.
    expect((await call('POST', `${organization}/suspend`)).body).toEqual(suspended.body);

    expect((await call('POST', `${organization}/resume`)).body).toEqual({ id: HARBOR_REED, suspendedAt: null });
    await world.nextRound();
    expect(await decisionOf('mail')).toMatchObject({ reason: 'onByOwnChoice' });
    expect(await subjects()).toContain('Meanwhile');
    const by = `key ${key.split('_')[1] ?? ''}`;
    expect(
      (await told()).slice(-2).map((each) => [readField(each, 'type'), Reflect.get(Object(each), 'detail')]),
    ).toEqual([
      ['organization.suspended', { by }],
      ['organization.resumed', { by }],
    ]);
    const written = (await acts()).filter((act) => /suspended/.test(readField(act, 'action')));
    expect(written.map((act) => [readField(act, 'action'), Reflect.get(Object(act), 'detail')])).toEqual([
      ['organization.unsuspended', { by }],
      ['organization.suspended', { by }],
    ]);
  });
});

describe('what can be turned on', () => {
  test('is everything at first, and no more than the operator says', async () => {
    expect((await call('GET', `${organization}/caps`)).body).toEqual(FULL_OFFER);
    const caps = { ...FULL_OFFER, mail: EMPTY_SELECTION.mail };
    expect((await call('PUT', `${organization}/caps`, caps)).body).toEqual(caps);
    expect((await call('GET', `${organization}/caps`)).body).toEqual(caps);
    expect(await decisionOf('mail')).toMatchObject({
      effective: { sync: 'off' },
      control: 'operator',
      reason: 'notInPlan',
      action: 'contactOperator',
    });
    expect(await decisionOf('calendar')).toMatchObject({ reason: 'offByOwnChoice' });

    await call('PUT', `${organization}/caps`, FULL_OFFER);
    expect(await decisionOf('mail')).toMatchObject({ reason: 'onByOwnChoice', effective: { sync: 'full' } });
  });

  test.each<[string, object]>([
    ['acting, which nothing does yet', { ...FULL_OFFER, mail: { sync: 'full', act: 'send', shared: false } }],
    [
      'a level that a category does not have',
      { ...FULL_OFFER, tasks: { sync: 'limited', act: 'none', shared: false } },
    ],
    ['a category that there is not', { ...FULL_OFFER, notes: FULL_OFFER.mail }],
    ['some categories only', { mail: FULL_OFFER.mail }],
  ])('cannot be %s', async (_what, caps) => {
    const { status, body } = await call('PUT', `${organization}/caps`, caps);
    expect([status, readField(body, 'code')]).toEqual([400, 'body_invalid']);
  });
});

test('what a key may not do, or not see, it does not', async () => {
  const reader = await makeKey(world, { scopes: ['read:organizations'] });
  const other = await makeKey(world, { scopes: ['manage:organizations', 'read:audit'], organizationIds: [LINDQVIST] });
  for (const [by, status] of [
    [reader, 403],
    [other, 404],
  ] as const) {
    const answers = await Promise.all([
      call('POST', `${organization}/suspend`, undefined, by),
      call('POST', `${organization}/resume`, undefined, by),
      call('PUT', `${organization}/caps`, FULL_OFFER, by),
      call('GET', `${organization}/audit`, undefined, by),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([status, status, status, status]);
  }
  expect((await call('POST', `/v1/organizations/${SOMEWHERE}/suspend`)).status).toBe(404);
});
