/** K10 Real cards and mail are imported one by one: what cannot be taken is named with its reason, and costs nothing else. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ImportedFolder } from '../support/importedFolder.ts';

let folder: ImportedFolder;

beforeEach(async () => {
  folder = await ImportedFolder.open();
});
afterEach(() => folder.close());

describe('contacts', () => {
  test('two people of one name are two, and a card that is none is named', async () => {
    const anna = (telephone: string) => [
      'BEGIN:VCARD',
      'VERSION:3.0',
      'N:Smith;Anna;;;',
      'FN:Anna Smith',
      `TEL:${telephone}`,
      'END:VCARD',
    ];
    const report = await folder.take('people.vcf', [
      ...anna('+44 20 7946 0001'),
      'BEGIN:VCARD',
      'VERSION:3.0',
      'this line is no property',
      'END:VCARD',
      ...anna('+44 20 7946 0999'),
    ]);

    expect(report).toMatchObject({
      contacts: 2,
      known: 0,
      skipped: [{ file: 'people.vcf', item: 'number 2', reason: 'one of its lines is none of a vCard' }],
    });
    expect(folder.mailbox.contacts.all().map(({ businessPhones }) => businessPhones)).toEqual([
      ['+44 20 7946 0001'],
      ['+44 20 7946 0999'],
    ]);
    expect(await folder.import()).toMatchObject({ contacts: 0, known: 2 });
  });

  test('a card as Outlook writes it, and one whose lines are grouped', async () => {
    const report = await folder.take('outlook.vcf', [
      'BEGIN:VCARD',
      'VERSION:2.1',
      'N;LANGUAGE=de;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;Jonas',
      'FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Jonas M=FC=',
      'ller',
      'ORG:Altenbach AG;Vertrieb',
      'NOTE;ENCODING=QUOTED-PRINTABLE:first=0D=0A=',
      'second',
      'EMAIL;PREF;INTERNET:jonas@altenbach.example',
      'TEL;WORK;VOICE:+49 30 901820',
      'END:VCARD',
      'BEGIN:VCARD',
      'VERSION:3.0',
      'UID:y',
      'N:Tanaka;Yuki;;;',
      'FN:Yuki Tanaka',
      'item1.EMAIL;type=INTERNET:yuki@morikawa.example',
      'item1.X-ABLabel:_$!<Work>!$_',
      'END:VCARD',
    ]);

    expect(report).toMatchObject({ contacts: 2, skipped: [] });
    expect(folder.mailbox.contacts.all()).toMatchObject([
      {
        displayName: 'Jonas Müller',
        surname: 'Müller',
        companyName: 'Altenbach AG',
        emailAddresses: [{ address: 'jonas@altenbach.example' }],
        businessPhones: ['+49 30 901820'],
      },
      { displayName: 'Yuki Tanaka', emailAddresses: [{ address: 'yuki@morikawa.example' }] },
    ]);
  });

  test('a company, or an address, without a name', async () => {
    const report = await folder.take('nameless.vcf', [
      'BEGIN:VCARD',
      'VERSION:3.0',
      'UID:c',
      'N:;;;;',
      'FN:',
      'ORG:North Pier Logistics',
      'END:VCARD',
      'BEGIN:VCARD',
      'VERSION:3.0',
      'UID:a',
      'N:;;;;',
      'FN:',
      'EMAIL:front.desk@northpier.example',
      'END:VCARD',
    ]);

    expect(report).toMatchObject({ contacts: 2, skipped: [] });
    expect(folder.mailbox.contacts.all()).toMatchObject([
      { displayName: '', companyName: 'North Pier Logistics' },
      { displayName: '', emailAddresses: [{ address: 'front.desk@northpier.example' }] },
    ]);
  });
});

describe('mail', () => {
  const message = (id: string, subject: string, ...body: readonly string[]) => [
    'From: "Nora" <nora@quillworks.example>',
    `Subject: ${subject}`,
    `Message-ID: <${id}@test.example>`,
    'Date: Wed, 25 Nov 2026 09:00:00 +0000',
    '',
    ...body,
    '',
  ];
  const messages = () =>
    [...folder.mailbox.allMessages()].toSorted((first, second) => (first.subject < second.subject ? -1 : 1));

  test.each([['\n'], ['\r\n']])('a text may have lines that begin with From (%j)', async (ending) => {
    const report = await folder.take(
      'from.mbox',
      [
        'From nora@quillworks.example Wed Nov 25 09:00:00 2026',
        ...message(
          'a',
          'First',
          'Hello,',
          'From now on we meet on Tuesdays.',
          '',
          'From Monday the office is closed.',
          '>From here it was quoted.',
        ),
        'From - Wed Nov 25 10:00:00 2026',
        ...message('b', 'Second', 'Short.'),
      ],
      ending,
    );

    expect(report).toMatchObject({ messages: 2, skipped: [] });
    expect(messages()[0]?.body.split(/\r?\n/).slice(0, 5)).toEqual([
      'Hello,',
      'From now on we meet on Tuesdays.',
      '',
      'From Monday the office is closed.',
      'From here it was quoted.',
    ]);
  });

  test('one that is none among three', async () => {
    const report = await folder.take(
      'broken.mbox',
      [
        'From a Wed Nov 25 09:00:00 2026',
        ...message('a', 'First', 'one'),
        'From a Wed Nov 25 09:10:00 2026',
        '',
        'just text that is no message',
        '',
        'From a Wed Nov 25 09:20:00 2026',
        ...message('c', 'Third', 'three'),
      ],
      '\n',
    );

    expect(report).toMatchObject({
      messages: 2,
      skipped: [{ file: 'broken.mbox', item: 'number 2', reason: 'not a mail message' }],
    });
  });

  test('copies of one message that say other things are several, and the same copy is one', async () => {
    await folder.write('a.eml', message('m', 'Copy one', 'one'));
    await folder.write('b.eml', message('m', 'Copy two', 'two'));
    await folder.write('c.eml', message('m', 'Copy two', 'two'));

    expect(await folder.import()).toMatchObject({ messages: 2, known: 1, skipped: [] });
    expect(messages().map(({ body }) => body.trim())).toEqual(['one', 'two']);
  });

  test.each([
    ['without a date', [], '2026-11-21T12:00:00Z'],
    ['with one before all computers', ['Date: Mon, 01 Jan 1601 00:00:00 +0000'], '1601-01-01T00:00:00Z'],
  ])('a message %s', async (_how, dates, receivedAt) => {
    await folder.take('date.eml', [
      'From: a@quillworks.example',
      'Subject: Scanned page',
      ...dates,
      '',
      'see attached',
    ]);

    expect(messages()).toMatchObject([{ receivedAt }]);
  });
});
