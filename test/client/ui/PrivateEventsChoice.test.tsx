/** A member chooses among what the organization's rules have left: never less strict than those. */
import { expect, test } from '@jest/globals';
import { render, screen } from '@testing-library/react';
import { ScreenTextProvider } from '../../../src/client/text/ScreenTextProvider.tsx';
import { PrivateEventsChoice } from '../../../src/client/ui/PrivateEventsChoice.tsx';
import type { PrivateEvents } from '../../../src/domain/ruleSettings.ts';
import { optionsOf, write } from '../../support/onScreen.ts';

const NAME = 'Private and confidential events';
const WHOLE = 'whole: Kept like any other';
const BUSY = 'busyTimes: Kept as busy times only';
const OUT = 'leftOut: Left out';

function show(value: PrivateEvents, atLeast: PrivateEvents) {
  const changes: PrivateEvents[] = [];
  render(<PrivateEventsChoice value={value} atLeast={atLeast} onChange={(chosen) => changes.push(chosen)} />, {
    wrapper: ScreenTextProvider,
  });
  return changes;
}

test.each([
  ['whole', 'whole', { offered: [WHOLE, BUSY, OUT], chosen: 'whole' }],
  ['leftOut', 'whole', { offered: [WHOLE, BUSY, OUT], chosen: 'leftOut' }],
  ['whole', 'busyTimes', { offered: [BUSY, OUT], chosen: 'busyTimes' }],
  ['leftOut', 'busyTimes', { offered: [BUSY, OUT], chosen: 'leftOut' }],
] as const)('the own choice %s below the rule %s', (value, atLeast, expected) => {
  show(value, atLeast);

  expect(optionsOf(NAME)).toEqual(expected);
});

test('where the rules leave them out there is nothing to choose', () => {
  show('whole', 'leftOut');

  expect(screen.queryByRole('combobox')).toBeNull();
});

test('a choice is one of the words', () => {
  const changes = show('whole', 'whole');
  write(NAME, 'leftOut');
  write(NAME, 'busyTimes');

  expect(changes).toEqual(['leftOut', 'busyTimes']);
});
