/**
 * Starts a real PostgreSQL for the database tests where one is installed.
 *
 * `TEST_DATABASE_URL` names one that runs already. Without either the tests run on PGlite alone, and the
 * summary of `npm test` says so.
 */
import { startPostgresServer } from './postgresServer.mjs';

export default async function globalSetup() {
  if ((process.env.TEST_DATABASE_URL ?? '') !== '') {
    return;
  }
  const server = await startPostgresServer();
  if (server !== null) {
    globalThis.assentPostgres = server;
    process.env.TEST_DATABASE_URL = server.url;
  }
}
