/**
 * Webhooks: deliveries a second, signed and logged, beside bare requests to the same receiver from the same process; the same
 * to a receiver that takes 200 ms, and beside an endpoint that is dead; and how long a change takes from its commit.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { openEndpointStore } from '../../src/db/delivery/endpointStore.ts';
import { appendOutbox } from '../../src/db/delivery/outbox.ts';
import { publishAll } from '../../src/db/delivery/publisher.ts';
import { openWebhookQueue } from '../../src/db/delivery/webhookQueue.ts';
import type { Keyring } from '../../src/db/keys/keyring.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { transact } from '../../src/db/transact.ts';
import { bodyOf, planBatch } from '../../src/delivery/planBatch.ts';
import { HEALTHY } from '../../src/domain/webhookLife.ts';
import { openWebhookTransport } from '../../src/outbound/openWebhookTransport.ts';
import { openLog } from '../../src/server/log.ts';
import { WebhookSender } from '../../src/server/webhookSender.ts';
import { openHookReceiver } from '../support/hookReceiver.ts';
import { memoryKeys } from '../support/memoryKeys.ts';
import { emptyTables } from '../support/tables.ts';

const ORGANIZATIONS = 3_000;
const CHANGES = 3;
const IN_FLIGHT = 50;
const SLOW_MILLISECONDS = 200;
const SLOW_ORGANIZATIONS = 600;
const COMMITS = 40;
const DEAD = '127.0.0.1:1';

export async function measureWebhooks(engine: string, database: Database): Promise<void> {
  const [fast, slow] = [await startReceiver(0), await startReceiver(SLOW_MILLISECONDS)];
  const bare = await measureBare(fast.url);
  // Code that was never run is slow, in the database too.
  await measureDeliveries(database, [fast.url], ORGANIZATIONS);
  const alone = await measureDeliveries(database, [fast.url], ORGANIZATIONS);
  const besideDead = await measureDeliveries(database, [fast.url, `http://${DEAD}/`], ORGANIZATIONS);
  const slowly = await measureDeliveries(database, [slow.url, `${slow.url}other`], SLOW_ORGANIZATIONS);
  const delays = await measureDelays(database);
  [fast, slow].forEach(({ child }) => child.kill());
  const part = (of: number) => `${of.toFixed(0)} ms`;
  process.stdout.write(
    `\nWebhooks of ${CHANGES} changes on ${engine}: ${alone}/s (×${(alone / bare).toFixed(2)} of bare requests, ${bare}/s); beside a dead endpoint ×${(besideDead / alone).toFixed(2)} of alone; to receivers of ${SLOW_MILLISECONDS} ms ${slowly}/s with ${2 * IN_FLIGHT} at once; commit to receiver, with a linger of 250 ms: p50 ${part(delays.p50)}, p95 ${part(delays.p95)}\n`,
  );
}

const RECEIVER = `
  const { createServer } = require('node:http');
  const wait = Number(process.env.WAIT);
  createServer((request, response) => {
    request.resume().on('end', () => setTimeout(() => response.writeHead(204).end(), wait));
  }).listen(0, '127.0.0.1', function () { process.send(this.address().port); });
`;

/** A process of its own, which the measured one doesn't pay for. */
async function startReceiver(wait: number): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const env = { WAIT: String(wait) };
  const child = spawn(process.execPath, ['-e', RECEIVER], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [port]: unknown[] = await once(child, 'message');
  return { url: `http://127.0.0.1:${String(port)}/`, child };
}

async function measureBare(url: string): Promise<number> {
  const agent = new Agent({ connections: IN_FLIGHT });
  const body = 'x'.repeat(1_000);
  const total = 3_000;
  let left = total;
  const begun = performance.now();
  const send = async () => {
    while (left > 0) {
      left -= 1;
      const response = await request(url, { dispatcher: agent, method: 'POST', body });
      await response.body.dump();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, send));
  const seconds = (performance.now() - begun) / 1_000;
  await agent.close();
  return Math.round(total / seconds);
}

