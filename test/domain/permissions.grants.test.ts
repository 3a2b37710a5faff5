/** What is granted beside what is needed: found by name, contained in another, too much, or not about content at all. */
import { describe, expect, test } from '@jest/globals';
import {
  CHECK_SCOPES,
  excessScopes,
  findPermission,
  highestAllowedLevel,
  IDENTITY_SCOPES,
  includesScope,
  isSynced,
  MANAGE_SCOPES,
  missingScopes,
  scopesForLevel,
  scopesForSelection,
  SERVICE_ROLES,
} from '../../src/domain/permissions.ts';
import { CATEGORIES } from '../../src/domain/categories/categories.ts';
import type { Level } from '../../src/domain/levels.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';

const level = (sync: Level['sync'], act: Level['act'] = 'none', shared = false): Level => ({ sync, act, shared });

describe('a permission', () => {
  test('is found by its name in any case, among those of its type', () => {
    expect(findPermission('mail.READ')).toMatchObject({ type: 'delegated', value: 'Mail.Read' });
    expect(findPermission('Mail.Read', 'application')).toMatchObject({ type: 'application', value: 'Mail.Read' });
    expect(findPermission('User.Read', 'application')).toBeUndefined();
    expect(findPermission('Mail.ReadBasic.All', 'delegated')).toBeUndefined();
    expect(findPermission('Mail.Everything')).toBeUndefined();
  });

  test.each([...CHECK_SCOPES, ...MANAGE_SCOPES, ...IDENTITY_SCOPES.filter((scope) => scope.includes('.'))])(
    'that is asked for at its moment is one of the catalog: %s',
    (scope) => {
      expect(findPermission(scope)?.value).toBe(scope);
    },
  );
});

test('every sign-in asks who it is, and for access while they are away', () => {
  expect(IDENTITY_SCOPES).toEqual(['openid', 'profile', 'offline_access', 'User.Read']);
});

test('an admin is asked for as little as reading the application needs, and for more only to change a grant', () => {
  expect(CHECK_SCOPES).toEqual(['Application.Read.All', 'Policy.Read.All']);
  expect(MANAGE_SCOPES).toEqual(['Application.Read.All', 'DelegatedPermissionGrant.ReadWrite.All']);
});

test('the second registration holds permissions of applications, of which every category that it reads has one', () => {
  expect(SERVICE_ROLES.filter((role) => findPermission(role, 'application') === undefined)).toEqual([]);
  expect(CATEGORIES.filter((category) => SERVICE_ROLES.some((role) => role.startsWith(PREFIX[category])))).toEqual(
    CATEGORIES,
  );
});

const PREFIX = {
  mail: 'Mail.',
  calendar: 'Calendars.',
  contacts: 'Contacts.',
  tasks: 'Tasks.',
  files: 'Files.',
} as const;

test('a selection needs what each of its categories needs, in their order', () => {
  const selection = {
    ...EMPTY_SELECTION,
    files: level('full'),
    mail: level('limited'),
    calendar: level('full', 'none', true),
  };

  expect(scopesForSelection(selection)).toEqual([
    'Mail.ReadBasic',
    'Calendars.Read',
    'Calendars.Read.Shared',
    'Files.Read',
  ]);
});

test('where nothing can be shared, sharing needs nothing', () => {
  expect(scopesForLevel('files', level('full', 'none', true))).toEqual(['Files.Read']);
  expect(scopesForLevel('files', level('off', 'none', true))).toEqual([]);
});

test('what is shared is not asked for by what is not read', () => {
  expect(scopesForLevel('mail', level('off', 'none', true))).toEqual([]);
});

describe('a wider permission', () => {
  test.each([
    ['Mail.ReadBasic', ['Mail.Read'], true],
    ['Mail.ReadBasic', ['MAIL.READWRITE'], true],
    ['Mail.Read', ['Mail.ReadBasic'], false],
    ['Calendars.Read', ['Calendars.ReadWrite'], true],
    ['Contacts.Read', ['Contacts.ReadWrite'], true],
    ['Tasks.Read', ['Tasks.ReadWrite'], true],
    ['Files.Read', ['Files.ReadWrite'], true],
    ['Mail.Send', ['Mail.ReadWrite'], false],
    ['User.Read', ['user.read'], true],
    ['User.Read', [], false],
  ] as const)('for %s, %j is enough: %s', (scope, granted, isEnough) => {
    expect(includesScope(granted, scope)).toBe(isEnough);
    expect(missingScopes(granted, [scope])).toEqual(isEnough ? [] : [scope]);
  });
});

describe('the most that a grant allows', () => {
  test.each([
    // Headers alone were chosen, so more is not read however much was granted.
    [level('limited'), ['Mail.Read'], level('limited')],
    [level('limited'), ['Mail.ReadBasic'], level('limited')],
    [level('full'), ['Mail.ReadBasic'], level('limited')],
    [level('full'), ['Mail.Read'], level('full')],
    [level('full', 'send'), ['Mail.Send'], level('off', 'send')],
    [level('full', 'send'), ['Mail.Read'], level('full')],
    [level('full', 'none', true), ['Mail.Read'], level('full')],
    [level('off'), ['Mail.Read'], level('off')],
  ] as const)('of %j, with %j, is %j', (wanted, granted, allowed) => {
    expect(highestAllowedLevel('mail', wanted, granted)).toEqual(allowed);
  });
});

describe('more than is needed', () => {
  test.each([
    [level('limited'), ['Mail.Read', 'Mail.ReadBasic'], ['Mail.Read']],
    [level('full'), ['mail.read', 'Mail.Send', 'User.Read', 'Calendars.Read'], ['Mail.Send']],
    [level('full', 'send'), ['Mail.Read', 'Mail.Send'], []],
    [level('off'), ['Mail.Read', 'MailboxSettings.Read'], ['Mail.Read']],
  ] as const)('at %j, of %j, is %j', (chosen, granted, excess) => {
    expect(excessScopes('mail', chosen, granted)).toEqual(excess);
  });
});

test.each([
  ['Mail.Read', true],
  ['Calendars.ReadBasic', true],
  ['Files.ReadWrite', true],
  ['User.Read', false],
  ['offline_access', false],
  ['Directory.Read.Mail.', false],
])('%s is about content: %s', (scope, isContent) => {
  expect(isSynced(scope)).toBe(isContent);
});
