/** The same mailboxes by one worker process and by four, on one PostgreSQL. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../src/db/openDatabase.ts';
import { connectMailboxes, countItems } from './mailboxes.ts';

export interface WorkersRun {
  readonly database: Database;
  readonly url: string;
  readonly origin: string;
  readonly mailboxes: number;
  /** Messages in each mailbox. */
  readonly messages: number;
}

/** Answers items a second, from when all processes are ready until the last has nothing to do. */
export async function measureWorkers(run: WorkersRun, count: number): Promise<number> {
  const { database, url, origin, mailboxes, messages } = run;
  await connectMailboxes(database, mailboxes);
  const keys = await mkdtemp(join(tmpdir(), 'assent-bench-keys-'));
  const env = { ...process.env, DATABASE: url, KEYS: keys, ORIGIN: origin, AT_ONCE: String(mailboxes / count) };
  const workers: ChildProcess[] = [];
  for (let index = 0; index < count; index += 1) {
    const worker = fork(join(import.meta.dirname, 'workerProcess.ts'), { env });
    workers.push(worker);
    await new Promise((resolve) => worker.once('message', resolve));
  }
  const began = performance.now();
  const ends = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
  workers.forEach((worker) => worker.send('go'));
  await Promise.all(ends);
  const seconds = (performance.now() - began) / 1_000;
  await rm(keys, { recursive: true, force: true });
  const stored = await countItems(database);
  if (stored !== mailboxes * messages) {
    throw new Error(`${stored} items are stored, and not ${mailboxes * messages}`);
  }
  return Math.round(stored / seconds);
}
