import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CATEGORIES } from '../../src/domain/categories/categories.ts';
import { converge } from '../../src/domain/convergence.ts';
import type { DesiredStream } from '../../src/domain/streams.ts';
import { aDesiredStream as stream } from '../support/buildStream.ts';

const LIST = stream('mail', '');
const INBOX = stream('mail', 'inbox');
const ARCHIVE = stream('mail', 'archive');
const CAREERS = [stream('mail', '', 'full', 'careers'), stream('mail', 'inbox', 'full', 'careers')];
const KEPT = { category: 'mail', folderIds: [], onlyMailboxes: null } as const;

describe('what has to change', () => {
  test('is nothing where everything is as it should be', () => {
    expect(converge([LIST, INBOX], { streams: [LIST, INBOX], held: [] })).toEqual({
      removed: [],
      added: [],
      abandoned: [KEPT],
    });
  });

  test('a new folder begins, and one that is gone ends and takes along what it had', () => {
    expect(converge([LIST, INBOX], { streams: [LIST, ARCHIVE], held: [] })).toEqual({
      removed: ['mail:inbox'],
      added: [ARCHIVE],
      abandoned: [{ ...KEPT, folderIds: ['inbox'] }],
    });
  });

  test('another level begins a stream again, which is there already', () => {
    const whole = stream('calendar', 'work', 'full');
    const basic = stream('calendar', 'work', 'limited');

    expect(converge([whole], { streams: [basic], held: [] })).toEqual({
      removed: [],
      added: [basic],
      abandoned: [{ category: 'calendar', folderIds: [], onlyMailboxes: null }],
    });
  });

  test('a category that was turned off ends and keeps what it has', () => {
    expect(converge([LIST, INBOX], { streams: [], held: [] })).toEqual({
      removed: ['mail:', 'mail:inbox'],
      added: [],
      abandoned: [],
    });
  });

  test('a category on hold stays as it is', () => {
    const held = [{ category: 'mail', reason: 'paused' }] as const;

    expect(converge([LIST, INBOX], { streams: [], held })).toEqual({ removed: [], added: [], abandoned: [] });
  });

  test('a shared mailbox that is named no more is forgotten, and so is every other that is not read', () => {
    expect(converge([LIST, INBOX, ...CAREERS], { streams: [LIST, INBOX], held: [] })).toEqual({
      removed: ['mail:~careers/', 'mail:~careers/inbox'],
      added: [],
      abandoned: [{ category: 'mail', folderIds: ['~careers/', '~careers/inbox'], onlyMailboxes: [] }],
    });
  });

  test('a category that comes back keeps those of its shared mailboxes that are read', () => {
    expect(converge([], { streams: [LIST, ...CAREERS], held: [] })).toEqual({
      removed: [],
      added: [LIST, ...CAREERS],
      abandoned: [{ ...KEPT, onlyMailboxes: ['careers'] }],
    });
  });

  test('calendars are in no shared mailbox, whatever comes or goes', () => {
    const list = stream('calendar', '');

    expect(converge([], { streams: [list], held: [] }).abandoned).toEqual([
      { category: 'calendar', folderIds: [], onlyMailboxes: null },
    ]);
  });
});

test("what ends or begins in one category is no other one's", () => {
  const contacts = stream('contacts', 'default');
  const other = stream('contacts', 'customers');
  const desired = { streams: [LIST, contacts, stream('contacts', '', 'full', 'careers')], held: [] };

  expect(converge([LIST, INBOX, contacts, other], desired).abandoned).toEqual([
    { category: 'mail', folderIds: ['inbox'], onlyMailboxes: null },
    { category: 'contacts', folderIds: ['customers'], onlyMailboxes: ['careers'] },
  ]);
});

const streams = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom(...CATEGORIES),
      fc.constantFrom('', 'a', 'b'),
      fc.constantFrom('limited', 'full'),
      fc.constantFrom(null, 'x'),
    )
    .map((chosen) => stream(...chosen)),
  { selector: ({ key }) => key },
);

test('after it, there is what should be, and what is on hold', () => {
  fc.assert(
    fc.property(streams, streams, fc.subarray([...CATEGORIES]), (existing, wanted, onHold) => {
      const desired = wanted.filter(({ category }) => !onHold.includes(category));
      const held = onHold.map((category) => ({ category, reason: 'paused' as const }));
      const { removed, added } = converge(existing, { streams: desired, held });
      const replaced = new Set([...removed, ...added.map(({ key }) => key)]);
      const after = [...existing.filter(({ key }) => !replaced.has(key)), ...added];
      const expected = [...desired, ...existing.filter(({ category }) => onHold.includes(category))];
      const byKey = (first: DesiredStream, second: DesiredStream) => first.key.localeCompare(second.key);

      expect(after.toSorted(byKey)).toEqual(expected.toSorted(byKey));
    }),
  );
});
