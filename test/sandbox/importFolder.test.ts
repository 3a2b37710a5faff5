import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Mailbox } from '../../src/sandbox/graph/mailbox.ts';
import { occurrencesOf } from '../../src/sandbox/graph/recurrence.ts';
import { generateMessage } from '../../src/sandbox/seed/generateMailAndEvents.ts';
import { importFolder } from '../../src/sandbox/seed/importFolder.ts';

const UPN = 'mara.ellis@harborreed.example';
const EML = (id: string) =>
  [
    `Message-ID: <${id}@x>`,
    'From: Nora <nora@x.example>',
    `To: ${UPN}`,
    'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
    'Date: Sat, 21 Nov 2026 10:00:00 +0000',
    '',
    'Hello',
  ].join('\r\n');
const ICS = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//test//EN',
  'BEGIN:VEVENT',
  'UID:weekly@x',
  'SUMMARY:Weekly review',
  'DTSTART:20261102T090000Z',
  'DTEND:20261102T100000Z',
  'RRULE:FREQ=WEEKLY;COUNT=4',
  'EXDATE:20261109T090000Z',
  'ORGANIZER;CN=Owen Park:mailto:owen.park@harborreed.example',
  'ATTENDEE;ROLE=OPT-PARTICIPANT:mailto:tom@x.example',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:weekly@x',
  'RECURRENCE-ID:20261116T090000Z',
  'SUMMARY:Review, moved',
  'DTSTART:20261116T130000Z',
  'DTEND:20261116T140000Z',
  'END:VEVENT',
  'END:VCALENDAR',
].join('\r\n');

const VCF = (name: string) => {
  const [given = '', surname = ''] = name.split(' ');
  return [
    'BEGIN:VCARD',
    'VERSION:4.0',
    `FN:${name}`,
    `N:${surname};${given};;;`,
    `EMAIL:${given.toLowerCase()}@x.example`,
    'ORG:Quillworks;Search',
    'TEL:+44 20 7946 0001',
    'END:VCARD',
  ].join('\r\n');
};
const NOON = new Date('2026-11-21T12:00:00Z');

let folder: string;
let mailbox: Mailbox;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-import-'));
  mailbox = new Mailbox(UPN, null, 'seed', { messages: 0, events: 0, contacts: 0 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('importing a folder', () => {
  test('takes mail, mailboxes, calendars and contacts, and adds nothing the second time', async () => {
    await writeFile(join(folder, 'one.eml'), EML('one'));
    await writeFile(join(folder, 'two.mbox'), `From a\n${EML('two')}\n\nFrom b\n${EML('three')}\n`);
    await writeFile(join(folder, 'week.ics'), ICS);

    await writeFile(join(folder, 'people.vcf'), `${VCF('Nora Whitfield')}\r\n${VCF('Jonas Keller')}\r\n`);

    expect(await importFolder(mailbox, folder, NOON)).toEqual({
      messages: 3,
      events: 1,
      contacts: 2,
      tasks: 0,
      known: 0,
      skipped: [],
    });
    expect(await importFolder(mailbox, folder, NOON)).toEqual({
      messages: 0,
      events: 0,
      contacts: 0,
      tasks: 0,
      known: 6,
      skipped: [],
    });
    expect(
      mailbox.contacts
        .all()
        .map(({ displayName, surname, emailAddresses }) => [displayName, surname, emailAddresses[0]?.address]),
    ).toEqual([
      ['Nora Whitfield', 'Whitfield', 'nora@x.example'],
      ['Jonas Keller', 'Keller', 'jonas@x.example'],
    ]);
  });

  test('names, skips and counts what cannot be read, and continues', async () => {
    await writeFile(join(folder, 'a.eml'), '');
    await writeFile(join(folder, 'b.ics'), 'BEGIN:VCALENDAR\r\nnonsense');
    await writeFile(join(folder, 'c.mbox'), 'not a mailbox');
    await writeFile(join(folder, 'd.eml'), EML('good'));
    await writeFile(join(folder, 'e.vcf'), 'nobody');
    const report = await importFolder(mailbox, folder, NOON);

    expect(report.messages).toBe(1);
    expect(report.skipped.map(({ file }) => file)).toEqual(['a.eml', 'b.ics', 'c.mbox', 'e.vcf']);
  });

  test('reads encoded words, and a series with what differs from it', async () => {
    await writeFile(join(folder, 'one.eml'), EML('one'));
    await writeFile(join(folder, 'week.ics'), ICS);
    await importFolder(mailbox, folder, NOON);
    const [message] = mailbox.messagesFrom('inbox', 0, 10, mailbox.sequence).messages;
    const [event] = mailbox.events();
    const occurrences = event === undefined ? [] : occurrencesOf(event, new Date('2026-11-01'), new Date('2026-12-31'));

    expect(message?.subject).toBe('Grüße');
    expect(occurrences.map(({ start, exception }) => [start, exception?.subject ?? null])).toEqual([
      ['2026-11-02T09:00:00.000Z', null],
      ['2026-11-16T13:00:00.000Z', 'Review, moved'],
      ['2026-11-23T09:00:00.000Z', null],
    ]);
  });
});

describe('OPS-07 generated mail', () => {
  test('is the same for the same seed, byte for byte, and another for another', () => {
    const make = (seed: string) =>
      JSON.stringify(Array.from({ length: 50 }, (_, index) => generateMessage(seed, UPN, index)));

    expect(make('a')).toBe(make('a'));
    expect(make('a')).not.toBe(make('b'));
  });

  test('a mailbox of a million messages opens at once and pages without holding them', () => {
    const large = new Mailbox(UPN, null, 'seed', { messages: 1_000_000, events: 0, contacts: 0 });
    const page = large.messagesFrom('inbox', 999_000, 1_000, 0);

    expect(page.messages.length).toBeGreaterThan(400);
    expect(page.next).toBeNull();
  });

  test('what is delivered, changed and deleted survives a restart', async () => {
    const file = join(folder, 'journal.jsonl');
    const open = () => new Mailbox(UPN, file, 'seed', { messages: 3, events: 0, contacts: 0 });
    const first = open();
    const [a, b] = [generateMessage('seed', UPN, 0), generateMessage('seed', UPN, 1)];
    first.changeMessage({ ...a, subject: 'Changed' });
    first.remove(b.id);
    const again = open();

    expect(again.message(a.id)?.subject).toBe('Changed');
    expect(again.message(b.id)).toBeNull();
    expect([...again.allMessages()]).toHaveLength(2);
    expect(again.sequence).toBe(first.sequence);
  });
});
