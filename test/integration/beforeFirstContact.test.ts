/**
 * Data of the version before it met real mail opens and keeps working: what was stored can be read, drafts that were stored
 * go by the rule that there is now, private events are kept as busy times, and new mail comes.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { organizationOf, readList, reasonOf } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { restoring } from '../support/legacyDataFolder.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld({ data: restoring('beforeFirstContact', '006_deletions'), startWorker: false });
});
afterAll(() => world.close());

const titlesOf = async (category: string) =>
  readList((await world.as(PEOPLE.mara, 'GET', `/api/me/items?category=${category}`)).body, 'items').map((item) =>
    readField(item, 'subject'),
  );

describe('a data folder of the version before', () => {
  test('keeps what was on and what was stored, and has the rules that hold at first', async () => {
    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByOwnChoice');
    expect(await titlesOf('mail')).toHaveLength(6);
    expect(await titlesOf('contacts')).toHaveLength(2);
    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({
      relevance: { leavesOutDrafts: true, privateEvents: 'busyTimes' },
    });
  });

  test('continues: drafts go, private events are busy times, everything else stays, and new mail comes', async () => {
    const [mail, meetings] = [await titlesOf('mail'), await titlesOf('calendar')];
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=calendar');
    await world.product.worker.start();
    await world.settle();
    await world.control('PUT', `/items/${readField(readList(body, 'items')[0], 'id')}/graph`, {
      sensitivity: 'private',
    });
    await world.control('POST', '/messages', { to: PEOPLE.mara, eml: 'Subject: After the update\r\n\r\nHello.\r\n' });
    await world.nextRound();

    expect((await titlesOf('mail')).toSorted()).toEqual(
      [...mail.filter((title) => title !== 'An offer'), 'After the update'].toSorted(),
    );
    expect((await titlesOf('calendar')).toSorted()).toEqual(['', ...meetings.slice(1)].toSorted());
  });
});
