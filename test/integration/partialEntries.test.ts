/**
 * SYN-41 A delta that tells of a change with the id and what has changed alone, in every category and with rules that
 * would delete whatever has no time and no one on it.
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Category } from '../../src/domain/categories/categories.ts';
import { changeSettings, READ, readList, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';

const ALL = { mail: READ, calendar: READ, contacts: READ, tasks: READ, files: READ };

/** What an entry still says, and by what path its page is read. */
const PARTS: readonly (readonly [Category, string, readonly string[]])[] = [
  ['mail', 'messages/delta', ['isRead', 'parentFolderId']],
  ['calendar', 'calendarView/delta', ['showAs']],
  ['contacts', 'contacts/delta', ['jobTitle']],
  ['tasks', 'tasks/delta', ['status']],
  ['files', 'drive/root/delta', ['name']],
];

let world: World;

beforeEach(async () => {
  world = await createWorld({ messages: 8, events: 4, contacts: 4 });
  await turnOn(world, PEOPLE.mara, ALL);
});
afterEach(() => world.close());

const stored = async (category: Category) => {
  const { body } = await world.as(PEOPLE.mara, 'GET', `/api/me/items?category=${category}`);
  return readList(body, 'items');
};

test.each(PARTS)(
  'a partial entry of %s is read by itself, and nothing else changes',
  async (category, path, fields) => {
    const before = await stored(category);
    const [changed] = before;
    const id = readField(changed, 'id');
    await world.control('POST', '/faults', [{ match: { path }, times: 100, action: 'partial', fields }]);
    await world.control('PATCH', `/items/${id}`, { subject: 'Changed' });
    await world.nextRound();
    const after = await stored(category);
    const others = (items: readonly unknown[]) => items.filter((item) => readField(item, 'id') !== id);

    expect(others(after)).toEqual(others(before));
    expect(after.find((item) => readField(item, 'id') === id)).toMatchObject({
      ...Object(changed),
      subject: 'Changed',
      at: expect.any(String),
    });
  },
);

test('rules of age and of people judge what the message is, not what the entry leaves out', async () => {
  await world.as(PEOPLE.owen, 'GET', '/api/session');
  await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
  const { body } = await world.as(PEOPLE.owen, 'GET', '/api/organization');
  const relevance = { ...Object(Reflect.get(Object(body), 'relevance')), retentionDays: 3_650 };
  await changeSettings(world, PEOPLE.owen, { relevance });
  await world.settle();
  const before = await stored('mail');
  await world.control('POST', '/faults', [
    { match: { path: 'messages/delta' }, times: 100, action: 'partial', fields: ['isRead', 'parentFolderId'] },
  ]);
  for (const item of before) {
    await world.control('PATCH', `/items/${readField(item, 'id')}`, { isRead: true });
  }
  await world.nextRound();

  expect(await stored('mail')).toEqual(before);
});

test('a folder that only says how many messages it has keeps its name', async () => {
  const { body } = await world.control('POST', '/containers', {
    to: PEOPLE.mara,
    kind: 'mailFolders',
    name: 'Offers',
  });
  const folder = readField(body, 'id');
  await world.nextRound();
  await world.control('POST', '/faults', [
    { match: { path: 'mailFolders/delta' }, times: 100, action: 'partial', fields: ['totalItemCount'] },
  ]);
  const eml = 'From: nora@quillworks.example\r\nTo: mara.ellis@harborreed.example\r\nSubject: In offers\r\n\r\nText';
  await world.control('POST', '/messages', { to: PEOPLE.mara, eml, folder });
  await world.nextRound();

  expect(await stored('mail')).toContainEqual(expect.objectContaining({ subject: 'In offers', folder: 'Offers' }));
});
