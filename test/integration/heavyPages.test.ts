/**
 * SYN-42 Answers that Graph gives up on: pages become smaller until they pass, and what cannot be had even alone is set
 * aside by name while everything behind it arrives.
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MAIL, readList, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';

const MAX_BYTES = 1_500_000;

let world: World;

beforeEach(async () => {
  world = await createWorld({ messages: 12, events: 4, contacts: 2 });
  await world.as(PEOPLE.mara, 'GET', '/api/session');
});
afterEach(() => world.close());

const deliver = (subject: string, size: number, more = '') =>
  world.control('POST', '/messages', {
    to: PEOPLE.mara,
    eml: `From: nora@quillworks.example\r\nTo: ${PEOPLE.mara}\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replaceAll(' ', '.')}@cases.example>\r\nDate: Wed, 25 Nov 2026 09:00:00 +0000\r\n${more}\r\n${`${'x'.repeat(97)}\r\n`.repeat(size / 100)}`,
  });

const giveUpOnHeavyAnswers = () =>
  world.control('POST', '/faults', [
    {
      match: { path: 'mailFolders/.*/messages|me/messages/' },
      times: 10_000,
      action: 'heavy',
      maxBytes: MAX_BYTES,
    },
  ]);

const subjects = async () => {
  const found: string[] = [];
  let next: string | null = '';
  while (next !== null) {
    const { body } = await world.as(PEOPLE.mara, 'GET', `/api/me/items?category=mail${next}`);
    found.push(...readList(body, 'items').map((item) => readField(item, 'subject')));
    const cursor: unknown = Reflect.get(Object(body), 'next');
    next = typeof cursor === 'string' ? `&cursor=${encodeURIComponent(cursor)}` : null;
  }
  return found;
};

const progress = async () => {
  const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/sync');
  return readList(body, 'streams').find((stream) => readField(stream, 'category') === 'mail');
};

test('messages that are too heavy together arrive in smaller pages', async () => {
  for (let index = 0; index < 12; index += 1) {
    await deliver(`heavy ${index}`, 500_000);
  }
  await giveUpOnHeavyAnswers();
  await turnOn(world, PEOPLE.mara, MAIL);

  expect((await subjects()).filter((subject) => subject.startsWith('heavy'))).toHaveLength(12);
  expect(await subjects()).toHaveLength(24);
  expect(await progress()).toMatchObject({ stage: 'current', error: null });
});

test('one that cannot be had is set aside by name, and everything behind it arrives', async () => {
  await deliver('the one', 3_000_000);
  for (let index = 0; index < 3; index += 1) {
    await deliver(`heavy ${index}`, 500_000);
  }
  await giveUpOnHeavyAnswers();
  await turnOn(world, PEOPLE.mara, MAIL);
  // A gateway that gave up once proves nothing: the one is set aside when it was in vain three times.
  expect(await progress()).toMatchObject({ error: 'microsoftUnavailable', setAside: 0 });
  await world.nextRound();
  await world.nextRound();
  const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/set-aside');

  expect(await subjects()).not.toContain('the one');
  expect(await subjects()).toHaveLength(15);
  expect(await progress()).toMatchObject({ stage: 'current', error: null, setAside: 1 });
  expect(readList(body, 'items')).toEqual([
    { category: 'mail', name: 'the one', at: '2026-11-25T09:00:00.000Z', reason: 'tooHeavy' },
  ]);
});

test('what was set aside is tried again in its time, holds up nothing meanwhile, and arrives when it can be had', async () => {
  await deliver('the one', 3_000_000);
  await giveUpOnHeavyAnswers();
  await turnOn(world, PEOPLE.mara, MAIL);
  await world.nextRound();
  await world.nextRound();
  const later = async (minutes: number) => {
    const { body: before } = await world.control('GET', '/requests');
    world.advance(minutes * 60_000);
    await world.nextRound();
    const { body: after } = await world.control('GET', '/requests');
    const known = readList(before, 'requests').length;
    return readList(after, 'requests')
      .slice(known)
      .map((request) => readField(request, 'url'))
      .filter((url) => /me\/messages\/[^/]+\?/.test(url)).length;
  };
  const tries = [await later(5), await later(56), await later(5)];
  const still = await progress();
  await world.control('DELETE', '/faults');
  await later(2 * 60);

  expect(tries).toEqual([0, 1, 0]);
  expect(still).toMatchObject({ stage: 'current', error: null, setAside: 1 });
  expect(await subjects()).toContain('the one');
  expect(await progress()).toMatchObject({ stage: 'current', error: null, setAside: 0 });
});

test('the bytes of attachments are never asked for; their names and sizes are', async () => {
  const boundary = 'Content-Type: multipart/mixed; boundary=b\r\n';
  const pdf = Buffer.alloc(1_000_000, 'a').toString('base64');
  await world.control('POST', '/messages', {
    to: PEOPLE.mara,
    eml: `From: nora@quillworks.example\r\nTo: ${PEOPLE.mara}\r\nSubject: Slides\r\n${boundary}\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee attached\r\n--b\r\nContent-Type: application/pdf; name=slides.pdf\r\nContent-Disposition: attachment; filename=slides.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${pdf}\r\n--b--\r\n`,
  });
  await turnOn(world, PEOPLE.mara, MAIL);
  const { body } = await world.control('GET', '/requests');
  const urls = readList(body, 'requests').map((request) => readField(request, 'url'));

  const lists = urls.filter((url) => url.includes('/attachments'));

  expect(urls.filter((url) => url.includes('expand'))).toEqual([]);
  expect(lists.length).toBeGreaterThan(0);
  expect(lists.filter((url) => !url.endsWith('?$select=id,name,contentType,size,isInline'))).toEqual([]);
  expect(await subjects()).toContain('Slides');
});
