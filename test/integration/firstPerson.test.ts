/** T9 The first person of an organization in which no one has consented to anything yet. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MAIL, readList, reasonOf, turnOn } from '../support/grantConsent.ts';
import { createWorld, HARBOR_REED, PEOPLE, type World } from '../support/createWorld.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld({ messages: 3, events: 0 });
  await world.control('DELETE', '/grants', {
    tenant: HARBOR_REED,
    for: 'everyone',
    scopes: ['User.Read', 'openid', 'profile', 'email', 'offline_access'],
  });
});
afterAll(() => world.close());

test('is not told to ask an administrator, and turns mail on alone', async () => {
  const { status, body } = await world.as(PEOPLE.tom, 'GET', '/api/session');
  const before = await reasonOf(world, PEOPLE.tom);
  await turnOn(world, PEOPLE.tom, MAIL);
  const { body: after } = await world.as(PEOPLE.tom, 'GET', '/api/session');
  const { body: items } = await world.as(PEOPLE.tom, 'GET', '/api/me/items?category=mail');

  expect(status).toBe(200);
  expect(body).toMatchObject({ connection: { state: 'notConnected' } });
  expect(before).toBe('offByOwnChoice');
  expect(after).toMatchObject({ connection: { state: 'connected' } });
  expect(readList(items, 'items')).toHaveLength(3);
});
