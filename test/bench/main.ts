/**
 * `npm run bench`: how fast mail is synced, beside what others would do and beside the floors, in one run; memory
 * over a large mailbox; notifications a second beside a bare server; the feed beside SQL alone; webhooks beside bare requests.
 * Absolute numbers are this machine's: compare ratios.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Agent, fetch } from 'undici';
import { migrate } from '../../src/db/migrate.ts';
import { type Database, type DatabaseAddress, openDatabase } from '../../src/db/openDatabase.ts';
import type { MicrosoftHttp } from '../../src/microsoft/http.ts';
import { memoryKeys } from '../support/memoryKeys.ts';
import { benchCategories } from './categories.ts';
import { measureChange } from './changes.ts';
import { batchAndInsert, fetchAndDiscard, iterateAndUpsert, prepareControls } from './controls.ts';
import { measureFeed } from './feed.ts';
import { measureWebhooks } from './webhooks.ts';
import { connectMailboxes, countItems } from './mailboxes.ts';
import { measureNotifications } from './notifications.ts';
import { syncAll } from './product.ts';
import { prepareSealed, sealMailbox, writeByCopy, writeByUnnest } from './sealedRows.ts';
import { type Graph, startGraph } from './startGraph.ts';
import { measureWorkers } from './workers.ts';

const { values } = parseArgs({
  options: {
    postgres: { type: 'string' },
    messages: { type: 'string', default: '4000' },
    large: { type: 'string', default: '200000' },
    /** One part instead of all: `sync`, `categories`, `workers`, `memory`, `change`, `notifications`, `feed` or `webhooks`. */
    only: { type: 'string' },
  },
});
const MAILBOXES = 8;
const MESSAGES = Number(values.messages);
/** The controls are slow: they get a part of the work, and are compared by items a second. */
const CONTROL_PART = 4;
const SLOW_PART = 8;
/** Messages after which a process has all that it needs: what it holds more after that is growth. */
const SMALL = 20_000;

interface Measured {
  readonly perSecond: number;
  readonly cpuSecondsPerThousand: number;
}

async function measure(items: number, work: () => Promise<unknown>): Promise<Measured> {
  const began = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: items / seconds, cpuSecondsPerThousand: (user + system) / 1e6 / (items / 1_000) };
}

function everyMailbox(work: (mailbox: number) => Promise<void>): Promise<unknown> {
  return Promise.all(Array.from({ length: MAILBOXES }, (_, mailbox) => work(mailbox)));
}

async function oneAfterAnother(count: number, work: (mailbox: number) => Promise<void>): Promise<void> {
  for (let mailbox = 0; mailbox < count; mailbox += 1) {
    await work(mailbox);
  }
}

async function benchSync(engine: string, database: Database, url: string | null, latency: number): Promise<void> {
  const keyring = await memoryKeys(() => new Date());
  const agent = new Agent({ connections: 64 });
  const http: MicrosoftHttp = {
    fetch: (url, init) => fetch(url, { ...init, dispatcher: agent }),
    close: () => agent.close(),
  };
  const whole = Math.max(200, Math.floor(MESSAGES / (latency === 0 ? 1 : 2)));
  const part = Math.max(200, Math.floor(whole / (latency === 0 ? CONTROL_PART : SLOW_PART)));
  const full = await startGraph(whole, latency);
  const small = await startGraph(part, latency);
  await connectMailboxes(database, MAILBOXES);
  await prepareControls(database);
  const lines: (readonly [string, Measured])[] = [];
  lines.push([
    'Assent',
    await measure(whole * MAILBOXES, () => syncAll(database, keyring, http, full.origin, MAILBOXES)),
  ]);
  const stored = await countItems(database);
  if (stored !== whole * MAILBOXES) {
    throw new Error(`${stored} items are stored, and not ${whole * MAILBOXES}`);
  }
  const controls: readonly (readonly [string, (mailbox: number) => Promise<void>])[] = [
    ['Graph SDK, row by row', (mailbox) => iterateAndUpsert(database, small.origin, mailbox)],
    ['ids, then $batch of 20', (mailbox) => batchAndInsert(database, small.origin, mailbox)],
    ['floor: pages discarded', () => fetchAndDiscard(small.origin)],
  ];
  for (const [name, control] of controls) {
    // As a script does it, one mailbox after another; and as generously as can be, all at once.
    await prepareControls(database);
    const few = Math.min(MAILBOXES, latency === 0 ? MAILBOXES : 2);
    lines.push([name, await measure(part * few, () => oneAfterAnother(few, control))]);
    await prepareControls(database);
    lines.push([`${name}, 8 at once`, await measure(part * MAILBOXES, () => everyMailbox(control))]);
  }
  lines.push(...(await benchWrites(database, url, part)));
  report(`${engine}, ${latency} ms an answer`, lines);
  full.stop();
  small.stop();
  await agent.close();
}

