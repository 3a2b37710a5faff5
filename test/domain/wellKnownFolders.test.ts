import { expect, test } from '@jest/globals';
import { isWellKnownFolder, means, WELL_KNOWN_FOLDERS } from '../../src/domain/wellKnownFolders.ts';

test("Graph's names for them are known, and nothing else is", () => {
  expect(WELL_KNOWN_FOLDERS).toEqual([
    'inbox',
    'drafts',
    'sentitems',
    'deleteditems',
    'junkemail',
    'archive',
    'outbox',
  ]);
  expect(WELL_KNOWN_FOLDERS.every(isWellKnownFolder)).toBe(true);
  expect(isWellKnownFolder('Inbox')).toBe(false);
  expect(isWellKnownFolder('toString')).toBe(false);
});

test.each([
  ['sent items', 'sentitems', true],
  ['sent', 'sentitems', true],
  ['sentitems', 'sentitems', true],
  ['trash', 'deleteditems', true],
  ['spam', 'junkemail', true],
  ['spam', 'archive', false],
  ['deleted', 'junkemail', false],
  ['inbox', 'inbox', true],
] as const)('a rule about %j means %s: %s', (named, folder, isMeant) => {
  expect(means(named, folder)).toBe(isMeant);
});
