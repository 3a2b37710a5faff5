/** Lists of lists that Graph gives in pages, and ends early where no one asks for pages (docs-contrib issue 595). */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { READ, readList, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

test('the task in the last of more lists than a page holds arrives', async () => {
  const lists: string[] = [];
  for (let each = 1; each <= 101; each += 1) {
    const made = await world.control('POST', '/containers', {
      to: PEOPLE.mara,
      kind: 'taskLists',
      name: `Number ${each}`,
    });
    lists.push(readField(made.body, 'id'));
  }
  await world.control('POST', '/tasks', { to: PEOPLE.mara, title: 'In the last one', list: lists.at(-1) });
  await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, tasks: READ });
  const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=tasks');

  expect(readList(body, 'items').map((item) => readField(item, 'subject'))).toContain('In the last one');
});
