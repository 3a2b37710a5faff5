/** Service mode over every category: app-only reads of covered mailboxes, beside what their members leave out. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { CATEGORIES } from '../../src/domain/categories/categories.ts';
import { connectByService, oidOf, READ, readList } from '../support/grantConsent.ts';
import { type Answer, createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { ENGINES } from '../support/databases.ts';

const EVERYTHING = Object.fromEntries(CATEGORIES.map((category) => [category, READ]));

describe.each(ENGINES)('connected as a whole, on %s', (engine) => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ engine, messages: 6, events: 4, contacts: 5 });
    for (const upn of [PEOPLE.owen, PEOPLE.mara, PEOPLE.tom]) {
      await world.as(upn, 'GET', '/api/session');
    }
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
    await connectByService(world, PEOPLE.owen, [PEOPLE.tom, PEOPLE.mara], { ...EMPTY_SELECTION, ...EVERYTHING });
  });
  afterAll(() => world.close());

  const items = async (upn: string, category: string): Promise<readonly unknown[]> => {
    const { body }: Answer = await world.as(upn, 'GET', `/api/me/items?category=${category}`);
    return readList(body, 'items');
  };
  const graphUrls = async () => {
    const { body } = await world.control('GET', '/requests');
    return readList(body, 'requests')
      .filter((each) => readField(each, 'target') === 'graph')
      .map((each) => readField(each, 'url'));
  };

  test.each([
    ['mail', 6],
    ['contacts', 5],
    // Five, and the folder that they are in.
    ['files', 6],
  ])('%s of both covered people are there, and no one signed in for it', async (category, count) => {
    expect(await items(PEOPLE.mara, category)).toHaveLength(count);
    expect(await items(PEOPLE.tom, category)).toHaveLength(count);
    expect(await items(PEOPLE.owen, category)).toEqual([]);
  });

  test.each(['calendar', 'tasks'])('%s of both covered people are there', async (category) => {
    expect((await items(PEOPLE.mara, category)).length).toBeGreaterThan(0);
    expect((await items(PEOPLE.tom, category)).length).toBeGreaterThan(0);
  });

  test('every mailbox is read under its own path, and its subscriptions name it', async () => {
    const mara = await oidOf(world, PEOPLE.mara);
    const urls = await graphUrls();
    const { body } = await world.control('GET', '/requests');
    const made = readList(body, 'requests').filter(
      (each) => readField(each, 'url').endsWith('/subscriptions') && readField(each, 'method') === 'POST',
    );

    for (const part of ['mailFolders', 'calendars', 'contacts', 'todo/lists', 'drive/root/delta']) {
      expect(urls.some((url) => url.startsWith(`/v1.0/users/${mara}/${part}`))).toBe(true);
    }
    expect(urls.filter((url) => url.startsWith('/v1.0/me/mailFolders'))).toEqual([]);
    expect(made.length).toBeGreaterThan(0);
  });

  test('a change in each category comes with the next round', async () => {
    const mail = [
      'From: nora@quillworks.example',
      `To: ${PEOPLE.tom}`,
      'Subject: For Tom',
      'Message-ID: <tom@x>',
      '',
      'Hi',
    ];
    const card = ['BEGIN:VCARD', 'VERSION:3.0', 'FN:Ada New', 'EMAIL:ada@new.example', 'END:VCARD'];
    await world.control('POST', '/messages', { to: PEOPLE.tom, eml: mail.join('\r\n') });
    await world.control('POST', '/contacts', { to: PEOPLE.tom, vcf: card.join('\r\n') });
    await world.nextRound();

    expect((await items(PEOPLE.tom, 'mail')).map((item) => readField(item, 'subject'))).toContain('For Tom');
    expect((await items(PEOPLE.tom, 'contacts')).map((item) => readField(item, 'subject'))).toContain('Ada New');
  });

  test('a member leaves something out here as well, and is told why without a token of their own', async () => {
    await world.as(PEOPLE.tom, 'PUT', '/api/me/exclusions', { kind: 'address', value: 'nora@quillworks.example' });
    await world.settle();
    const explained = await world.as(
      PEOPLE.tom,
      'GET',
      `/api/me/items/explain?internetMessageId=${encodeURIComponent('<tom@x>')}`,
    );

    expect((await items(PEOPLE.tom, 'mail')).map((item) => readField(item, 'subject'))).not.toContain('For Tom');
    expect(explained.body).toMatchObject({ verdict: 'excludedAddresses', by: 'member' });
  });

  test('a member can pause nothing of it', async () => {
    const refused = await world.as(PEOPLE.tom, 'PATCH', '/api/me/sync', { pause: { mail: { until: null } } });

    expect(refused).toMatchObject({ status: 403, body: { code: 'controlled_by_administrator' } });
  });
});
