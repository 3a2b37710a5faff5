/** SYN-43 Next links without end, empty and repeating: stopped, read afresh, later each time, and said; others go on. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { MAIL, readList, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { PagingGuard } from '../../src/sync/pagingGuard.ts';

const MESSAGES = 14;

let world: World;

beforeEach(async () => {
  world = await createWorld({ messages: MESSAGES, events: 0 });
  await world.as(PEOPLE.mara, 'GET', '/api/session');
});
afterEach(() => world.close());

const streams = async () => {
  const { rows } = await sql<{ container: string; error: string | null; endless: number; empty_pages: number }>`
    select container, error, endless, empty_pages from streams where category = 'mail' and container <> ''
  `.execute(world.product.database.kysely);
  return rows;
};

test('empty pages are counted over rounds and restarts, and the folder begins afresh', async () => {
  await turnOn(world, PEOPLE.mara, MAIL);
  const [folder] = await streams();
  await sql`update streams set empty_pages = 239 where container = ${folder?.container}`.execute(
    world.product.database.kysely,
  );
  await world.control('POST', '/faults', [
    { match: { path: `mailFolders/${folder?.container}/messages/delta` }, times: 3, action: 'endless' },
  ]);
  await world.nextRound();
  const met = (await streams()).find(({ container }) => container === folder?.container);
  const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/sync');
  const mail = readList(body, 'streams').find((each) => readField(each, 'category') === 'mail');
  const failing = readList(mail, 'parts').filter((part) => readField(part, 'stage') === 'failing');
  await world.control('DELETE', '/faults');
  await world.nextRound();

  expect(met).toMatchObject({ error: 'endlessPaging', endless: 1 });
  expect(failing).toEqual([expect.objectContaining({ error: 'endlessPaging' })]);
  expect((await streams()).map(({ error, endless, empty_pages: empty }) => ({ error, endless, empty }))).toEqual(
    (await streams()).map(() => ({ error: null, endless: 0, empty: 0 })),
  );
  expect(readList((await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail')).body, 'items')).toHaveLength(
    MESSAGES,
  );
});

describe('what a sequence of pages shows', () => {
  const page = (index: number, changes: readonly { readonly kind: 'removed'; readonly id: string }[] = []) => ({
    link: `link ${index}`,
    next: `link ${index + 1}`,
    delta: null,
    bytes: 10,
    changes,
  });

  test('two hundred empty pages are Graph’s good right; more, in whatever rounds, are none', () => {
    const first = new PagingGuard();
    const ends = Array.from({ length: 200 }, (_, index) => first.isEndless(page(index)));
    const second = new PagingGuard(first.empty);
    const later = Array.from({ length: 100 }, (_, index) => second.isEndless(page(200 + index)));

    expect(ends).not.toContain(true);
    expect(later.indexOf(true)).toBe(40);
  });

  test('a page with something on it begins the count again', () => {
    const watch = new PagingGuard(240);
    watch.isEndless(page(0, [{ kind: 'removed', id: 'a' }]));

    expect(watch.empty).toBe(0);
    expect(watch.isEndless(page(1))).toBe(false);
  });
});
