/** Databases for tests: the same suite on PGlite and, where one is to be had, on PostgreSQL. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../src/db/migrate.ts';
import { type Database, type DatabaseAddress, openDatabase } from '../../src/db/openDatabase.ts';

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

/** An open database with this version's schema. */
export async function openTestDatabase(engine: Database['engine']): Promise<Database> {
  const database = await openDatabase(await emptyDatabase(engine), () => undefined);
  await migrate(database);
  return database;
}
