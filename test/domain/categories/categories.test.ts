/** What Microsoft's pages say of each category, beside what its definition says. */
import { describe, expect, test } from '@jest/globals';
import { byCategory, CATEGORIES, type Category, definitionOf } from '../../../src/domain/categories/categories.ts';
import { CONTAINER_LIST, DEFAULT_CONTACTS, DRIVE_ROOT } from '../../../src/domain/containers.ts';
import { SYNC_LEVELS } from '../../../src/domain/levels.ts';
import { OFFICIAL_PERMISSIONS } from '../../support/facts/permissions.ts';

const DELEGATED = OFFICIAL_PERMISSIONS.filter(([type]) => type === 'delegated').map(([, value]) => value);

test('there are five, in the order in which screens show them', () => {
  expect(CATEGORIES).toEqual(['mail', 'calendar', 'contacts', 'tasks', 'files']);
});

test('a value is made for each of them', () => {
  expect(byCategory((category) => category.length)).toEqual({ mail: 4, calendar: 8, contacts: 8, tasks: 5, files: 5 });
});

describe.each(CATEGORIES)('%s', (category) => {
  const { levels, permissions, sharing, proposedLevel, subscription } = definitionOf(category);

  test('has levels, lowest first, each with a permission of its own that Microsoft has', () => {
    const read = levels.map((level) => permissions.read[level] ?? '');

    expect(levels).toEqual(SYNC_LEVELS.filter((level) => levels.some((each) => each === level)));
    expect(read.filter((scope) => !DELEGATED.includes(scope))).toEqual([]);
    expect(new Set(read).size).toBe(levels.length);
    expect(Object.keys(permissions.read)).toEqual(levels);
  });

  test('names its permissions by its prefix, also those that contain another', () => {
    const named = [
      ...Object.values(permissions.read),
      ...Object.values(permissions.act ?? {}),
      ...Object.values(sharing?.permissions ?? {}),
      ...Object.entries(permissions.containedIn).flatMap(([scope, wider]) => [scope, ...wider]),
    ];

    expect(named.filter((scope) => !scope.startsWith(permissions.prefix))).toEqual([]);
  });

  test('contains no permission in a narrower one', () => {
    const circles = Object.entries(permissions.containedIn).flatMap(([scope, wider]) =>
      wider.filter((each) => permissions.containedIn[each]?.includes(scope) ?? false),
    );

    expect(circles).toEqual([]);
  });

  test('proposes a level that it has, or none', () => {
    expect(['off', ...levels]).toContain(proposedLevel);
  });

  test('shares, and notifies, at levels that it has', () => {
    const others = [...(sharing?.levels ?? []), ...(subscription?.levels ?? [])];

    expect(others.filter((level) => !levels.includes(level))).toEqual([]);
  });
});

/** By trait, the categories that have it, as Microsoft's pages have them. */
const TRAITS: readonly (readonly [string, (category: Category) => boolean, readonly Category[]])[] = [
  // "Create subscription", its table of permissions: tasks want one to write, and drives too.
  ['tell of changes', (category) => definitionOf(category).subscription !== null, ['mail', 'calendar', 'contacts']],
  // "todoTaskList: delta" wants a permission to write; calendars have no delta of themselves.
  ['list containers by delta', (category) => definitionOf(category).containers === 'delta', ['mail', 'contacts']],
  ['list containers whole', (category) => definitionOf(category).containers === 'list', ['calendar', 'tasks']],
  ['are read in a window of time', (category) => definitionOf(category).reading === 'window', ['calendar']],
  ['live outside of the mailbox', (category) => definitionOf(category).location === 'drive', ['files']],
  // "Role based access control for applications in Exchange Online", its table of roles.
  [
    'can be limited by a role of Exchange',
    (category) => definitionOf(category).hasExchangeRole,
    ['mail', 'calendar', 'contacts'],
  ],
  ['have folders that Graph names', (category) => definitionOf(category).hasWellKnownFolders, ['mail']],
  ['are what people are known by', (category) => definitionOf(category).isContactSource, ['contacts']],
  ['have people and times that rules look at', (category) => definitionOf(category).isFiltered, ['mail', 'calendar']],
  ['are shared in the own list', (category) => definitionOf(category).sharing?.found === 'inOwnList', ['calendar']],
  ['are shared by mailbox', (category) => definitionOf(category).sharing?.found === 'byAddress', ['mail', 'contacts']],
  ['can be sent', (category) => definitionOf(category).permissions.act !== null, ['mail']],
];

test.each(TRAITS)('those that %s', (_trait, has, categories) => {
  expect(CATEGORIES.filter(has)).toEqual(categories);
});

test('what every mailbox or drive has is read without being listed', () => {
  expect(byCategory((category) => definitionOf(category).fixedContainers)).toEqual({
    mail: [CONTAINER_LIST],
    calendar: [CONTAINER_LIST],
    contacts: [CONTAINER_LIST, DEFAULT_CONTACTS],
    tasks: [CONTAINER_LIST],
    files: [DRIVE_ROOT],
  });
});

test('subscriptions are to what Graph names below a mailbox, for less than the seven days that it allows', () => {
  expect(CATEGORIES.flatMap((category) => definitionOf(category).subscription ?? [])).toEqual([
    { resource: 'messages', levels: ['limited', 'full'], lifeDays: 6 },
    // Calendars.ReadBasic allows none.
    { resource: 'events', levels: ['full'], lifeDays: 6 },
    { resource: 'contacts', levels: ['full'], lifeDays: 6 },
  ]);
});
