/** What is known of an entry of Graph's that could not be read, so that no rule is broken by keeping it aside. */
import { expect, test } from '@jest/globals';
import { flagsOf } from '../../../src/microsoft/graph/itemFlags.ts';

const NONE = { isDraft: false, isPrivate: false };

test.each([
  ['a message that is a draft', { isDraft: true }, { isDraft: true, isPrivate: false }],
  ['a message that was sent', { isDraft: false }, NONE],
  ['an event with changes that its guests do not know yet', { isDraft: true, start: null }, NONE],
  ['a private event', { start: {}, sensitivity: 'private' }, { isDraft: false, isPrivate: true }],
  ['a confidential event', { start: {}, sensitivity: 'confidential' }, { isDraft: false, isPrivate: true }],
  ['a personal event', { start: {}, sensitivity: 'personal' }, NONE],
  ['a flag that is no flag', { isDraft: 'true', sensitivity: 1 }, NONE],
  ['an empty entry', {}, NONE],
  ['nothing', null, NONE],
  ['text', 'isDraft', NONE],
])('%s', (_what, raw, flags) => {
  expect(flagsOf(raw)).toEqual(flags);
});
