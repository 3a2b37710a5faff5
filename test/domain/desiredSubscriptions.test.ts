import { expect, test } from '@jest/globals';
import { CATEGORIES } from '../../src/domain/categories/categories.ts';
import { desiredSubscriptions } from '../../src/domain/desiredSubscriptions.ts';
import { aDesiredStream as stream } from '../support/buildStream.ts';

test('at full level mail, calendars and contacts notify; tasks and files are polled', () => {
  expect(desiredSubscriptions(CATEGORIES.map((category) => stream(category, 'one')))).toEqual([
    { category: 'mail', resource: 'messages', lifeDays: 6 },
    { category: 'calendar', resource: 'events', lifeDays: 6 },
    { category: 'contacts', resource: 'contacts', lifeDays: 6 },
  ]);
});

test('with basic details only, mail notifies and calendars are polled', () => {
  expect(desiredSubscriptions([stream('mail', 'one', 'limited'), stream('calendar', 'one', 'limited')])).toEqual([
    { category: 'mail', resource: 'messages', lifeDays: 6 },
  ]);
});

test('one subscription serves all containers of a category', () => {
  expect(desiredSubscriptions([stream('mail', ''), stream('mail', 'inbox'), stream('mail', 'archive')])).toEqual([
    { category: 'mail', resource: 'messages', lifeDays: 6 },
  ]);
});

test('a shared mailbox is polled: there is no delegated subscription to it', () => {
  expect(desiredSubscriptions([stream('mail', 'inbox', 'full', 'one'), stream('contacts', '', 'full', 'one')])).toEqual(
    [],
  );
});

test('nothing that is read, nothing to notify about', () => {
  expect(desiredSubscriptions([])).toEqual([]);
});
