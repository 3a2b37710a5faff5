/** K5 What an item's flags make of it: drafts are left out, and of private events only the busy time is kept, by a rule. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import type { Category } from '../../src/domain/categories/categories.ts';
import { changeSettings, READ, readList, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';

const DRAFT = [
  'From: "Mara Ellis" <mara.ellis@harborreed.example>',
  'To: nora.whitfield@quillworks.example',
  'Subject: An offer of 90k',
  'Message-ID: <draft@harborreed.example>',
  'Date: Fri, 20 Nov 2026 10:00:00 +0000',
  '',
  'Not yet.',
].join('\r\n');

const EVENT = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'BEGIN:VEVENT',
  'UID:doctor@harborreed.example',
  'DTSTAMP:20261101T000000Z',
  'SUMMARY:Doctor',
  'DESCRIPTION:blood test results',
  'LOCATION:Main Street 1',
  'ATTENDEE;CN=Nora:mailto:nora.whitfield@quillworks.example',
  'DTSTART:20261124T090000Z',
  'DTEND:20261124T100000Z',
  'END:VEVENT',
  'END:VCALENDAR',
].join('\r\n');

let world: World;
let draft: string;
let doctor: string;

beforeEach(async () => {
  world = await createWorld({ messages: 3, events: 2 });
  const message = await world.control('POST', '/messages', { to: PEOPLE.mara, eml: DRAFT, folder: 'drafts' });
  draft = readField(message.body, 'id');
  const event = await world.control('POST', '/events', { to: PEOPLE.mara, ics: EVENT });
  doctor = readField(event.body, 'id');
  await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ, calendar: READ });
});
afterEach(() => world.close());

const stored = async (category: Category) =>
  readList((await world.as(PEOPLE.mara, 'GET', `/api/me/items?category=${category}`)).body, 'items');
const find = async (category: Category, id: string) =>
  (await stored(category)).find((item) => readField(item, 'id') === id);
const say = async (id: string, graph: object) => {
  await world.control('PUT', `/items/${id}/graph`, graph);
  await world.nextRound();
};
const decide = async (change: object) => {
  await world.as(PEOPLE.owen, 'GET', '/api/session');
  await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
  const { body } = await world.as(PEOPLE.owen, 'GET', '/api/organization');
  await changeSettings(world, PEOPLE.owen, {
    relevance: { ...Object(Reflect.get(Object(body), 'relevance')), ...change },
  });
  await world.settle();
  await world.nextRound();
};

test('a draft comes when it is sent, and until then the pane says why not', async () => {
  const asked = `/api/me/items/explain?internetMessageId=${encodeURIComponent('<draft@harborreed.example>')}`;

  expect(await find('mail', draft)).toBeUndefined();
  expect((await world.as(PEOPLE.mara, 'GET', asked)).body).toEqual({
    verdict: 'drafts',
    by: 'organization',
    sender: null,
  });
  await world.control('PATCH', `/items/${draft}`, { folder: 'sentitems' });
  await say(draft, { isDraft: false });

  expect(await find('mail', draft)).toMatchObject({ subject: 'An offer of 90k' });
  expect((await world.as(PEOPLE.mara, 'GET', asked)).body).toMatchObject({ verdict: 'synced' });
});

test.each(['private', 'confidential'])('of a %s event there is nothing but when it is', async (sensitivity) => {
  expect(await find('calendar', doctor)).toMatchObject({ subject: 'Doctor', people: [{}] });
  await say(doctor, { sensitivity, showAs: 'oof' });

  expect(await find('calendar', doctor)).toEqual({
    id: doctor,
    category: 'calendar',
    subject: '',
    isBusyTime: true,
    at: '2026-11-24T09:00:00.000Z',
    endsAt: '2026-11-24T10:00:00.000Z',
    people: [],
    level: 'full',
    folder: 'Calendar',
  });
  await say(doctor, { sensitivity: 'normal' });

  expect(await find('calendar', doctor)).toMatchObject({ subject: 'Doctor', people: [{}] });
});

test('an event with changes that its guests do not know yet is no draft', async () => {
  await say(doctor, { isDraft: true });

  expect(await find('calendar', doctor)).toMatchObject({ subject: 'Doctor' });
});

test('the organization decides, and what is stored follows in both directions', async () => {
  await say(doctor, { sensitivity: 'private' });
  await decide({ privateEvents: 'whole', leavesOutDrafts: false });

  expect(await find('calendar', doctor)).toMatchObject({ subject: 'Doctor' });
  expect(await find('mail', draft)).toMatchObject({ subject: 'An offer of 90k' });
  await decide({ privateEvents: 'busyTimes', leavesOutDrafts: true });

  expect(await find('calendar', doctor)).toMatchObject({ subject: '', people: [] });
  expect(await find('mail', draft)).toBeUndefined();
  await decide({ privateEvents: 'leftOut' });

  expect(await find('calendar', doctor)).toBeUndefined();
});

test('a member leaves out more than the organization, never less', async () => {
  await say(doctor, { sensitivity: 'private' });
  const { status } = await world.as(PEOPLE.mara, 'PATCH', '/api/me/exclusions', { privateEvents: 'leftOut' });
  await world.settle();

  expect(status).toBe(200);
  expect(await find('calendar', doctor)).toBeUndefined();
  await world.as(PEOPLE.mara, 'PATCH', '/api/me/exclusions', { privateEvents: 'whole', leavesOutDrafts: false });
  await world.settle();
  await world.nextRound();

  expect(await find('calendar', doctor)).toMatchObject({ subject: '', people: [] });
  expect(await find('mail', draft)).toBeUndefined();
});