/** Of the endpoints that answer: deliveries a second until everything is taken. */
async function measureDeliveries(database: Database, urls: readonly string[], organizations: number): Promise<number> {
  await emptyTables(database);
  const keyring = await memoryKeys(() => new Date());
  await addEndpoints(database, keyring, urls, 0);
  for (let organization = 0; organization < organizations; organization += 1) {
    await change(database, randomUUID(), CHANGES);
  }
  await publishAll(database, new Date());
  let delivered = 0;
  const sender = openSender(database, keyring, urls, (outcome) => {
    delivered += Number(outcome === 'delivered');
  });
  const begun = performance.now();
  sender.wake();
  const { kysely } = database;
  const isLeft = () =>
    kysely
      .selectFrom('webhook_lanes')
      .innerJoin('webhook_endpoints', 'webhook_endpoints.endpoint_id', 'webhook_lanes.endpoint_id')
      .whereRef('delivered', '<', 'published')
      .where('url', 'not like', `%${DEAD}%`)
      .select('delivered')
      .limit(1)
      .executeTakeFirst();
  while ((await isLeft()) !== undefined) {
    await pause(50);
  }
  const seconds = (performance.now() - begun) / 1_000;
  await sender.stop();
  return Math.round(delivered / seconds);
}

async function addEndpoints(database: Database, keyring: Keyring, urls: readonly string[], linger: number) {
  const endpoints = openEndpointStore(database, keyring);
  for (const [index, url] of urls.entries()) {
    await endpoints.add({
      id: `whk_${index}`,
      url,
      events: null,
      organizationIds: null,
      payload: 'changes',
      linger,
      maxInFlight: IN_FLIGHT,
      headers: {},
      secrets: [{ text: `whsec_${Buffer.alloc(32, 1).toString('base64')}`, until: null }],
      health: HEALTHY,
      createdAt: new Date(),
    });
  }
}

function change(database: Database, tenantId: string, count: number): Promise<void> {
  const owner = { tenantId, memberId: randomUUID(), connectionId: randomUUID(), category: 'mail' } as const;
  const entries = Array.from({ length: count }, (_each, index) => ({
    kind: 'upserted' as const,
    // As long as Graph's are.
    itemId: `${index}`.padStart(152, 'AAMkAGI2'),
  }));
  return transact(database, (tx) => {
    appendOutbox(tx, owner, entries, new Date());
    return Promise.resolve();
  });
}

function openSender(
  database: Database,
  keyring: Keyring,
  urls: readonly string[],
  onAttempt: (outcome: string) => void,
): WebhookSender {
  const parts = { keyring, generation: 'of the bench', plan: planBatch, write: bodyOf, random: Math.random };
  return new WebhookSender({
    queue: openWebhookQueue(database, parts),
    transport: openWebhookTransport({ allowedHosts: urls.map((url) => new URL(url).host), certificates: [] }),
    now: () => new Date(),
    log: openLog('silent'),
    onAttempt,
  });
}

async function measureDelays(database: Database): Promise<{ readonly p50: number; readonly p95: number }> {
  await emptyTables(database);
  const keyring = await memoryKeys(() => new Date());
  const hooks = await openHookReceiver();
  await addEndpoints(database, keyring, [hooks.url], 250);
  const sender = openSender(database, keyring, [hooks.url], () => undefined);
  sender.start();
  const delays: number[] = [];
  for (let commit = 0; commit < COMMITS; commit += 1) {
    await change(database, randomUUID(), 1);
    const committed = performance.now();
    const received = new Promise<void>((resolve) => {
      hooks.answer((_hook, response) => {
        response.writeHead(204).end();
        resolve();
      });
    });
    await publishAll(database, new Date());
    sender.wake();
    await received;
    delays.push(performance.now() - committed);
  }
  await sender.stop();
  await hooks.close();
  const sorted = delays.toSorted((one, other) => one - other);
  return { p50: sorted[Math.floor(sorted.length * 0.5)] ?? 0, p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0 };
}
