/** K10 Real calendars are imported item by item: what they mean is taken, and what cannot be taken is named with its reason. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { presentEvent, presentOccurrence } from '../../src/sandbox/graph/presentItems.ts';
import { isSeries, occurrencesOf } from '../../src/sandbox/graph/recurrence.ts';
import { ImportedFolder } from '../support/importedFolder.ts';

const BERLIN = [
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Berlin',
  'BEGIN:DAYLIGHT',
  'DTSTART:19810329T020000',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
  'END:DAYLIGHT',
  'BEGIN:STANDARD',
  'DTSTART:19961027T030000',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'END:STANDARD',
  'END:VTIMEZONE',
];

let folder: ImportedFolder;

beforeEach(async () => {
  folder = await ImportedFolder.open();
});
afterEach(() => folder.close());

function calendar(...lines: readonly string[]): readonly string[] {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR'];
}

function event(uid: string, ...lines: readonly string[]): readonly string[] {
  return ['BEGIN:VEVENT', ...(uid === '' ? [] : [`UID:${uid}`]), 'DTSTAMP:20261101T000000Z', ...lines, 'END:VEVENT'];
}

/** Everything that a plain view of the calendar shows: when, what and where. */
function shown(): readonly (readonly string[])[] {
  const [from, to] = [new Date('2026-09-01'), new Date('2027-09-01')];
  return folder.mailbox
    .events()
    .flatMap((each) =>
      isSeries(each)
        ? occurrencesOf(each, from, to).map((occurrence) => presentOccurrence(each, occurrence, true))
        : [presentEvent(each, true)],
    )
    .map(({ start, end, subject }) => [timeOf(start), timeOf(end), String(subject)])

    .toSorted((first, second) => first.join().localeCompare(second.join()));
}

function timeOf(time: unknown): string {
  return String(Reflect.get(Object(time), 'dateTime')).slice(0, 16);
}

describe('times mean what they say', () => {
  test.each([
    ['a zone of the IANA database', 'America/Chicago', '2026-12-07T15:00', '2026-12-07T15:30'],
    ['a zone of Windows', 'Pacific Standard Time', '2026-12-07T17:00', '2026-12-07T17:30'],
    ['a zone of Windows in quotes', '"W. Europe Standard Time"', '2026-12-07T08:00', '2026-12-07T08:30'],
    [
      'a name with the path of a library before it',
      '/mozilla.org/20050126_1/Asia/Tokyo',
      '2026-12-07T00:00',
      '2026-12-07T00:30',
    ],
  ])('%s without a definition in the file', async (_what, zone, start, end) => {
    await folder.take(
      'zone.ics',
      calendar(
        ...event('z', 'SUMMARY:Nine', `DTSTART;TZID=${zone}:20261207T090000`, `DTEND;TZID=${zone}:20261207T093000`),
      ),
    );

    expect(shown()).toEqual([[start, end, 'Nine']]);
  });

  test('a zone that only the file knows, and one that no one knows', async () => {
    const own = BERLIN.map((line) => line.replace('Europe/Berlin', 'Customized Time Zone'));
    const report = await folder.take(
      'own.ics',
      calendar(
        ...own,
        ...event('a', 'SUMMARY:Own', 'DTSTART;TZID=Customized Time Zone:20261207T090000', 'DURATION:PT30M'),
        ...event('b', 'SUMMARY:Nobody', 'DTSTART;TZID=Nowhere/Atlantis:20261207T090000'),
      ),
    );

    expect(shown()).toEqual([['2026-12-07T08:00', '2026-12-07T08:30', 'Own']]);
    expect(report.skipped).toEqual([
      { file: 'own.ics', item: 'Nobody', reason: 'nobody knows its time zone "Nowhere/Atlantis"' },
    ]);
  });

  test.each([
    ['with the zone in the file', BERLIN],
    ['without', []],
  ])('a series stays at nine when the clocks change, %s', async (_how, zone) => {
    await folder.take(
      'weekly.ics',
      calendar(
        ...zone,
        ...event(
          'w',
          'SUMMARY:Nine',
          'DTSTART;TZID=Europe/Berlin:20261012T090000',
          'DTEND;TZID=Europe/Berlin:20261012T100000',
          'RRULE:FREQ=WEEKLY;UNTIL=20261109T080000Z',
          'EXDATE;TZID=Europe/Berlin:20261102T090000',
        ),
      ),
    );

    expect(shown().map(([start]) => start)).toEqual([
      '2026-10-12T07:00',
      '2026-10-19T07:00',
      '2026-10-26T08:00',
      '2026-11-09T08:00',
    ]);
  });

  test('an event lasts by its duration, a day without an end a day, and a time without one no time', async () => {
    await folder.take(
      'ends.ics',
      calendar(
        ...event('a', 'SUMMARY:By duration', 'DTSTART:20261224T090000Z', 'DURATION:PT90M'),
        ...event('b', 'SUMMARY:No end', 'DTSTART:20261224T120000Z'),
        ...event('c', 'SUMMARY:A day', 'DTSTART;VALUE=DATE:20261225'),
      ),
    );

    expect(shown()).toEqual([
      ['2026-12-24T09:00', '2026-12-24T10:30', 'By duration'],
      ['2026-12-24T12:00', '2026-12-24T12:00', 'No end'],
      ['2026-12-25T00:00', '2026-12-26T00:00', 'A day'],
    ]);
    expect(folder.mailbox.events().map(({ isAllDay }) => isAllDay)).toEqual([false, false, true]);
  });
});

