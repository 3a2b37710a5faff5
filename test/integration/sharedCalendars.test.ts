/** Calendars that others share: read where the member wants them and Microsoft lets us, gone where either ends. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import type { Level } from '../../src/domain/levels.ts';
import { answer, goToMicrosoft, READ, readList, turnOn } from '../support/grantConsent.ts';
import { createWorld, HARBOR_REED, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { ENGINES } from '../support/databases.ts';

const SHARED: Level = { ...READ, shared: true };

describe.each(ENGINES)('a shared calendar, on %s', (engine) => {
  let world: World;
  let calendarId = '';

  beforeAll(async () => {
    world = await createWorld({ engine, messages: 0, events: 3 });
    const made = await world.control('POST', '/containers', {
      to: PEOPLE.mara,
      kind: 'calendars',
      name: "Owen's calendar",
      isShared: true,
    });
    calendarId = readField(made.body, 'id');
    await addTo(calendarId, 'Budget round');
    await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, calendar: READ });
  });
  afterAll(() => world.close());

  const addTo = async (calendar: string, summary: string) => {
    const start = new Date(Date.now() + 86_400_000).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const ics = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//tests//EN', 'BEGIN:VEVENT', `UID:${summary}@x`];
    const rest = [`SUMMARY:${summary}`, `DTSTART:${start}`, 'END:VEVENT', 'END:VCALENDAR'];
    const { body } = await world.control('POST', '/events', { to: PEOPLE.mara, ics: [...ics, ...rest].join('\r\n') });
    await world.control('PATCH', `/items/${readField(body, 'id')}`, { folder: calendar });
  };
  const subjects = async () => {
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=calendar');
    return readList(body, 'items').map((item) => readField(item, 'subject'));
  };
  const decision = async () => {
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/sync');
    const decisions: unknown = Reflect.get(Object(body), 'decisions');
    return Reflect.get(Object(decisions), 'calendar');
  };

  test('is not read without being asked for', async () => {
    expect(await subjects()).not.toContain('Budget round');
    expect(await decision()).toMatchObject({ reason: 'onByOwnChoice', effective: { shared: false } });
  });

  test('wants a permission of its own, and then comes by the plain view', async () => {
    const change = { selection: { calendar: SHARED } };
    const needed = await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', change);
    const begun = await world.as(PEOPLE.mara, 'POST', '/api/me/consents', {
      selection: { ...EMPTY_SELECTION, calendar: SHARED },
    });
    await answer(world, await goToMicrosoft(world, begun), ['accept']);
    await world.settle();
    const { body } = await world.control('GET', '/requests');
    const asked = readList(body, 'requests').map((each) => readField(each, 'url'));
    const ofShared = asked.filter((url) => url.includes(calendarId));

    expect(needed).toMatchObject({ status: 409, body: { code: 'consent_required' } });
    expect(await subjects()).toContain('Budget round');
    expect(ofShared.length).toBeGreaterThan(0);
    expect(ofShared.filter((url) => url.includes('delta'))).toEqual([]);
  });

  test('what changes in it comes with the next look', async () => {
    await addTo(calendarId, 'Second round');
    await world.nextRound();

    expect(await subjects()).toContain('Second round');
  });

  test('taken back at Microsoft, the rest continues and the decision says why', async () => {
    await world.control('DELETE', '/grants', {
      tenant: HARBOR_REED,
      for: PEOPLE.mara,
      scopes: ['Calendars.Read.Shared'],
    });
    world.advance(61 * 60_000);
    await world.nextRound();
    await world.nextRound();

    expect(await decision()).toMatchObject({ reason: 'grantedLess', effective: { sync: 'full', shared: false } });
    expect(await subjects()).not.toContain('Budget round');
    expect((await subjects()).length).toBeGreaterThan(0);
  });

  test.each([
    ['times and subjects only', { ...SHARED, sync: 'limited' }, 'calendar'],
    ['files, of which Microsoft lists none that are shared', SHARED, 'files'],
  ])('is not offered with %s', async (_what, level, category) => {
    const refused = await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { [category]: level } });

    expect(refused).toMatchObject({ status: 403, body: { code: 'not_in_plan' } });
  });
});
