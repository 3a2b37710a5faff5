import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CATEGORIES } from '../../src/domain/categories/categories.ts';
import {
  parseContainer,
  formatContainer,
  prefixOf,
  supportsSharedMailboxes,
} from '../../src/domain/sharedMailboxes.ts';

test('mail and contacts are read in mailboxes that a member names; shared calendars stand in the own list', () => {
  expect(CATEGORIES.filter(supportsSharedMailboxes)).toEqual(['mail', 'contacts']);
});

test.each([
  ['AAMkAGI2', { mailbox: null, container: 'AAMkAGI2' }],
  ['', { mailbox: null, container: '' }],
  ['~one/AAMkAGI2', { mailbox: 'one', container: 'AAMkAGI2' }],
  ['~one/', { mailbox: 'one', container: '' }],
  ['~one/a/b', { mailbox: 'one', container: 'a/b' }],
  ['~one', { mailbox: null, container: '~one' }],
  ['a~b/c', { mailbox: null, container: 'a~b/c' }],
])('%j is in %j', (container, placed) => {
  expect(parseContainer(container)).toEqual(placed);
});

test('a container is where it was placed', () => {
  const ids = fc.stringMatching(/^[\w-]{1,20}$/);
  fc.assert(
    fc.property(fc.option(fc.uuid()), ids, (mailbox, container) => {
      expect(parseContainer(formatContainer(mailbox, container))).toEqual({ mailbox, container });
      expect(mailbox === null || formatContainer(mailbox, container).startsWith(prefixOf(mailbox))).toBe(true);
    }),
  );
});
