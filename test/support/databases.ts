/** Databases for tests: the same suite on PGlite and, where one is to be had, on PostgreSQL. */
import { rm } from 'node:fs/promises';
import { type Database, type DatabaseAddress, openDatabase } from '../../src/db/openDatabase.ts';
import { createPostgres, newDatabaseName, newFromTemplate, newPostgresFromTemplate } from './databaseTemplate.ts';

const SERVER = process.env['TEST_DATABASE_URL'] ?? '';

/** The engines on which a database suite runs here. */
export const ENGINES: readonly Database['engine'][] = SERVER === '' ? ['pglite'] : ['pglite', 'postgres'];

/**
 * For suites that are about something else than the engine: PostgreSQL where there is one, since it takes a third of the
 * processor time that PGlite takes.
 */
export const QUICKEST_ENGINE: Database['engine'] = SERVER === '' ? 'pglite' : 'postgres';

/** The address of an empty database. */
export async function emptyDatabase(engine: Database['engine']): Promise<DatabaseAddress> {
  return engine === 'pglite'
    ? { kind: 'pglite', folder: await newFromTemplate('empty') }
    : { kind: 'postgres', url: await newPostgres() };
}

export function newPostgres(server = SERVER): Promise<string> {
  return createPostgres(server, newDatabaseName());
}

/** The address of a database with this version's schema, a copy of the run's template. */
export async function migratedPostgres(): Promise<string> {
  return newPostgresFromTemplate(SERVER);
}

/** An open database with this version's schema: a copy of the run's template, which is faster than creating it. */
export async function openTestDatabase(engine: Database['engine'] = QUICKEST_ENGINE): Promise<Database> {
  const folder = engine === 'pglite' ? await newFromTemplate('schema') : null;
  const database = await openDatabase(
    folder === null ? { kind: 'postgres', url: await migratedPostgres() } : { kind: 'pglite', folder },
    () => undefined,
  );
  const close = async () => {
    await database.close();
    await (folder === null ? undefined : rm(folder, { recursive: true }));
  };
  return { ...database, close };
}
