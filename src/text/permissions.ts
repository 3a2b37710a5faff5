/** What each permission means, for the person who reads it before Microsoft's own dialog. */
import type { Permission, PermissionValue } from '../domain/permissionCatalog.ts';
import en from './en/permissions.json' with { type: 'json' };

const DELEGATED: Readonly<Record<PermissionValue<'delegated'>, string>> = en.delegated;
const APPLICATION: Readonly<Record<PermissionValue<'application'>, string>> = en.application;

const MEANINGS: Readonly<Record<Permission['type'], ReadonlyMap<string, string>>> = {
  delegated: new Map(Object.entries(DELEGATED)),
  application: new Map(Object.entries(APPLICATION)),
};

export function meaningOf({ type, value }: Pick<Permission, 'type' | 'value'>): string {
  return MEANINGS[type].get(value) ?? '';
}
