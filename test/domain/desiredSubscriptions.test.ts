import { expect, test } from '@jest/globals';
import { CATEGORIES, type Category } from '../../src/domain/categories/categories.ts';
import type { ReadLevel } from '../../src/domain/levels.ts';
import type { DesiredStream } from '../../src/domain/streams.ts';
import { desiredSubscriptions } from '../../src/domain/desiredSubscriptions.ts';

function stream(category: Category, container: string, level: ReadLevel = 'full'): DesiredStream {
  return { key: `${category}:${container}`, category, container, level };
}

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
  expect(desiredSubscriptions([stream('mail', '~one/inbox'), stream('contacts', '~one/')])).toEqual([]);
});

test('nothing that is read, nothing to notify about', () => {
  expect(desiredSubscriptions([])).toEqual([]);
});
