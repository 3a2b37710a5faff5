import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CATEGORIES } from '../../src/domain/categories/categories.ts';
import { folderIdIn, mailboxPathOf, supportsSharedMailboxes } from '../../src/domain/sharedMailboxes.ts';

test('mail and contacts are read in mailboxes that a member names; shared calendars stand in the own list', () => {
  expect(CATEGORIES.filter(supportsSharedMailboxes)).toEqual(['mail', 'contacts']);
});

test("the member's own folders keep Graph's ids", () => {
  expect(folderIdIn(null, 'AAMkAGI2/x_-=')).toBe('AAMkAGI2/x_-=');
});

test('no two folders have the same id, in whatever mailboxes they are', () => {
  const container = fc.stringMatching(/^[\w/+=-]{0,20}$/);
  const folder = fc.tuple(fc.option(fc.uuid()), container);
  fc.assert(
    fc.property(folder, folder, (first, second) => {
      expect(folderIdIn(...first) === folderIdIn(...second)).toBe(first.join() === second.join());
    }),
  );
});

test('an address stands in a path as one part of it', () => {
  expect(mailboxPathOf("o'neill/x?@harborreed.example")).toBe("users/o'neill%2Fx%3F%40harborreed.example");
});
