/** When a series of the sandbox takes place, held against RFC 5545 and clocks that change. */
import { describe, expect, test } from '@jest/globals';
import { isSeries, occurrencesOf } from '../../../src/sandbox/graph/recurrence.ts';
import { type StoredEvent, USUAL } from '../../../src/sandbox/graph/stored.ts';

function series(change: Partial<StoredEvent>): StoredEvent {
  return {
    ...USUAL,
    id: 'AAMkAD-series',
    uid: 'series@harborreed.example',
    changeKey: 'one',
    subject: 'Stand-up',
    body: '',
    location: '',
    organizer: null,
    attendees: [],
    start: '2026-03-23T08:00:00.000Z',
    end: '2026-03-23T08:15:00.000Z',
    isAllDay: false,
    rule: 'FREQ=DAILY;COUNT=4',
    calendar: 'AAMkAD-calendar',
    ...change,
  };
}

const within = (event: StoredEvent, from: string, to: string) => occurrencesOf(event, new Date(from), new Date(to));
const starts = (event: StoredEvent, from = '2026-01-01T00:00:00Z', to = '2027-01-01T00:00:00Z') =>
  within(event, from, to).map(({ start }) => start);

describe('the rule', () => {
  test('counts from the start on', () => {
    expect(starts(series({}))).toEqual([
      '2026-03-23T08:00:00.000Z',
      '2026-03-24T08:00:00.000Z',
      '2026-03-25T08:00:00.000Z',
      '2026-03-26T08:00:00.000Z',
    ]);
  });

  test('a single event is no series, and has no occurrences', () => {
    const single = series({ rule: null });

    expect(isSeries(single)).toBe(false);
    expect(starts(single)).toEqual([]);
  });

  test.each([
    ['a time in UTC, which still belongs to it', 'FREQ=DAILY;UNTIL=20260325T080000Z', 3],
    ['a second before', 'FREQ=DAILY;UNTIL=20260325T075959Z', 2],
    ['a day, the whole of it', 'FREQ=DAILY;UNTIL=20260325', 3],
  ])('ends with %s', (_what, rule, count) => {
    expect(starts(series({ rule }))).toHaveLength(count);
  });

  test('stays at nine in Berlin when the clocks change', () => {
    const berlin = series({ timeZone: 'Europe/Berlin', rule: 'FREQ=WEEKLY;COUNT=2' });

    expect(starts(berlin)).toEqual(['2026-03-23T08:00:00.000Z', '2026-03-30T07:00:00.000Z']);
  });

  test("knows zones by Windows' names", () => {
    const windows = series({ timeZone: 'W. Europe Standard Time', rule: 'FREQ=WEEKLY;COUNT=2' });

    expect(starts(windows)).toEqual(['2026-03-23T08:00:00.000Z', '2026-03-30T07:00:00.000Z']);
  });

  test('of whole days knows no zone', () => {
    const days = series({
      isAllDay: true,
      timeZone: 'Europe/Berlin',
      start: '2026-03-23T00:00:00.000Z',
      end: '2026-03-24T00:00:00.000Z',
      rule: 'FREQ=WEEKLY;COUNT=2',
    });

    expect(starts(days)).toEqual(['2026-03-23T00:00:00.000Z', '2026-03-30T00:00:00.000Z']);
  });
});

describe('what differs from it', () => {
  test('a day that was deleted is left out, and the count goes on', () => {
    expect(starts(series({ excluded: ['2026-03-24T08:00:00.000Z'] }))).toEqual([
      '2026-03-23T08:00:00.000Z',
      '2026-03-25T08:00:00.000Z',
      '2026-03-26T08:00:00.000Z',
    ]);
  });

  test('a day beside the rule is in its place', () => {
    expect(starts(series({ rule: 'FREQ=DAILY;COUNT=1', added: ['2026-03-30T08:00:00.000Z'] }))).toEqual([
      '2026-03-23T08:00:00.000Z',
      '2026-03-30T08:00:00.000Z',
    ]);
  });

  test('one that was moved far away is found there, with the id of where it was', () => {
    const there = { subject: 'Stand-up', start: '2026-11-02T10:00:00.000Z', end: '2026-11-02T11:00:00.000Z' };
    const moved = series({ exceptions: { '2026-03-24T08:00:00.000Z': there } });

    expect(within(moved, '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z')).toEqual([
      { id: 'AAMkAD-series.202603240800', start: there.start, end: there.end, exception: there },
    ]);
    expect(starts(moved, '2026-03-24T00:00:00Z', '2026-03-25T00:00:00Z')).toEqual([]);
  });
});

describe('the window', () => {
  test.each([
    ['what ends as it begins is outside', '2026-03-23T08:15:00Z', '2026-03-24T00:00:00Z', 0],
    ['what is under way as it begins is inside', '2026-03-23T08:14:59Z', '2026-03-24T00:00:00Z', 1],
    ['what begins as it ends is outside', '2026-03-23T00:00:00Z', '2026-03-23T08:00:00Z', 0],
    ['what begins before it ends is inside', '2026-03-23T00:00:00Z', '2026-03-23T08:00:01Z', 1],
  ])('%s', (_what, from, to, count) => {
    expect(starts(series({}), from, to)).toHaveLength(count);
  });
});
