/**
 * The example receiver beside the sandbox: a process of its own, with a key of its own, that has a page. It ends with this
 * one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { openApiKeyStore } from '../db/delivery/apiKeys.ts';
import type { Database } from '../db/openDatabase.ts';
import { createApiKey } from '../delivery/apiKeys.ts';

const KEY_NAME = 'Example receiver';
const LOOPBACK = '127.0.0.1';
const MAX_PORTS_TRIED = 20;

export interface ReceiverSettings {
  readonly root: string;
  readonly dataDir: string;
  readonly assentUrl: string;
  /** Whose certificates Assent's is believed by. */
  readonly authorityFile: string;
  readonly port: number;
}

/** A port at which nothing listens, from `first` on. */
export async function findFreePort(first: number): Promise<number> {
  for (let port = first; port < first + MAX_PORTS_TRIED; port += 1) {
    if (await isFree(port)) {
      return port;
    }
  }
  throw new Error(`None of the ports from ${first} to ${first + MAX_PORTS_TRIED - 1} is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', () => {
        resolve(false);
      })
      .listen(port, LOOPBACK, () => {
        server.close(() => {
          resolve(true);
        });
      });
  });
}

/** Answers how to end it. */
export async function startReceiver(
  { root, dataDir, assentUrl, authorityFile, port }: ReceiverSettings,
  database: Database,
): Promise<() => Promise<void>> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'examples', 'receiver', 'page.mjs')],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: {
        ASSENT_URL: assentUrl,
        ASSENT_KEY: await renewKey(database),
        STORE: join(dataDir, 'receiver.sqlite'),
        NODE_EXTRA_CA_CERTS: authorityFile,
        PORT: String(port),
      },
    },
  );
  return () => end(child);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  }
}

/** Only the newest is valid: the text of an earlier one is nowhere any more. */
async function renewKey(database: Database): Promise<string> {
  const keys = openApiKeyStore(database);
  const now = () => new Date();
  for (const { id, name, revokedAt } of await keys.list()) {
    if (name === KEY_NAME && revokedAt === null) {
      await keys.revoke(id, now());
    }
  }
  const scopes = ['read:changes', 'read:items', 'read:organizations'] as const;
  const description = { name: KEY_NAME, scopes, organizationIds: null, expiresAt: null, allowedAddresses: null };
  return (await createApiKey({ keys, random: randomBytes, now }, description)).text;
}
