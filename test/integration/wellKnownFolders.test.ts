/** K6 A rule that names a folder which every mailbox has means that folder, whatever it is called there. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { changeSettings, READ, storedOf, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';

async function deliver(world: World, subject: string, folder: string): Promise<void> {
  const eml = `From: nora@quillworks.example\r\nTo: ${PEOPLE.mara}\r\nSubject: ${subject}\r\n\r\nA text.`;
  await world.control('POST', '/messages', { to: PEOPLE.mara, eml, folder });
}

async function subjectsOf(world: World): Promise<readonly string[]> {
  return (await storedOf(world, PEOPLE.mara)).map((item) => readField(item, 'subject')).toSorted();
}

let world: World;

beforeAll(async () => {
  world = await createWorld({ messages: 0, events: 0, contacts: 0 });
  await deliver(world, 'In the inbox', 'inbox');
  await world.as(PEOPLE.owen, 'GET', '/api/session');
  await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
  await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ });
});
afterAll(() => world.close());

const exclude = async (folders: readonly string[]): Promise<void> => {
  const relevance = { ignoredDomains: [], excludedFolders: folders };
  expect((await changeSettings(world, PEOPLE.owen, { relevance })).status).toBe(200);
  await world.settle();
};

test('one that was there from the beginning', async () => {
  await deliver(world, 'A prize', 'junkemail');
  await world.nextRound();
  const before = await subjectsOf(world);
  await exclude(['Spam']);
  const without = await subjectsOf(world);
  await exclude([]);

  expect(before).toEqual(['A prize', 'In the inbox']);
  expect(without).toEqual(['In the inbox']);
  expect(await subjectsOf(world)).toEqual(before);
});

test('one that the mailbox gets when it is first needed', async () => {
  await exclude(['Outbox']);
  const { body } = await world.control('POST', '/containers', {
    to: PEOPLE.mara,
    kind: 'mailFolders',
    name: 'Postausgang',
    wellKnownName: 'outbox',
  });
  await deliver(world, 'On its way', readField(body, 'id'));
  await world.nextRound();
  const without = await subjectsOf(world);
  await exclude([]);

  expect(without).toEqual(['A prize', 'In the inbox']);
  expect(await subjectsOf(world)).toEqual(['A prize', 'In the inbox', 'On its way']);
});
