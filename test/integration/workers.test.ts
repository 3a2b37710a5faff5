/** Several workers on one PostgreSQL share the work, and what one of them held when it was killed is done by another. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { OFF } from '../../src/domain/levels.ts';
import { press, visit } from '../support/browserConsent.ts';
import { createWorld, PEOPLE, readField, ROOT, type World } from '../support/createWorld.ts';
import { ENGINES } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';

const MESSAGES = 200;
const MEMBERS = [PEOPLE.mara, PEOPLE.owen, PEOPLE.tom, PEOPLE.ines];
const MAIL = { ...EMPTY_SELECTION, mail: { ...OFF, sync: 'full' } } as const;

let world: World;
const workers: ChildProcess[] = [];

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => kill(worker)));
  await world.close();
});

const onPostgres = ENGINES.includes('postgres') ? test : test.skip;

onPostgres(
  'STO-16 a worker is killed in the middle: another does what it held, and everything is there once',
  async () => {
    world = await createWorld({ engine: 'postgres', messages: MESSAGES, events: 0, contacts: 0, startWorker: false });
    for (const upn of MEMBERS) {
      await world.as(upn, 'GET', '/api/session');
      const { body } = await world.as(upn, 'POST', '/api/me/consents', { selection: MAIL });
      await press(world, await visit(world, new URL(readField(body, 'startUrl')).pathname), 'answer', 'accept');
    }
    await world.control('POST', '/faults', [
      { match: { path: '/messages/delta' }, times: 200, action: 'delay', delayMilliseconds: 200 },
    ]);
    const first = startWorker();
    await eventually(async () => (await count()) > 0, state);
    startWorker();
    await kill(first);
    const orphaned = await held();
    const soFar = await count();
    await world.control('DELETE', '/faults');
    // A lease lasts a minute, which need not pass here.
    await sql`update mailboxes set lease_until = lease_until - interval '2 minutes' where lease_owner is not null`.execute(
      db(),
    );
    await eventually(async () => (await count()) === MESSAGES * MEMBERS.length && (await held()).length === 0, state);
    const { rows } = await sql<{ entries: number; gaps: number }>`
    select count(*) filter (where kind = 'upserted')::int as entries, (max(sequence) - count(*))::int as gaps from outbox
  `.execute(db());

    expect(orphaned).toHaveLength(1);
    expect(soFar).toBeLessThan(MESSAGES * MEMBERS.length);
    expect(rows[0]).toEqual({ entries: MESSAGES * MEMBERS.length, gaps: 0 });
  },
);

function startWorker(): ChildProcess {
  const worker = spawn(process.execPath, [join(ROOT, 'src', 'main.ts'), 'worker'], {
    env: { PATH: process.env['PATH'] ?? '', ...world.env, LOG_LEVEL: 'error' },
    stdio: 'ignore',
  });
  workers.push(worker);
  return worker;
}

async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode === null && worker.signalCode === null) {
    const gone = new Promise((resolve) => {
      worker.once('exit', resolve);
    });
    worker.kill('SIGKILL');
    await gone;
  }
}

async function state(): Promise<string> {
  return `${await count()} items, held by ${(await held()).join(', ')}`;
}

async function count(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from items`.execute(db());
  return Number(rows[0]?.count);
}

/** Who holds mailboxes now. */
async function held(): Promise<readonly string[]> {
  const { rows } = await sql<{ lease_owner: string }>`
    select distinct lease_owner from mailboxes where lease_owner is not null
  `.execute(db());
  return rows.map((row) => row.lease_owner);
}

function db() {
  return world.product.database.kysely;
}
