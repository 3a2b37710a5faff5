import { expect, test } from '@jest/globals';
import { render } from '@testing-library/react';
import { ScreenTextProvider } from '../../../src/client/text/ScreenTextProvider.tsx';
import { DaysChoice } from '../../../src/client/ui/DaysChoice.tsx';
import { optionsOf, write } from '../../support/onScreen.ts';

function show(days: number | null) {
  const changes: (number | null)[] = [];
  render(
    <DaysChoice
      label="How far to look back"
      unlimited="Everything there is"
      days={days}
      onChange={(chosen) => changes.push(chosen)}
    />,
    { wrapper: ScreenTextProvider },
  );
  return changes;
}

const OFFERED = ['30: 30 days', '90: 90 days', '180: 180 days', '365: 1 year', '730: 2 years'];

test.each([
  ['no limit', null, '', OFFERED],
  ['one that is offered', 90, '90', OFFERED],
  ['one day', 1, '1', ['1: 1 day', ...OFFERED]],
  ['one between those that are offered', 100, '100', [...OFFERED.slice(0, 2), '100: 100 days', ...OFFERED.slice(2)]],
  ['one beyond those that are offered', 1_095, '1095', [...OFFERED, '1095: 3 years']],
])('a length that holds is shown as it is: %s', (_what, days, chosen, offered) => {
  show(days);

  expect(optionsOf('How far to look back')).toEqual({ offered: [': Everything there is', ...offered], chosen });
});

test('a choice is a number of days, or no limit', () => {
  const changes = show(90);
  write('How far to look back', '365');
  write('How far to look back', '');

  expect(changes).toEqual([365, null]);
});
