/**
 * From what Graph says of items to what people read of them, west of Greenwich: whole days, times that are none,
 * cancelled meetings, and contacts without a name.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { openBrowser, openHost, shoot, type TestBrowser } from '../support/browser.ts';
import { READ, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';

const DAY = 86_400_000;
/** Midnight of a day that is soon. */
const SOON = new Date(Math.floor(Date.now() / DAY) * DAY + 20 * DAY);
const NEVER = '0001-01-01T00:00:00Z';

let world: World;
let browser: TestBrowser;

beforeAll(async () => {
  world = await createWorld({ messages: 0, events: 0, contacts: 0, officeFromMicrosoft: true });
  browser = await openBrowser(world);
  await deliverEverything();
  await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ, calendar: READ, contacts: READ });
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

async function deliver(kind: 'messages' | 'events' | 'contacts', body: object, said?: object): Promise<void> {
  const { body: made } = await world.control('POST', `/${kind}`, { to: PEOPLE.mara, ...body });
  if (said !== undefined) {
    await world.control('PUT', `/items/${readField(made, 'id')}/graph`, said);
  }
}

function event(uid: string, subject: string, ...times: readonly string[]): object {
  const lines = ['BEGIN:VEVENT', `UID:${uid}`, `SUMMARY:${subject}`, ...times, 'END:VEVENT'];
  return { ics: ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR'].join('\r\n') };
}

function message(subject: string, ...more: readonly string[]): object {
  const id = `Message-ID: <${subject.replaceAll(' ', '.')}@oddities.example>`;
  return { eml: ['From: nora@quillworks.example', `Subject: ${subject}`, id, ...more, '', 'A text'].join('\r\n') };
}

async function deliverEverything(): Promise<void> {
  const day = (from: Date) => from.toISOString().slice(0, 10).replaceAll('-', '');
  const whole = [`DTSTART;VALUE=DATE:${day(SOON)}`, `DTEND;VALUE=DATE:${day(new Date(SOON.getTime() + DAY))}`];
  const morning = [`DTSTART:${day(SOON)}T090000Z`, `DTEND:${day(SOON)}T100000Z`];
  await deliver('events', event('holiday', 'A holiday', ...whole));
  await deliver('events', event('board', 'Board lunch', ...morning), { isCancelled: true, showAs: 'free' });
  await deliver('messages', message('Imported archive item'), { receivedDateTime: NEVER, sentDateTime: NEVER });
  await deliver('contacts', { vcf: 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:\r\nORG:North Pier Logistics\r\nEND:VCARD' });
  await deliver('contacts', {
    vcf: 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:\r\nEMAIL:front.desk@northpier.example\r\nEND:VCARD',
  });
}

test('an item without a time of its own is stored, and no rule that no one made speaks of it', async () => {
  const id = encodeURIComponent('<Imported.archive.item@oddities.example>');
  const { body } = await world.as(PEOPLE.mara, 'GET', `/api/me/items/explain?internetMessageId=${id}`);

  expect(body).toMatchObject({ verdict: 'synced' });
});

test('what people read of events is what they mean', async () => {
  const context = await browser.browser.newContext({ ignoreHTTPSErrors: true, timezoneId: 'America/Los_Angeles' });
  const { app, page } = await openHost(context, 'teams', PEOPLE.mara, { width: '1000' });
  const lines = async (tab: string) => {
    await app.getByRole('tab', { name: tab }).click();
    const panel = app.getByRole('region', { name: 'Recently synchronized' });
    await panel.getByRole('listitem').first().waitFor();
    return panel.getByRole('listitem').allInnerTexts();
  };
  const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' }).format(SOON);
  const at = new Intl.DateTimeFormat('en', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'America/Los_Angeles',
  }).format(SOON.getTime() + 9 * 3_600_000);
  const events = (await lines('Calendar')).map((text) => text.split('\n').map((line) => line.trim()));
  await shoot(page, 'what-graph-says');
  const contacts = (await lines('Contacts')).map((text) => text.split('\n')[0]?.trim());
  await context.close();

  expect(events.find(([subject]) => subject === 'A holiday')?.at(-1)).toBe(day);
  expect(events.find(([subject]) => subject === 'Board lunch')?.at(-1)).toBe(`${at} · canceled`);
  expect(new Set(contacts)).toEqual(new Set(['North Pier Logistics', 'front.desk@northpier.example']));
});