describe('series', () => {
  const daily = event(
    'd',
    'SUMMARY:Daily',
    'LOCATION:Room A',
    'DTSTART:20261218T090000Z',
    'DTEND:20261218T093000Z',
    'RRULE:FREQ=DAILY;COUNT=4',
    'EXDATE;VALUE=DATE:20261220',
  );

  test('a day that is left out by its date', async () => {
    await folder.take('daily.ics', calendar(...daily));

    expect(shown().map(([start]) => start)).toEqual(['2026-12-18T09:00', '2026-12-19T09:00', '2026-12-21T09:00']);
  });

  test('dates of its own, without a rule', async () => {
    await folder.take(
      'dates.ics',
      calendar(
        ...event(
          'r',
          'SUMMARY:Dates',
          'DTSTART:20261209T100000Z',
          'DTEND:20261209T110000Z',
          'RDATE:20261211T100000Z,20261216T100000Z',
        ),
      ),
    );

    expect(shown().map(([start]) => start)).toEqual(['2026-12-09T10:00', '2026-12-11T10:00', '2026-12-16T10:00']);
  });

  test('one occurrence elsewhere, with someone else', async () => {
    const other = event(
      'd',
      'RECURRENCE-ID:20261219T090000Z',
      'SUMMARY:Elsewhere',
      'LOCATION:Room B',
      'ATTENDEE;CN=New Guest:mailto:new.guest@quillworks.example',
      'DTSTART:20261219T110000Z',
      'DTEND:20261219T113000Z',
    );
    await folder.take('elsewhere.ics', calendar(...daily, ...other));
    const [series] = folder.mailbox.events();
    const occurrences =
      series === undefined ? [] : occurrencesOf(series, new Date('2026-12-19'), new Date('2026-12-20'));

    expect(occurrences.map((occurrence) => series && presentOccurrence(series, occurrence, true))).toMatchObject([
      {
        type: 'exception',
        subject: 'Elsewhere',
        location: { displayName: 'Room B' },
        attendees: [{ emailAddress: { name: 'New Guest', address: 'new.guest@quillworks.example' } }],
      },
    ]);
  });

  test('an occurrence that was moved far away stands where it was moved to, and not where it was', async () => {
    await folder.take(
      'moved.ics',
      calendar(
        ...event('m', 'SUMMARY:Old', 'DTSTART:20241203T090000Z', 'DTEND:20241203T100000Z', 'RRULE:FREQ=WEEKLY;COUNT=3'),
        ...event(
          'm',
          'SUMMARY:Moved',
          'RECURRENCE-ID:20241210T090000Z',
          'DTSTART:20261221T090000Z',
          'DTEND:20261221T100000Z',
        ),
      ),
    );

    expect(shown()).toEqual([['2026-12-21T09:00', '2026-12-21T10:00', 'Moved']]);
  });

  test('this and all that follow', async () => {
    await folder.take(
      'future.ics',
      calendar(
        ...event(
          'f',
          'SUMMARY:Nine',
          'DTSTART:20261201T090000Z',
          'DTEND:20261201T100000Z',
          'RRULE:FREQ=WEEKLY;COUNT=4',
        ),
        ...event(
          'f',
          'RECURRENCE-ID;RANGE=THISANDFUTURE:20261215T090000Z',
          'SUMMARY:Eleven',
          'DTSTART:20261215T110000Z',
          'DTEND:20261215T120000Z',
        ),
      ),
    );

    expect(shown()).toEqual([
      ['2026-12-01T09:00', '2026-12-01T10:00', 'Nine'],
      ['2026-12-08T09:00', '2026-12-08T10:00', 'Nine'],
      ['2026-12-15T11:00', '2026-12-15T12:00', 'Eleven'],
      ['2026-12-22T11:00', '2026-12-22T12:00', 'Eleven'],
    ]);
  });

  test('one occurrence of a series that is not there is an event', async () => {
    const report = await folder.take(
      'invitation.ics',
      calendar(
        ...BERLIN,
        ...event(
          'i',
          'SUMMARY:Moved',
          'RECURRENCE-ID;TZID=Europe/Berlin:20261208T100000',
          'DTSTART;TZID=Europe/Berlin:20261208T140000',
          'DTEND;TZID=Europe/Berlin:20261208T150000',
        ),
      ),
    );

    expect(report).toMatchObject({ events: 1, skipped: [] });
    expect(shown()).toEqual([['2026-12-08T13:00', '2026-12-08T14:00', 'Moved']]);
  });

  test('a change of an occurrence that the series does not have is named', async () => {
    const stray = event('d', 'SUMMARY:Stray', 'RECURRENCE-ID:20261230T090000Z', 'DTSTART:20261230T100000Z');
    const report = await folder.take('stray.ics', calendar(...daily, ...stray));

    expect(report.skipped).toEqual([
      { file: 'stray.ics', item: 'Stray', reason: 'its series has nothing at the time that it stands for' },
    ]);
  });
});

