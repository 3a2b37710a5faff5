/** An installation that serves the US Government's cloud: its organizations work, and those of other clouds are told. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decideForEveryone, MAIL, oidOf, readList, reasonOf } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';

const GRACE = 'grace.bell@fortwren.example';

let world: World;

beforeAll(async () => {
  world = await createWorld({ messages: 3, events: 0, cloud: 'usGovernment' });
});
afterAll(() => world.close());

const items = async (upn: string) =>
  readList((await world.as(upn, 'GET', '/api/me/items?category=mail')).body, 'items').length;

test('an administrator decides for everyone, and mail arrives', async () => {
  await decideForEveryone(world, GRACE);
  await world.as(PEOPLE.ian, 'GET', '/api/session');
  await world.settle();

  expect(await reasonOf(world, PEOPLE.ian)).toBe('onByAdministrator');
  expect(await items(PEOPLE.ian)).toBe(3);
});

test("the application reads by itself, with that cloud's name of Graph", async () => {
  const ian = await oidOf(world, PEOPLE.ian);
  await world.as(GRACE, 'PUT', '/api/organization/coverage', {
    coverage: { kind: 'people', memberIds: [ian] },
    canary: null,
    people: [{ id: ian, name: null }],
  });
  const begun = await world.as(GRACE, 'POST', '/api/organization/consents', {
    mode: 'service',
    selection: MAIL,
    confirmAdministrator: true,
  });
  const opened = await world.request(new URL(readField(begun.body, 'startUrl')).pathname);

  expect(opened.headers.get('location')).toContain(encodeURIComponent('https://graph.microsoft.us/.default'));
});

test('who belongs to another cloud is told so, and where to ask', async () => {
  const { body } = await world.as(PEOPLE.mara, 'GET', '/api/session');

  expect(body).toMatchObject({ connection: { state: 'refused', reason: 'cloudNotSupported' } });
  expect(await reasonOf(world, PEOPLE.mara)).toBe('cloudNotSupported');
});

test('its hosts may show the pages, and those of other clouds may not', async () => {
  const policy = (await world.request('/tab/me')).headers.get('content-security-policy') ?? '';

  expect(policy).toContain('https://gov.teams.microsoft.us');
  expect(policy).not.toContain('https://teams.microsoft.com');
});
