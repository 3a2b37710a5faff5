/** The example receiver, killed whenever it has taken something: in the end it has what Assent has. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { findFreePort } from '../../src/server/exampleReceiver.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { callWithKey, makeKey, withKey } from '../support/apiKey.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { eventually } from '../support/eventually.ts';
import { READ, readList, turnOn } from '../support/grantConsent.ts';

const RECEIVER = resolve(import.meta.dirname, '../../examples/receiver');
const OFF = { sync: 'off', act: 'none', shared: false } as const;
const KILLS = 8;

let world: World;
let folder: string;
let key: string;
let running: ChildProcess | null;
let webhookPort: number;

beforeEach(async () => {
  webhookPort = await findFreePort(41_000);
  world = await createWorld({
    messages: 30,
    events: 6,
    env: { WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${webhookPort}` },
  });
  folder = await mkdtemp(join(tmpdir(), 'assent-receiver-'));
  key = await makeKey(world, { scopes: ['read:changes', 'read:items', 'read:organizations', 'webhooks'] });
  running = null;
});
afterEach(async () => {
  await stop();
  await world.close();
  await rm(folder, { recursive: true });
});

function start(file = 'receiver.mjs', port = 0, more: Readonly<Record<string, string>> = {}): void {
  const store = join(folder, 'store.sqlite');
  const env = {
    ASSENT_URL: world.origin,
    ASSENT_KEY: key,
    STORE: store,
    NODE_EXTRA_CA_CERTS: world.env['TRUSTED_CA_FILE'],
    PORT: String(port),
    ...more,
  };
  running = spawn(process.execPath, [join(RECEIVER, file)], { env, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Whatever it is doing. */
async function stop(): Promise<void> {
  if (running !== null && running.exitCode === null && running.signalCode === null) {
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  }
}

/** What it has, as it stands in its file, in one order. */
function received(): readonly string[] {
  const file = join(folder, 'store.sqlite');
  if (!existsSync(file)) {
    return [];
  }
  const store = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
  try {
    const isMade = store.prepare("select 1 from sqlite_master where name = 'items'").get() !== undefined;
    const rows = isMade ? store.prepare('select item from items').all() : [];
    return rows.map(({ item }) => String(item)).toSorted();
  } finally {
    store.close();
  }
}

/** What Assent has of everyone, in the same form. */
async function stored(): Promise<readonly string[]> {
  const { rows } = await sql<{ member_id: string; tenant_id: string }>`
    select distinct tenant_id, member_id from items
  `.execute(world.product.database.kysely);
  const pages = await Promise.all(
    rows.map(async ({ tenant_id, member_id }) => {
      const path = `/v1/organizations/${tenant_id}/members/${member_id}/items?limit=1000`;
      return readList((await withKey(world, key, path)).body, 'items');
    }),
  );
  return pages
    .flat()
    .map((item) => JSON.stringify(item))
    .toSorted();
}

async function bothHaveTheSame(): Promise<void> {
  const isSo = async () => JSON.stringify(received()) === JSON.stringify(await stored());
  await eventually(isSo, async () => `${received().length} received, ${(await stored()).length} stored`);
}

async function deliver(subject: string): Promise<void> {
  await world.control('POST', '/messages', { to: PEOPLE.mara, eml: `Subject: ${subject}\r\n\r\nHello.\r\n` });
  await world.nextRound();
}

test('killed eight times while mail arrives and goes, it has in the end what Assent has', async () => {
  await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ, calendar: READ });
  for (let kill = 0; kill < KILLS; kill += 1) {
    start();
    const before = received().length;
    await deliver(`Number ${kill}`);
    await eventually(() => Promise.resolve(received().length > before));
    await stop();
    await deliver(`Missed ${kill}`);
  }
  await turnOn(world, PEOPLE.priya, { ...EMPTY_SELECTION, contacts: READ });
  start();
  await bothHaveTheSame();

  expect(received().length).toBeGreaterThan(30 + 2 * KILLS);
});

test('what a member erases vanishes there, and a message that arrives is there', async () => {
  await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ, calendar: READ });
  start();
  await bothHaveTheSame();
  await deliver('A new one');
  await bothHaveTheSame();
  const withMail = received();
  await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: OFF }, data: { mail: 'erase' } });
  await world.settle();
  await bothHaveTheSame();

  expect(withMail.some((item) => item.includes('"subject":"A new one"'))).toBe(true);
  expect(received().some((item) => item.includes('"category":"mail"'))).toBe(false);
  expect(received().length).toBeGreaterThan(0);
});

test('its page shows what has arrived, and no longer what was erased', async () => {
  await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ });
  await deliver('On the page');
  const port = await findFreePort(40_000);
  start('page.mjs', port);
  const shown = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/items`).catch(() => null);
    return response === null ? null : readList(await response.json(), 'items');
  };
  await eventually(async () => (await shown())?.length === 31);
  const before = await shown();
  await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: OFF }, data: { mail: 'erase' } });
  await world.settle();
  await eventually(async () => (await shown())?.length === 0);

  expect(before?.find((item) => readField(item, 'title') === 'On the page')).toMatchObject({
    category: 'mail',
    whose: 'Mara Ellis',
  });
});

test('whose cursor is too old reads everything again, and goes on', async () => {
  await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ });
  start();
  await bothHaveTheSame();
  await stop();
  await deliver('While it was away');
  const { kysely } = world.product.database;
  // What it hasn't read is no longer kept.
  await sql`delete from outbox`.execute(kysely);
  await sql`delete from feed_runs`.execute(kysely);
  await sql`update feed_head set floor_position = position, floor_sequence = (select max(sequence) from outbox_heads)`.execute(
    kysely,
  );
  await sql`insert into outbox_floors select tenant_id, sequence from outbox_heads`.execute(kysely);
  expect(received()).not.toEqual(await stored());
  start();
  await bothHaveTheSame();
  await deliver('Since');
  await bothHaveTheSame();

  expect(received().filter((item) => /While it was away|Since/.test(item))).toHaveLength(2);
});

test('with webhooks it is told at once, believes nobody else, and misses nothing while it is away', async () => {
  const url = `http://127.0.0.1:${webhookPort}/`;
  const made = await callWithKey(world, key, 'POST', '/v1/webhooks', { url, linger: 0 });
  const begin = () => {
    const secret = readField(made.body, 'secret');
    start('receiver.mjs', 0, { WEBHOOK_SECRET: secret, WEBHOOK_PORT: String(webhookPort) });
  };
  begin();
  await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ });
  await bothHaveTheSame();
  const forged = await fetch(url, {
    method: 'POST',
    headers: { 'webhook-id': 'evt_a', 'webhook-timestamp': '1', 'webhook-signature': 'v1,AAAA' },
    body: '{}',
  });
  await stop();
  await deliver('While it was away');
  begin();
  await deliver('Since');
  await bothHaveTheSame();

  expect(forged.status).toBe(401);
  expect(received().filter((item) => /While it was away|Since/.test(item))).toHaveLength(2);
});
