/** Databases for tests: the same suite on PGlite and, where one is to be had, on PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import pg from 'pg';
import { migrate } from '../../src/db/migrate.ts';
import { type Database, type DatabaseAddress, openDatabase } from '../../src/db/openDatabase.ts';
import { newFromTemplate } from './databaseTemplate.ts';

const SERVER = process.env['TEST_DATABASE_URL'] ?? '';

/** The engines on which a database suite runs here. */
export const ENGINES: readonly Database['engine'][] = SERVER === '' ? ['pglite'] : ['pglite', 'postgres'];

/** The address of an empty database. */
export async function emptyDatabase(engine: Database['engine']): Promise<DatabaseAddress> {
  return engine === 'pglite' ? { kind: 'pglite', folder: null } : { kind: 'postgres', url: await newPostgres() };
}

export async function newPostgres(server = SERVER): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** An open database with this version's schema; one that is embedded is a copy, which is quicker than making it anew. */
export async function openTestDatabase(engine: Database['engine']): Promise<Database> {
  const folder = engine === 'pglite' ? await newFromTemplate() : null;
  const database = await openDatabase(
    folder === null ? await emptyDatabase(engine) : { kind: 'pglite', folder },
    () => undefined,
  );
  await migrate(database);
  const close = async () => {
    await database.close();
    await (folder === null ? undefined : rm(folder, { recursive: true }));
  };
  return { ...database, close };
}
