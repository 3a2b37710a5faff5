import { describe, expect, test } from '@jest/globals';
import { CATEGORIES, type Category } from '../../src/domain/categories/categories.ts';
import { type Level, OFF, SYNC_LEVELS } from '../../src/domain/levels.ts';
import {
  canShare,
  chosenIn,
  EMPTY_SELECTION,
  FULL_OFFER,
  isOffered,
  offeredOf,
  withChanges,
} from '../../src/domain/selection.ts';

const READ: Level = { sync: 'full', act: 'none', shared: false };
const READ_SHARED: Level = { sync: 'full', act: 'none', shared: true };

describe('what is offered', () => {
  test('is to read everything in full, what others share in mail, calendars and contacts, and to act nowhere', () => {
    expect(FULL_OFFER).toEqual({
      mail: READ_SHARED,
      calendar: READ_SHARED,
      contacts: READ_SHARED,
      tasks: READ,
      files: READ,
    });
  });

  test.each<[Category, readonly string[], readonly string[]]>([
    ['mail', ['off', 'limited', 'full'], ['limited', 'full']],
    ['calendar', ['off', 'limited', 'full'], ['full']],
    ['contacts', ['off', 'full'], ['full']],
    ['tasks', ['off', 'full'], []],
    ['files', ['off', 'full'], []],
  ])('%s: levels %j, shared at %j', (category, own, shared) => {
    const at = (isShared: boolean) =>
      SYNC_LEVELS.filter((sync) => isOffered(category, { sync, act: 'none', shared: isShared }));

    expect({ own: at(false), shared: at(true) }).toEqual({ own, shared });
    expect(SYNC_LEVELS.filter((sync) => canShare(category, sync))).toEqual(shared);
  });

  test.each(CATEGORIES)('nothing acts in %s', (category) => {
    expect(isOffered(category, { ...READ, act: 'send' })).toBe(false);
    expect(isOffered(category, { ...OFF, act: 'write' })).toBe(false);
  });
});

describe('a stored selection', () => {
  test('is lowered to what is offered now', () => {
    const stored = {
      ...EMPTY_SELECTION,
      mail: { sync: 'full', act: 'send', shared: true },
      tasks: READ_SHARED,
    } as const;

    expect(offeredOf(stored)).toEqual({ ...EMPTY_SELECTION, mail: READ_SHARED, tasks: READ });
  });

  test('of a version that knew fewer categories has the others off', () => {
    expect(offeredOf({ mail: READ })).toEqual({ ...EMPTY_SELECTION, mail: READ });
  });
});

test('a change replaces the categories that it names', () => {
  expect(withChanges({ ...EMPTY_SELECTION, mail: READ, files: READ }, { files: OFF, tasks: READ })).toEqual({
    ...EMPTY_SELECTION,
    mail: READ,
    tasks: READ,
  });
});

test('what is chosen is what reads or acts', () => {
  const acting: Level = { ...OFF, act: 'send' };

  expect(chosenIn({ ...EMPTY_SELECTION, mail: READ, calendar: acting })).toEqual({ mail: READ, calendar: acting });
  expect(chosenIn(EMPTY_SELECTION)).toEqual({});
});
