/** Calendars held against Graph's own plain view: series, zones, a window that moves, and drift that is healed. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { READ, readList, turnOn } from '../support/grantConsent.ts';
import { type Answer, createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';

const DAY = 86_400_000;
/** Every window that may have been laid reaches at least this far to both sides of today. */
const CERTAIN = 364 * DAY;

let world: World;

beforeAll(async () => {
  world = await createWorld({ messages: 8, events: 4 });
  await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ, calendar: READ });
});
afterAll(() => world.close());

const addDays = (days: number): void => {
  world.advance(days * DAY);
};

/** As Graph has it, within what every window certainly holds. */
const truth = async (): Promise<readonly string[]> => {
  const token = await world.token(PEOPLE.mara, { audience: 'graph' });
  const span = new URLSearchParams({
    startDateTime: new Date(Date.now() - CERTAIN).toISOString(),
    endDateTime: new Date(Date.now() + CERTAIN).toISOString(),
  });
  const lines: string[] = [];
  let path: string | null = `/v1.0/me/calendarView?${span.toString()}`;
  while (path !== null) {
    const { body }: Answer = await world.request(path, {
      headers: { authorization: `Bearer ${token}`, prefer: 'outlook.timezone="UTC"' },
    });
    for (const event of readList(body, 'value')) {
      const start = readField(Reflect.get(Object(event), 'start'), 'dateTime');
      lines.push(`${new Date(`${start.slice(0, 19)}Z`).toISOString()} ${readField(event, 'subject')}`);
    }
    const next: unknown = Reflect.get(Object(body), '@odata.nextLink');
    path = typeof next === 'string' ? next.slice(new URL(next).origin.length) : null;
  }
  return lines.toSorted();
};
const stored = async (): Promise<readonly string[]> => {
  const lines: string[] = [];
  let path: string | null = '/api/me/items?category=calendar';
  while (path !== null) {
    const { body }: Answer = await world.as(PEOPLE.mara, 'GET', path);
    for (const item of readList(body, 'items')) {
      const at = readField(item, 'at');
      if (Math.abs(Date.parse(at) - Date.now()) < CERTAIN) {
        lines.push(`${at} ${readField(item, 'subject')}`);
      }
    }
    const next: unknown = Reflect.get(Object(body), 'next');
    path = typeof next === 'string' ? `/api/me/items?category=calendar&cursor=${encodeURIComponent(next)}` : null;
  }
  return lines.toSorted();
};
const add = async (lines: readonly string[]): Promise<string> => {
  const ics = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//tests//EN', ...lines, 'END:VCALENDAR'].join('\r\n');
  const { body } = await world.control('POST', '/events', { to: PEOPLE.mara, ics });
  return readField(body, 'id');
};
const stamp = (at: number) => new Date(at).toISOString().replaceAll(/[-:]|\.000/g, '');
const morning = (days: number) => {
  const at = new Date(Date.now() + days * DAY);
  return at.setUTCHours(9, 0, 0, 0);
};

test('SYN-30 a daily series of two years: one edited, one deleted, all changed', async () => {
  const id = await add([
    'BEGIN:VEVENT',
    'UID:standup@calendar.example',
    'SUMMARY:Stand-up',
    'ORGANIZER:mailto:nora.whitfield@quillworks.example',
    `DTSTART:${stamp(morning(-200))}`,
    `DTEND:${stamp(morning(-200) + 900_000)}`,
    'RRULE:FREQ=DAILY;COUNT=730',
    'END:VEVENT',
  ]);
  await world.nextRound();
  const first = await stored();
  const occurrence = (days: number) => `${id}.${stamp(morning(days)).replace('T', '').slice(0, 12)}`;
  await world.control('PATCH', `/items/${occurrence(3)}`, { subject: 'Stand-up with guests' });
  await world.control('DELETE', `/items/${occurrence(5)}`);
  await world.nextRound();
  const second = await stored();
  await world.control('PATCH', `/items/${id}`, { subject: 'Sit-down' });
  await world.nextRound();

  expect(first.length).toBeGreaterThan(500);
  expect(second.filter((line) => line.endsWith('Stand-up with guests'))).toHaveLength(1);
  expect(second).toHaveLength(first.length - 1);
  expect(await stored()).toEqual(await truth());
  expect(await stored()).toContainEqual(expect.stringMatching(/Sit-down$/));
});

test('SYN-31 zones with summer time, a gap, an overlap, whole days and far-off offsets are the same instants', async () => {
  const zone = [
    'BEGIN:VTIMEZONE',
    'TZID:Europe/Berlin',
    'BEGIN:DAYLIGHT',
    'TZOFFSETFROM:+0100',
    'TZOFFSETTO:+0200',
    'DTSTART:19700329T020000',
    'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
    'END:DAYLIGHT',
    'BEGIN:STANDARD',
    'TZOFFSETFROM:+0200',
    'TZOFFSETTO:+0100',
    'DTSTART:19701025T030000',
    'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
    'END:STANDARD',
    'END:VTIMEZONE',
  ];
  const event = (uid: string, start: string, rest: readonly string[] = []) => [
    'BEGIN:VEVENT',
    `UID:${uid}@zones.example`,
    `SUMMARY:${uid}`,
    start,
    ...rest,
    'END:VEVENT',
  ];
  await add([...zone, ...event('gap', 'DTSTART;TZID=Europe/Berlin:20270328T023000')]);
  await add([...zone, ...event('overlap', 'DTSTART;TZID=Europe/Berlin:20261025T023000')]);
  await add([
    ...zone,
    ...event('over summer', 'DTSTART;TZID=Europe/Berlin:20270326T090000', ['RRULE:FREQ=DAILY;COUNT=5']),
  ]);
  await add(event('whole days', 'DTSTART;VALUE=DATE:20261224', ['DTEND;VALUE=DATE:20261227']));
  await add(event('utc', 'DTSTART:20270101T120000Z'));
  await world.nextRound();

  expect(await stored()).toEqual(await truth());
  expect((await stored()).filter((line) => line.endsWith('over summer'))).toHaveLength(5);
});

test('SYN-36 over thirty days no occurrence is lost or doubled at the edges of the window', async () => {
  for (let day = 0; day < 30; day += 5) {
    addDays(5);
    await world.nextRound();
    expect(await stored()).toEqual(await truth());
  }
});

test('SYN-35 what was spoiled by hand in the database is healed', async () => {
  const { database } = world.product;
  const before = await stored();
  const messages = async () => (await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail')).body;
  const mailBefore = readList(await messages(), 'items').map((item) => readField(item, 'id'));
  await sql`
    delete from items where ctid = any(array(select ctid from items where category = 'calendar' limit 7))
  `.execute(database.kysely);
  await sql`
    delete from items where ctid = any(array(select ctid from items where category = 'mail' limit 3))
  `.execute(database.kysely);
  await sql`update items set item_id = 'ghost' where item_id = (select min(item_id) from items where category = 'mail')`.execute(
    database.kysely,
  );
  addDays(8);
  await world.nextRound();
  await world.nextRound();
  const mail = readList(await messages(), 'items').map((item) => readField(item, 'id'));

  expect(mailBefore).toHaveLength(8);
  expect(mail.toSorted()).toEqual(mailBefore.toSorted());
  expect(before.length).toBeGreaterThan(0);
  expect(await stored()).toEqual(await truth());
});
