/**
 * Data of the version before the sync engine was complete opens and keeps working: mail continues by its cursors, and the
 * one calendar that there was becomes the calendars that there are, without a removal in the feed.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { OFF } from '../../src/domain/levels.ts';
import { READ, readList, reasonOf, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, type World } from '../support/createWorld.ts';
import { restoring } from '../support/legacyDataFolder.ts';

let world: World;
let meetings: readonly unknown[];

beforeAll(async () => {
  world = await createWorld({ data: restoring('beforeSync', '002_authorization'), startWorker: false });
  meetings = await itemsOf('calendar');
});
afterAll(() => world.close());

describe('a data folder of the version before', () => {
  test('keeps what was on, and what was synchronized can be read', async () => {
    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByOwnChoice');
    expect(await reasonOf(world, PEOPLE.mara, 'contacts')).toBe('offByOwnChoice');
    expect(await itemsOf('mail')).toHaveLength(6);
    expect(meetings.length).toBeGreaterThan(0);
  });

  test('continues where it was: new mail arrives, meetings find their calendar, and nothing is told to have gone', async () => {
    await world.product.worker.start();
    await world.settle();
    await world.control('POST', '/messages', { to: PEOPLE.mara, eml: 'Subject: After the update\r\n\r\nHello.\r\n' });
    await world.nextRound();
    const { rows } = await sql<{ removed: number; homeless: number }>`
      select (select count(*)::int from outbox where kind = 'removed') as removed,
        (select count(*)::int from items where category = 'calendar' and folder_id = 'default') as homeless
    `.execute(world.product.database.kysely);

    expect(await itemsOf('mail')).toContainEqual(expect.objectContaining({ subject: 'After the update' }));
    expect(await itemsOf('mail')).toHaveLength(7);
    expect((await itemsOf('calendar')).length).toBe(meetings.length);
    expect(rows[0]).toEqual({ removed: 0, homeless: 0 });
  });

  test('can have what this version adds', async () => {
    await world.control('POST', '/contacts', {
      to: PEOPLE.mara,
      vcf: 'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Nora Whitfield\r\nEND:VCARD\r\n',
    });
    await turnOn(world, PEOPLE.mara, { mail: READ, calendar: READ, contacts: READ, tasks: OFF, files: OFF });
    await world.settle();

    expect(await itemsOf('contacts')).toEqual([expect.objectContaining({ subject: 'Nora Whitfield' })]);
  });
});

async function itemsOf(category: string): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  let cursor = '';
  do {
    const path = `/api/me/items?category=${category}${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const { body } = await world.as(PEOPLE.mara, 'GET', path);
    items.push(...readList(body, 'items'));
    cursor = String(Object(body).next ?? '');
  } while (cursor !== '');
  return items;
}