describe('item by item', () => {
  test('several calendars in one file, an event without a uid, and one without a beginning', async () => {
    const report = await folder.take('several.ics', [
      ...calendar(
        ...event('', 'SUMMARY:Without uid', 'DTSTART:20261211T090000Z', 'DTEND:20261211T100000Z'),
        ...event('b', 'SUMMARY:No start', 'DESCRIPTION:nothing says when'),
        ...event('c', 'SUMMARY:Backwards', 'DTSTART:20261211T090000Z', 'DTEND:20261210T100000Z'),
      ),
      ...calendar(...event('d', 'SUMMARY:Second calendar', 'DTSTART:20261210T120000Z', 'DTEND:20261210T130000Z')),
    ]);

    expect(report).toEqual({
      messages: 0,
      events: 2,
      contacts: 0,
      tasks: 0,
      known: 0,
      skipped: [
        { file: 'several.ics', item: 'No start', reason: 'it does not say when it begins' },
        { file: 'several.ics', item: 'Backwards', reason: 'it ends before it begins' },
      ],
    });
    expect(shown().map(([, , subject]) => subject)).toEqual(['Second calendar', 'Without uid']);
    expect(await folder.import()).toMatchObject({ events: 0, known: 2 });
  });

  test('what is broken costs nothing else', async () => {
    const report = await folder.take('broken.ics', [
      ...calendar(
        ...event('a', 'SUMMARY:Good', 'DTSTART:20261211T090000Z'),
        ...event('b', 'SUMMARY:No line', 'DTSTART:20261211T090000Z', 'this is no property'),
        ...event('c', 'SUMMARY:No end', 'DTSTART:20261211T090000Z').slice(0, -1),
        ...event('d', 'SUMMARY:Good too', 'DTSTART:20261212T090000Z'),
      ),
    ]);

    expect(shown().map(([, , subject]) => subject)).toEqual(['Good', 'Good too']);
    expect(report.skipped).toEqual([
      { file: 'broken.ics', item: 'No line', reason: 'one of its lines is none of iCalendar' },
      { file: 'broken.ics', item: 'No end', reason: 'it does not end' },
    ]);
  });

  test('to-dos become tasks', async () => {
    const todo = [
      'BEGIN:VTODO',
      'UID:t',
      'SUMMARY:Call the references',
      'DUE;VALUE=DATE:20261203',
      'STATUS:IN-PROCESS',
      'END:VTODO',
    ];
    const report = await folder.take('todo.ics', calendar(...todo));

    expect(report).toMatchObject({ events: 0, tasks: 1, skipped: [] });
    expect(folder.mailbox.tasks.all()).toMatchObject([
      { title: 'Call the references', dueOn: '2026-12-03', status: 'inProgress' },
    ]);
    expect(await folder.import()).toMatchObject({ tasks: 0, known: 1 });
  });

  test.each([
    ['STATUS:CANCELLED', { isCancelled: true, sensitivity: 'normal', showAs: 'busy' }],
    ['CLASS:PRIVATE', { isCancelled: false, sensitivity: 'private', showAs: 'busy' }],
    ['CLASS:X-BOARD', { isCancelled: false, sensitivity: 'private', showAs: 'busy' }],
    ['CLASS:CONFIDENTIAL', { isCancelled: false, sensitivity: 'confidential', showAs: 'busy' }],
    ['TRANSP:TRANSPARENT', { isCancelled: false, sensitivity: 'normal', showAs: 'free' }],
    ['STATUS:TENTATIVE', { isCancelled: false, sensitivity: 'normal', showAs: 'tentative' }],
    ['X-MICROSOFT-CDO-BUSYSTATUS:OOF', { isCancelled: false, sensitivity: 'normal', showAs: 'oof' }],
  ])('%s means what Graph says of it', async (line, flags) => {
    await folder.take('flag.ics', calendar(...event('f', 'SUMMARY:Flagged', line, 'DTSTART:20261211T090000Z')));
    const [only] = folder.mailbox.events();

    expect(only === undefined ? null : presentEvent(only, true)).toMatchObject(flags);
  });
});
