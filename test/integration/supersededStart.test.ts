/** P5 A start link from before an admin decided does not go to Microsoft any more. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { decideForEveryone, READ } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld({ messages: 2, events: 0 });
});
afterAll(() => world.close());

test('it says that something else was decided, and leaves no grant behind', async () => {
  await world.as(PEOPLE.tom, 'GET', '/api/session');
  const begun = await world.as(PEOPLE.tom, 'POST', '/api/me/consents', {
    selection: { ...EMPTY_SELECTION, contacts: READ },
  });
  await decideForEveryone(world, PEOPLE.owen, { ...EMPTY_SELECTION, mail: READ });
  const opened = await world.request(new URL(readField(begun.body, 'startUrl')).pathname);
  const { body } = await world.as(PEOPLE.tom, 'GET', `/api/me/consents/${readField(begun.body, 'id')}`);

  expect([opened.status, opened.headers.get('location')]).toEqual([410, null]);
  expect(opened.text).toContain('Something else was decided meanwhile');
  expect(body).toMatchObject({ state: 'refused', reason: 'superseded' });
});
