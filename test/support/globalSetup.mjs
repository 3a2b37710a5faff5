/**
 * Starts a real PostgreSQL for the database tests where one is installed, and makes a folder for what worlds are copied
 * from.
 *
 * `TEST_DATABASE_URL` names a PostgreSQL that runs already. Without either the tests run on PGlite alone, and the
 * summary of `npm test` says so.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgresServer } from './postgresServer.mjs';

export default async function globalSetup() {
  process.env.TEST_TEMPLATES = mkdtempSync(join(tmpdir(), 'assent-templates-'));
  if ((process.env.TEST_DATABASE_URL ?? '') !== '') {
    return;
  }
  const server = await startPostgresServer();
  if (server !== null) {
    globalThis.assentPostgres = server;
    process.env.TEST_DATABASE_URL = server.url;
  }
}
