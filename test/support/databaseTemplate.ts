/**
 * An empty database, and one with this version's schema, made once a run of the tests and copied for every world: a folder
 * of PGlite's, or a template in PostgreSQL.
 */
import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/db/migrate.ts';
import { type DatabaseAddress, openDatabase } from '../../src/db/openDatabase.ts';
import { errorCode } from '../../src/domain/errorCode.ts';

/** Of the whole run, which makes and removes it (`globalSetup.mjs`). */
const FOLDER = process.env['TEST_TEMPLATES'] ?? '';

/** What a template has: nothing, or this version's schema. */
type Contents = 'empty' | 'schema';

/** `folder` comes into being. */
export async function copyTemplate(folder: string, contents: Contents): Promise<void> {
  // A thousand files: one call for all of them takes a third of the time of one for each.
  cpSync(await madeFolder(contents), folder, { recursive: true });
}

/** A folder of its own, until the run of the tests is over. */
export async function newFromTemplate(contents: Contents): Promise<string> {
  const folder = join(FOLDER, randomUUID());
  await copyTemplate(folder, contents);
  return folder;
}

async function madeFolder(contents: Contents): Promise<string> {
  const template = join(FOLDER, contents);
  if (!(await exists(template))) {
    const made = await mkdtemp(join(FOLDER, 'making-'));
    await make({ kind: 'pglite', folder: made }, contents);
    await rename(made, template).catch(async (error: unknown) => {
      // Another process of the run was faster.
      await rm(made, { recursive: true });
      if (!(await exists(template))) {
        throw error;
      }
    });
  }
  return template;
}

const TEMPLATE = 'test_template';
const DUPLICATE_DATABASE = '42P04';
const NO_SUCH_DATABASE = '3D000';

/** The address of a new database on `server`. */
export async function newPostgresFromTemplate(server: string): Promise<string> {
  const name = newDatabaseName();
  try {
    return await createPostgres(server, name, TEMPLATE);
  } catch (error) {
    if (errorCode(error) !== NO_SUCH_DATABASE) {
      throw error;
    }
  }
  await makePostgresTemplate(server);
  return createPostgres(server, name, TEMPLATE);
}

async function makePostgresTemplate(server: string): Promise<void> {
  const making = newDatabaseName();
  await make({ kind: 'postgres', url: await createPostgres(server, making) }, 'schema');
  await command(server, `alter database ${making} rename to ${TEMPLATE}`).catch((error: unknown) => {
    // Another process of the run was faster.
    if (errorCode(error) !== DUPLICATE_DATABASE) {
      throw error;
    }
  });
}

export function newDatabaseName(): string {
  return `test_${randomUUID().replaceAll('-', '')}`;
}

/** Makes a database, and answers its address. */
export async function createPostgres(server: string, name: string, template = 'template1'): Promise<string> {
  await command(server, `create database ${name} template ${template}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function command(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function make(address: DatabaseAddress, contents: Contents): Promise<void> {
  const database = await openDatabase(address, () => undefined);
  await (contents === 'schema' ? migrate(database) : Promise.resolve());
  await database.close();
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
