import { describe, expect, jest, test } from '@jest/globals';
import { fireEvent, render, screen } from '@testing-library/react';
import { PauseChoice, pauseFor } from '../../../src/client/ui/PauseChoice.tsx';
import { ScreenTextProvider } from '../../../src/client/text/ScreenTextProvider.tsx';

/** A time of the person's own clock. */
const local = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute, 30, 500);

describe('a pause', () => {
  test('until someone continues has no end', () => {
    expect(pauseFor('forever', local(21, 12))).toEqual({ until: null });
  });

  test.each([
    ['hour', local(21, 23, 40), local(22, 0, 40)],
    ['week', local(28, 12), new Date(2026, 11, 5, 12, 0, 30, 500)],
    ['tomorrow', local(21, 23, 59), new Date(2026, 10, 22, 8)],
    ['tomorrow', local(22, 0, 1), new Date(2026, 10, 23, 8)],
    ['tomorrow', local(30, 9), new Date(2026, 11, 1, 8)],
  ] as const)('for %s from %s ends at %s', (length, now, until) => {
    const before = now.getTime();

    expect(pauseFor(length, now)).toEqual({ until: until.toISOString() });
    expect(now.getTime()).toBe(before);
  });
});

test('each length is a choice by name, and one is chosen', () => {
  const onChange = jest.fn();
  render(<PauseChoice length="hour" onChange={onChange} />, { wrapper: ScreenTextProvider });
  const choices = screen
    .getAllByRole<HTMLInputElement>('radio')
    .map(({ labels, checked }) => [labels?.[0]?.textContent, checked]);
  fireEvent.click(screen.getByRole('radio', { name: 'Until tomorrow morning' }));

  expect(screen.getByRole('radiogroup', { name: 'For how long' })).toBeTruthy();
  expect(choices).toEqual([
    ['Until I resume it', false],
    ['For an hour', true],
    ['Until tomorrow morning', false],
    ['For a week', false],
  ]);
  expect(onChange.mock.calls).toEqual([['tomorrow']]);
});
