/**
 * Which permissions a level needs, and which level a grant allows.
 *
 * Errors  None: an unknown name is simply not in the catalog (`findPermission` answers `undefined`).
 */
import { type Permission, PERMISSIONS } from './permissionCatalog.ts';
import { type Category, CATEGORIES, type Level, LEVELS_OF, type Selection } from './selection.ts';

/** Asked for in every sign-in and every consent: who the person is, and access while they are away. */
export const IDENTITY_SCOPES = ['openid', 'profile', 'offline_access', 'User.Read'] as const;

/** Permissions that contain another one in function, though not by name. */
const CONTAINED_IN: Readonly<Record<string, readonly string[]>> = {
  'Mail.ReadBasic': ['Mail.Read', 'Mail.ReadWrite'],
  'Mail.Read': ['Mail.ReadWrite'],
  'Mail.ReadBasic.Shared': ['Mail.Read.Shared', 'Mail.ReadWrite.Shared'],
  'Mail.Read.Shared': ['Mail.ReadWrite.Shared'],
  'Calendars.ReadBasic': ['Calendars.Read', 'Calendars.ReadWrite'],
  'Calendars.Read': ['Calendars.ReadWrite'],
  'Contacts.Read': ['Contacts.ReadWrite'],
  'Contacts.Read.Shared': ['Contacts.ReadWrite.Shared'],
  'Tasks.Read': ['Tasks.ReadWrite'],
  'Files.Read': ['Files.ReadWrite', 'Files.Read.All', 'Files.ReadWrite.All'],
};

export function findPermission(value: string, type: Permission['type'] = 'delegated'): Permission | undefined {
  return PERMISSIONS.find(
    (permission) => permission.type === type && permission.value.toLowerCase() === value.toLowerCase(),
  );
}

/** Everything that the second registration holds: consent to it is to the whole list, whatever is selected. */
export const SERVICE_ROLES: readonly string[] = PERMISSIONS.filter(({ type }) => type === 'application').map(
  ({ value }) => value,
);

/** What an administrator is asked for at the moment of reading how Microsoft has the application. */
export const CHECK_SCOPES: readonly string[] = ['Application.Read.All', 'Policy.Read.All'];

/** What an administrator is asked for at the moment of changing a grant, and what is given back after it. */
export const MANAGE_SCOPES: readonly string[] = ['Application.Read.All', 'DelegatedPermissionGrant.ReadWrite.All'];

/** The Graph permissions that one category at one level needs, narrowest first. */
export function scopesForLevel(category: Category, level: Level): readonly string[] {
  switch (category) {
    case 'mail':
      return [
        ...(level.sync === 'limited' ? ['Mail.ReadBasic'] : []),
        ...(level.sync === 'full' ? ['Mail.Read'] : []),
        ...(level.shared && level.sync === 'limited' ? ['Mail.ReadBasic.Shared'] : []),
        ...(level.shared && level.sync === 'full' ? ['Mail.Read.Shared'] : []),
        ...(level.act === 'none' ? [] : ['Mail.Send']),
        ...(level.shared && level.act !== 'none' ? ['Mail.Send.Shared'] : []),
      ];
    case 'calendar':
      return [
        ...(level.sync === 'limited' ? ['Calendars.ReadBasic'] : []),
        ...(level.sync === 'full' ? ['Calendars.Read'] : []),
        ...(level.shared ? ['Calendars.Read.Shared'] : []),
      ];
    case 'contacts':
      return level.sync === 'off' ? [] : ['Contacts.Read', ...(level.shared ? ['Contacts.Read.Shared'] : [])];
    case 'tasks':
      return level.sync === 'off' ? [] : ['Tasks.Read'];
    case 'files':
      return level.sync === 'off' ? [] : ['Files.Read'];
  }
}

/** The Graph permissions that a whole selection needs, without the identity scopes. */
export function scopesForSelection(selection: Selection): readonly string[] {
  return CATEGORIES.flatMap((category) => scopesForLevel(category, selection[category]));
}

/** Whether `granted` allows what `scope` allows, by name or by a permission that contains it. */
export function covers(granted: readonly string[], scope: string): boolean {
  const accepted = [scope, ...(CONTAINED_IN[scope] ?? [])].map((name) => name.toLowerCase());
  return granted.some((name) => accepted.includes(name.toLowerCase()));
}

/** Those of `wanted` that `granted` does not allow. */
export function missingScopes(granted: readonly string[], wanted: readonly string[]): readonly string[] {
  return wanted.filter((scope) => !covers(granted, scope));
}

/** The highest level at or below `wanted` that the granted permissions allow. */
export function levelWithin(category: Category, wanted: Level, granted: readonly string[]): Level {
  const allowed = (level: Level) => missingScopes(granted, scopesForLevel(category, level)).length === 0;
  const act = allowed({ sync: 'off', act: wanted.act, shared: false }) ? wanted.act : 'none';
  const candidates = LEVELS_OF[category]
    .filter((level) => wanted.sync === 'full' || level === wanted.sync)
    .toReversed();
  const sync = candidates.find((level) => allowed({ sync: level, act: 'none', shared: false })) ?? 'off';
  return { sync, act, shared: wanted.shared && allowed({ sync, act, shared: true }) };
}

/** Permissions in `granted` that belong to `category` and that `level` has no use for. */
export function beyondLevel(category: Category, level: Level, granted: readonly string[]): readonly string[] {
  const needed = new Set(scopesForLevel(category, level).map((scope) => scope.toLowerCase()));
  const prefix = CATEGORY_PREFIX[category];
  return granted.filter((scope) => scope.startsWith(prefix) && !needed.has(scope.toLowerCase()));
}

/** Whether a permission is about the content of some category, and not about signing in or the directory. */
export function isSynced(scope: string): boolean {
  return CATEGORIES.some((category) => scope.startsWith(CATEGORY_PREFIX[category]));
}

const CATEGORY_PREFIX: Readonly<Record<Category, string>> = {
  mail: 'Mail.',
  calendar: 'Calendars.',
  contacts: 'Contacts.',
  tasks: 'Tasks.',
  files: 'Files.',
};
