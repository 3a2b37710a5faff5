/** Lengths and times as people read them; what depends on a time zone is compared with the same moment in that zone. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { render, renderHook, screen } from '@testing-library/react';
import { ScreenTextProvider } from '../../../src/client/text/ScreenTextProvider.tsx';
import { TextProvider, useLength, useTimes, useWords } from '../../../src/client/text/TextProvider.tsx';

const NOW = '2026-11-21T12:00:00.000Z';

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse(NOW) });
});
afterEach(() => {
  jest.useRealTimers();
});

const timesNow = () => renderHook(() => useTimes(), { wrapper: ScreenTextProvider }).result.current;

/** So many seconds after now. */
const after = (seconds: number) => new Date(Date.parse(NOW) + seconds * 1_000).toISOString();

describe('a length of time', () => {
  test.each([
    [1, '1 day'],
    [30, '30 days'],
    [364, '364 days'],
    [365, '1 year'],
    [366, '366 days'],
    [730, '2 years'],
    [36_500, '100 years'],
  ])('of %d days is %s', (days, text) => {
    const { result } = renderHook(() => useLength(), { wrapper: ScreenTextProvider });

    expect(result.current(days)).toBe(text);
  });
});

describe('how long ago', () => {
  test.each([
    [0, 'now'],
    [-59, 'now'],
    [59, 'now'],
    [-60, '1 minute ago'],
    [60, 'in 1 minute'],
    [-89, '1 minute ago'],
    [-90, '1 minute ago'],
    [-120, '2 minutes ago'],
    [1_500, 'in 25 minutes'],
    [-3_540, '59 minutes ago'],
    [-3_599, '59 minutes ago'],
    [-119, '1 minute ago'],
  ])('%d seconds from now is “%s”', (seconds, text) => {
    expect(timesNow().ago(after(seconds))).toBe(text);
  });

  test.each([-3_600, 3_600, -86_400])('%d seconds from now is a date and a time', (seconds) => {
    const times = timesNow();

    expect(times.ago(after(seconds))).toBe(times.date(after(seconds)));
  });
});

test('a date has its year and its time, in the time zone of the person', () => {
  const here = new Date(NOW).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });

  expect(timesNow().date(NOW)).toBe(here);
  expect(here).toContain('2026');
});

describe('whole days', () => {
  test.each([
    ['one day', '2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z', 'Nov 21, 2026'],
    [
      'several days, without the one that begins at their end',
      '2026-11-21T00:00:00Z',
      '2026-11-24T00:00:00Z',
      'Nov 21 – 23, 2026',
    ],
    ['days of two years', '2026-12-31T00:00:00Z', '2027-01-02T00:00:00Z', 'Dec 31, 2026 – Jan 1, 2027'],
    ['a day that ends as it begins', '2026-11-21T00:00:00Z', '2026-11-21T00:00:00Z', 'Nov 21, 2026'],
    ['a day that ends before it begins', '2026-11-21T00:00:00Z', '2026-11-01T00:00:00Z', 'Nov 21, 2026'],
  ])('are said of %s', (_what, from, to, text) => {
    expect(timesNow().days(from, to).replaceAll(/\s/g, ' ')).toBe(text);
  });
});

test('the shell has its own words before those of the screens are there', () => {
  function Said() {
    return <>{useWords()('broken.broken', { host: 'Teams' })}</>;
  }
  render(<Said />, { wrapper: TextProvider });

  expect(
    screen.getByText(
      'Teams answered in a way that Assent does not understand. Try again. If it stays like this, tell the company that runs Assent.',
    ),
  ).toBeTruthy();
});
