/**
 * Which permissions a level needs, and which level a grant allows.
 *
 * Errors  None: an unknown name is simply not in the catalog (`findPermission` answers `undefined`).
 */
import { type Permission, PERMISSIONS } from './permissionCatalog.ts';
import type { Selection } from './selection.ts';
import type { Level } from './levels.ts';
import { CATEGORIES, type Category, definitionOf } from './categories/categories.ts';

/** Asked for in every sign-in and every consent: who the person is, and access while they are away. */
export const IDENTITY_SCOPES = ['openid', 'profile', 'offline_access', 'User.Read'] as const;

/** Permissions that contain another one in function, though not by name. */
const CONTAINED_IN: ReadonlyMap<string, readonly string[]> = new Map(
  CATEGORIES.flatMap((category) => Object.entries(definitionOf(category).permissions.containedIn)),
);

export function findPermission(value: string, type: Permission['type'] = 'delegated'): Permission | undefined {
  return PERMISSIONS.find(
    (permission) => permission.type === type && permission.value.toLowerCase() === value.toLowerCase(),
  );
}

/** Everything that the second registration holds: consent to it is to the whole list, whatever is selected. */
export const SERVICE_ROLES: readonly string[] = PERMISSIONS.filter(({ type }) => type === 'application').map(
  ({ value }) => value,
);

/** What an admin is asked for at the moment of reading how Microsoft has the application. */
export const CHECK_SCOPES: readonly string[] = ['Application.Read.All', 'Policy.Read.All'];

/** What an admin is asked for at the moment of changing a grant, and what is given back after it. */
export const MANAGE_SCOPES: readonly string[] = ['Application.Read.All', 'DelegatedPermissionGrant.ReadWrite.All'];

/** The Graph permissions that one category at one level needs, narrowest first. */
export function scopesForLevel(category: Category, { sync, act, shared }: Level): readonly string[] {
  const { permissions, sharing } = definitionOf(category);
  const read = sync === 'off' ? [] : [permissions.read[sync], shared ? sharing?.permissions[sync] : undefined];
  const acting = act === 'none' ? [] : [permissions.act?.own, shared ? permissions.act?.shared : undefined];
  return [...read, ...acting].filter((scope) => scope !== undefined);
}

/** The Graph permissions that a whole selection needs, without the identity scopes. */
export function scopesForSelection(selection: Selection): readonly string[] {
  return CATEGORIES.flatMap((category) => scopesForLevel(category, selection[category]));
}

/** Whether `granted` allows what `scope` allows, by name or by a permission that contains it. */
export function includesScope(granted: readonly string[], scope: string): boolean {
  const accepted = [scope, ...(CONTAINED_IN.get(scope) ?? [])].map((name) => name.toLowerCase());
  return granted.some((name) => accepted.includes(name.toLowerCase()));
}

/** Those of `wanted` that `granted` does not allow. */
export function missingScopes(granted: readonly string[], wanted: readonly string[]): readonly string[] {
  return wanted.filter((scope) => !includesScope(granted, scope));
}

/** The highest level at or below `wanted` that the granted permissions allow. */
export function highestAllowedLevel(category: Category, wanted: Level, granted: readonly string[]): Level {
  const allowed = (level: Level) => missingScopes(granted, scopesForLevel(category, level)).length === 0;
  const act = allowed({ sync: 'off', act: wanted.act, shared: false }) ? wanted.act : 'none';
  const candidates = definitionOf(category)
    .levels.filter((level) => wanted.sync === 'full' || level === wanted.sync)
    .toReversed();
  const sync = candidates.find((level) => allowed({ sync: level, act: 'none', shared: false })) ?? 'off';
  return { sync, act, shared: wanted.shared && allowed({ sync, act, shared: true }) };
}

/** Permissions in `granted` that belong to `category` and that `level` has no use for. */
export function excessScopes(category: Category, level: Level, granted: readonly string[]): readonly string[] {
  const needed = new Set(scopesForLevel(category, level).map((scope) => scope.toLowerCase()));
  const { prefix } = definitionOf(category).permissions;
  return granted.filter((scope) => scope.startsWith(prefix) && !needed.has(scope.toLowerCase()));
}

/** Whether a permission is about the content of some category, and not about signing in or the directory. */
export function isSynced(scope: string): boolean {
  return CATEGORIES.some((category) => scope.startsWith(definitionOf(category).permissions.prefix));
}
