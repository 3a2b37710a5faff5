/**
 * STO-20 PostgreSQL breaks off every connection, again and again, under load: no process ends, whoever asks is told 503,
 * and everything is there once when it is back.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { Agent, fetch } from 'undici';
import { openDatabase } from '../../src/db/openDatabase.ts';
import { openDatabaseKeyStore } from '../../src/db/keys/databaseKeyStore.ts';
import { goToMicrosoft, answer, MAIL } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, ROOT, type World } from '../support/createWorld.ts';
import { eventually } from '../support/eventually.ts';
import { ENGINES, newPostgres } from '../support/databases.ts';
import { type PostgresServer, startPostgresServer } from '../support/postgresServer.mjs';

const MESSAGES = 300;
const MASTER_KEYS = Buffer.from('a master key of thirty-two bytes').toString('base64');

const onPostgres = ENGINES.includes('postgres') ? describe : describe.skip;

onPostgres('STO-20', () => {
  let server: PostgresServer;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    const started = await startPostgresServer();
    if (started === null) {
      throw new Error('There is no PostgreSQL to start');
    }
    server = started;
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map(end));
    await server.stop();
  });

  test('a transaction, a question to the key store and idle connections that break end nothing but themselves', async () => {
    const broken: Error[] = [];
    const note = (error: Error) => broken.push(error);
    const database = await openDatabase({ kind: 'postgres', url: await newPostgres(server.url) }, note);
    const keys = await openDatabaseKeyStore(await newPostgres(server.url), note);
    const cut = () =>
      sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and application_name = 'assent'`.execute(
        database.kysely,
      );
    const inTransaction = database.kysely.transaction().execute(async (tx) => {
      await cut();
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx);
    });

    await expect(inTransaction).rejects.toMatchObject({ code: 'storage_unavailable' });
    await server.restart();
    await until(async () => (await sql`select 1`.execute(database.kysely)).rows.length === 1);
    await until(async () => (await keys.ledger()).length === 0);
    expect(broken.length).toBeGreaterThan(0);
    await database.close();
    await keys.close();
  });

  test('restarts in the middle of a first sync: processes stay, callers are told, nothing is lost or doubled', async () => {
    const databases = {
      DATABASE_URL: await newPostgres(server.url),
      KEYS_DATABASE_URL: await newPostgres(server.url),
      MASTER_KEYS,
    };
    const world = await createWorld({ messages: MESSAGES, events: 0, contacts: 0, startWorker: false, env: databases });
    await world.as(PEOPLE.mara, 'GET', '/api/session');
    const begun = await world.as(PEOPLE.mara, 'POST', '/api/me/consents', { selection: MAIL });
    await answer(world, await goToMicrosoft(world, begun), ['accept']);
    await world.control('POST', '/faults', [
      { match: { path: '/messages/delta' }, times: 200, action: 'delay', delayMilliseconds: 150 },
    ]);
    const worker = start(world, 'worker', {});
    const port = 20_000 + (process.pid % 20_000);
    // A certificate of its own: the other one is the sandbox's too.
    const web = start(world, 'web', { PORT: String(port), DATA_DIR: join(world.env['DATA_DIR'] ?? '', 'web') });
    const agent = new Agent({ connect: { rejectUnauthorized: false } });
    const ask = async (path: string, headers: Record<string, string> = {}) =>
      (await fetch(`https://localhost:${port}${path}`, { dispatcher: agent, headers })).status;
    await until(async () => (await ask('/readyz')) === 200);
    const statuses = new Set<number>();
    const asking = { goesOn: true };
    const people = [PEOPLE.mara, PEOPLE.tom, PEOPLE.ines, PEOPLE.owen];
    // Whoever has never opened Assent is refused for that, whatever the database does.
    await Promise.all(people.map((upn) => world.as(upn, 'GET', '/api/session')));
    const load = people.map(async (upn) => {
      const headers = { authorization: `Bearer ${await world.token(upn)}` };
      while (asking.goesOn) {
        statuses.add(await ask('/api/me/sync', headers));
        await pause();
      }
    });
    await until(async () => (await count(world)) > 0);
    await server.restart(() => eventually(() => Promise.resolve(statuses.has(503))));
    await server.restart();
    await until(async () => (await ask('/readyz')) === 200);
    await world.control('DELETE', '/faults');
    await until(async () => {
      // A lease lasts a minute, which need not pass here.
      await sql`update mailboxes set lease_until = lease_until - interval '2 minutes'`.execute(db(world));
      return (await count(world)) === MESSAGES;
    });
    asking.goesOn = false;
    await Promise.all(load);
    const { rows } = await sql<{ entries: number }>`
      select count(*)::int as entries from outbox where kind = 'upserted'
    `.execute(db(world));
    await agent.close();
    await world.close();

    expect({ worker: worker.exitCode, web: web.exitCode }).toEqual({ worker: null, web: null });
    expect(statuses).toEqual(new Set([200, 503]));
    expect(rows[0]?.entries).toBe(MESSAGES);
  });

  function start(world: World, command: 'web' | 'worker', env: Record<string, string>): ChildProcess {
    const child = spawn(process.execPath, [join(ROOT, 'src', 'main.ts'), command], {
      env: { PATH: process.env['PATH'] ?? '', ...world.env, LOG_LEVEL: 'silent', ...env },
      stdio: 'ignore',
    });
    children.push(child);
    return child;
  }
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
}

/** A database that is away is what is being waited for. */
function until(isSo: () => Promise<boolean>): Promise<void> {
  return eventually(() => isSo().catch(() => false));
}

/** So that no one asks more often than one person may. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 250);
  });
}

async function count(world: World): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from items`.execute(db(world));
  return Number(rows[0]?.count);
}

function db(world: World) {
  return world.product.database.kysely;
}