/** Rows that were sealed beforehand: what is left is the database. */
async function benchWrites(
  database: Database,
  url: string | null,
  count: number,
): Promise<readonly (readonly [string, Measured])[]> {
  const keyring = await memoryKeys(() => new Date());
  const seal = () => Promise.all(Array.from({ length: MAILBOXES }, () => sealMailbox(keyring, count)));
  const unnest = await seal();
  const lines: [string, Measured][] = [];
  lines.push([
    'floor: sealed rows, unnest',
    await measure(count * MAILBOXES, () => Promise.all(unnest.map((mailbox) => writeByUnnest(database, mailbox)))),
  ]);
  if (url !== null) {
    await prepareSealed(url);
    for (const way of ['direct', 'staged'] as const) {
      const mailboxes = await seal();
      lines.push([
        `floor: sealed rows, COPY ${way}`,
        await measure(count * MAILBOXES, () => Promise.all(mailboxes.map((each) => writeByCopy(url, each, way)))),
      ]);
    }
  }
  return lines;
}

/** One process and four, where the database lets several in. */
async function benchWorkers(database: Database, url: string): Promise<void> {
  const messages = Math.max(200, Math.floor(MESSAGES / 2));
  const graph: Graph = await startGraph(messages, 100);
  const run = { database, url, origin: graph.origin, mailboxes: MAILBOXES, messages };
  const one = await measureWorkers(run, 1);
  const four = await measureWorkers(run, 4);
  graph.stop();
  process.stdout.write(
    `\nWorkers on one PostgreSQL, 100 ms an answer: one ${one} items/s, four ${four} items/s (×${(four / one).toFixed(2)})\n`,
  );
}

function report(title: string, lines: readonly (readonly [string, Measured])[]): void {
  const [, ours] = lines[0] ?? ['', { perSecond: 0 }];
  process.stdout.write(`\n${title}\n`);
  for (const [name, { perSecond, cpuSecondsPerThousand }] of lines) {
    const cells = [
      name.padEnd(34),
      `${Math.round(perSecond)} items/s`.padStart(16),
      `Assent ×${(ours.perSecond / perSecond).toFixed(2)}`.padStart(14),
      `${cpuSecondsPerThousand.toFixed(2)} CPU s/1,000`.padStart(18),
    ];
    process.stdout.write(`  ${cells.join('  ')}\n`);
  }
}

/** What a process that has read a small mailbox holds more while it reads a large one. */
async function benchMemory(database: Database): Promise<void> {
  const agent = new Agent({ connections: 8 });
  const http = {
    fetch: (url: string, init: Parameters<MicrosoftHttp['fetch']>[1]) => fetch(url, { ...init, dispatcher: agent }),
    close: () => agent.close(),
  };
  const read = async (messages: number) => {
    const graph = await startGraph(messages, 0);
    await connectMailboxes(database, 1);
    const measured = await measure(messages, async () =>
      syncAll(database, await memoryKeys(() => new Date()), http, graph.origin, 1),
    );
    graph.stop();
    return measured;
  };
  const count = Number(values.large);
  await read(Math.min(count, SMALL));
  const before = process.memoryUsage().rss;
  let limit = before;
  const watch = setInterval(() => {
    limit = Math.max(limit, process.memoryUsage().rss);
  }, 100);
  const { perSecond } = await read(count);
  clearInterval(watch);
  await agent.close();
  const growth = Math.round((limit - before) / 1024 / 1024);
  process.stdout.write(
    `\nOne mailbox of ${count} messages: ${Math.round(perSecond)} items/s (8 requests a second), memory +${growth} MB at most beside one of ${SMALL}\n`,
  );
}

process.stdout.write(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}\n`);
const folder = await mkdtemp(join(tmpdir(), 'assent-bench-'));
const addresses: (readonly [string, DatabaseAddress])[] = [['PGlite', { kind: 'pglite', folder }]];
if (values.postgres !== undefined) {
  addresses.unshift(['PostgreSQL', { kind: 'postgres', url: values.postgres }]);
}
for (const [engine, address] of addresses) {
  const database = await openDatabase(address, () => undefined);
  await migrate(database);
  const url = address.kind === 'postgres' ? address.url : null;
  const parts: Readonly<Record<string, () => Promise<void>>> = {
    sync: async () => {
      await benchSync(engine, database, url, 0);
      await benchSync(engine, database, url, 100);
    },
    categories: () => benchCategories(engine, database),
    workers: async () => {
      if (url !== null) {
        await benchWorkers(database, url);
      }
    },
    memory: () => benchMemory(database),
    change: () => measureChange(engine, database),
    notifications: () => measureNotifications(engine, database),
    feed: () => measureFeed(engine, database),
    webhooks: () => measureWebhooks(engine, database),
  };
  for (const [name, part] of Object.entries(parts)) {
    if (values.only === undefined || values.only === name) {
      await part();
    }
  }
  await database.close();
}
await rm(folder, { recursive: true, force: true });
