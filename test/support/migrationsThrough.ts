/** The schema as an earlier version had it. */
import type { Migration } from 'kysely/migration';
import { MIGRATIONS } from '../../src/db/migrate.ts';

/** The migrations up to one, by its name, and that one. */
export function migrationsThrough(last: string): Readonly<Record<string, Migration>> {
  return Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name <= last));
}
