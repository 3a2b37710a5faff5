/** What was kept can be erased at any time: by category, after a disconnect, whoever turned it off; receipts stay. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { OFF } from '../../src/domain/levels.ts';
import { changeSettings, decideForEveryone, MAIL_AND_CALENDAR, readList, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, type World } from '../support/createWorld.ts';
import { ENGINES } from '../support/databases.ts';

const MESSAGES = 7;
const MARA = PEOPLE.mara;

describe.each(ENGINES)('on %s', (engine) => {
  let world: World;

  beforeEach(async () => {
    world = await createWorld({ engine, messages: MESSAGES, events: 3 });
  });
  afterEach(() => world.close());

  const stored = async () => Object((await world.as(MARA, 'GET', '/api/me/stored')).body);
  const keptOf = async (category: string) =>
    readList(await stored(), 'kept').find((each) => Reflect.get(Object(each), 'category') === category);
  const erase = (...categories: string[]) => world.as(MARA, 'POST', '/api/me/erasures', { categories });
  const requestsToMicrosoft = async () => readList((await world.control('GET', '/requests')).body, 'requests').length;

  test('a category that was turned off and kept is shown with its count, and is erased with a receipt', async () => {
    await turnOn(world, MARA, MAIL_AND_CALENDAR);
    await world.as(MARA, 'PATCH', '/api/me/sync', { selection: { mail: OFF }, data: { mail: 'keep' } });
    await world.settle();
    const before = await stored();
    const asked = await requestsToMicrosoft();
    const answer = await erase('mail');
    const { receipt } = Object(answer.body);
    await world.settle();

    expect(before).toEqual({ kept: [{ category: 'mail', items: MESSAGES }], receipts: [] });
    expect(answer).toMatchObject({ status: 202, body: { receipt: { state: 'erasing', endedAt: null } } });
    expect(await stored()).toEqual({
      kept: [],
      receipts: [
        {
          id: receipt.id,
          state: 'erased',
          startedAt: receipt.startedAt,
          endedAt: expect.any(String),
          items: { mail: MESSAGES },
        },
      ],
    });
    expect((await world.as(MARA, 'GET', '/api/me/items?category=mail')).body).toEqual({ items: [], next: null });
    expect(await requestsToMicrosoft()).toBe(asked);
  });

  test('after a disconnect everything that was kept is shown, erased by category, and the receipts stay', async () => {
    await turnOn(world, MARA, MAIL_AND_CALENDAR);
    await world.as(MARA, 'DELETE', '/api/me/connection', { data: 'keep' });
    await world.settle();
    const asked = await requestsToMicrosoft();
    const calendar = await keptOf('calendar');
    await erase('mail');
    await world.settle();
    const left = await stored();
    await erase('calendar', 'mail', 'files');
    await world.settle();

    expect(left).toMatchObject({ kept: [calendar], receipts: [{ items: { mail: MESSAGES } }] });
    expect(await stored()).toMatchObject({ kept: [], receipts: [{ state: 'erased' }, { state: 'erased' }] });
    expect((await erase('mail')).body).toEqual({ receipt: null });
    expect(await requestsToMicrosoft()).toBe(asked);
  });

  test('what an administrator turned off can be erased by its member, and what is on or paused cannot', async () => {
    await decideForEveryone(world, PEOPLE.owen, MAIL_AND_CALENDAR);
    await world.as(MARA, 'GET', '/api/session');
    await world.settle();
    const on = await erase('mail');
    await changeSettings(world, PEOPLE.owen, { pause: { until: null } });
    const paused = await erase('mail');
    await changeSettings(world, PEOPLE.owen, { pause: null, selection: { ...MAIL_AND_CALENDAR, mail: OFF } });
    await world.settle();
    const kept = await keptOf('mail');
    await erase('mail');
    await world.settle();

    expect([on, paused].map(({ status, body }) => ({ status, code: Object(body).code }))).toEqual([
      { status: 409, code: 'still_on' },
      { status: 409, code: 'still_on' },
    ]);
    expect(kept).toEqual({ category: 'mail', items: MESSAGES });
    expect(await keptOf('mail')).toBeUndefined();
  });

  test("no one erases or sees what is someone else's", async () => {
    await turnOn(world, MARA, MAIL_AND_CALENDAR);
    await world.as(MARA, 'DELETE', '/api/me/connection', { data: 'keep' });
    await world.as(PEOPLE.tom, 'GET', '/api/session');
    const answer = await world.as(PEOPLE.tom, 'POST', '/api/me/erasures', { categories: ['mail'] });
    await world.settle();

    expect(answer).toMatchObject({ status: 202, body: { receipt: null } });
    expect((await world.as(PEOPLE.tom, 'GET', '/api/me/stored')).body).toEqual({ kept: [], receipts: [] });
    expect(await keptOf('mail')).toEqual({ category: 'mail', items: MESSAGES });
  });
});
