/** `/v1/organizations` and members as the operator's product meets them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { callWithKey, makeKey, withKey } from '../support/apiKey.ts';
import { createWorld, HARBOR_REED, LINDQVIST, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { READ, readList, turnOn } from '../support/grantConsent.ts';
import { ENGINES } from '../support/databases.ts';

describe.each(ENGINES)('on %s', (engine) => {
  let world: World;
  let key: string;

  beforeAll(async () => {
    world = await createWorld({ engine, messages: 2, events: 0 });
    await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ });
    await world.as(PEOPLE.tom, 'GET', '/api/session');
    await turnOn(world, PEOPLE.priya, { ...EMPTY_SELECTION, contacts: READ });
    key = await makeKey(world, { scopes: ['read:organizations'] });
  });
  afterAll(() => world.close());

  const get = (path: string, by = key) => withKey(world, by, path);
  const field = (of: unknown, ...path: readonly string[]): unknown =>
    path.reduce<unknown>((inner, name) => Reflect.get(Object(inner), name), of);

  test('organizations come by id, page by page, with how many people they have', async () => {
    const whole = await get('/v1/organizations');
    const first = await get('/v1/organizations?limit=1');
    const second = await get(`/v1/organizations?limit=1&after=${readField(first.body, 'next')}`);
    const [harbor] = readList(first.body, 'organizations');

    expect(harbor).toEqual({
      id: HARBOR_REED,
      name: 'Harbor Reed Partners',
      isEnabled: true,
      mode: 'individual',
      grant: 'none',
      admittedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      suspendedAt: null,
      members: 2,
      connected: 2,
    });
    expect(readList(second.body, 'organizations').map((one) => field(one, 'id'))).toEqual([LINDQVIST]);
    expect(field(second.body, 'next')).toBeNull();
    expect(readList(whole.body, 'organizations')).toEqual([harbor, ...readList(second.body, 'organizations')]);
  });

  test('members come with their connection, and with what is effective and why', async () => {
    const path = `/v1/organizations/${HARBOR_REED}/members`;
    const first = await get(`${path}?limit=1`);
    const second = await get(`${path}?limit=1&after=${readField(first.body, 'next')}`);
    const [mara] = readList(first.body, 'members');
    const [tom] = readList(second.body, 'members');

    expect(mara).toMatchObject({
      id: '7c2a9e10-0001-4c3d-8e5f-100000000001',
      name: 'Mara Ellis',
      account: PEOPLE.mara,
      isGuest: false,
      connection: { id: expect.any(String), state: 'live' },
      categories: {
        mail: { effective: READ, control: 'member', reason: 'onByOwnChoice' },
        files: { effective: { sync: 'off', act: 'none', shared: false }, control: 'member', reason: 'offByOwnChoice' },
      },
    });
    expect([field(tom, 'name'), field(tom, 'connection', 'state')]).toEqual(['Tom Whitaker', 'live']);
    expect(field(second.body, 'next')).toBeNull();
  });

  test('one organization and one member are as in their lists, and not sent again while they are the same', async () => {
    const path = `/v1/organizations/${HARBOR_REED}`;
    const [listed] = readList((await get('/v1/organizations')).body, 'organizations');
    const people = readList((await get(`${path}/members`)).body, 'members');
    const organization = await get(path);
    const tag = { 'if-none-match': organization.headers.get('etag') ?? '' };

    expect([organization.status, organization.body]).toEqual([200, listed]);
    expect((await callWithKey(world, key, 'GET', path, undefined, tag)).status).toBe(304);
    for (const person of people) {
      const one = await get(`${path}/members/${readField(person, 'id')}`);
      expect([one.status, one.body]).toEqual([200, person]);
    }

    const [mara] = people;
    const member = `${path}/members/${readField(mara, 'id')}`;
    const before = { 'if-none-match': (await get(member)).headers.get('etag') ?? '' };
    expect((await callWithKey(world, key, 'GET', member, undefined, before)).status).toBe(304);
    await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ, tasks: READ });
    const after = await callWithKey(world, key, 'GET', member, undefined, before);
    expect([after.status, field(after.body, 'categories', 'tasks', 'effective')]).toEqual([200, READ]);
  });

  test('what there is not, and what the key may not see, is not found', async () => {
    const unknown = '00000000-0000-4000-8000-00000000dead';
    const limited = await makeKey(world, { scopes: ['read:organizations'], organizationIds: [LINDQVIST] });
    const mara = '7c2a9e10-0001-4c3d-8e5f-100000000001';
    const asked: readonly (readonly [string, string])[] = [
      [key, `/v1/organizations/${unknown}`],
      [key, `/v1/organizations/${unknown}/members`],
      [key, `/v1/organizations/${HARBOR_REED}/members/${unknown}`],
      [key, `/v1/organizations/${LINDQVIST}/members/${mara}`],
      [limited, `/v1/organizations/${HARBOR_REED}`],
      [limited, `/v1/organizations/${HARBOR_REED}/members/${mara}`],
    ];

    for (const [by, path] of asked) {
      const answered = await get(path, by);
      expect([path, answered.status, readField(answered.body, 'code')]).toEqual([path, 404, 'not_found']);
    }
  });

  test('a key sees its organizations only, and none without the scope', async () => {
    const limited = await makeKey(world, { scopes: ['read:organizations'], organizationIds: [LINDQVIST] });
    const all = await get('/v1/organizations', limited);
    const hidden = await get(`/v1/organizations/${HARBOR_REED}/members`, limited);
    const without = await get('/v1/organizations', await makeKey(world));

    expect(readList(all.body, 'organizations').map((one) => field(one, 'id'))).toEqual([LINDQVIST]);
    expect([hidden.status, readField(hidden.body, 'code')]).toEqual([404, 'not_found']);
    expect([without.status, readField(without.body, 'code')]).toEqual([403, 'scope_missing']);
  });
});
