/** The command itself, as a person starts it: what it prints, what it refuses, and what survives. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Agent, fetch } from 'undici';
import { ROOT } from '../support/createWorld.ts';
import { eventually } from '../support/eventually.ts';

const agent = new Agent({ connect: { rejectUnauthorized: false } });
const running: ChildProcess[] = [];
let folder: string;
let port: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-start-'));
  port = await freePort();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((child) => end(child, 'SIGKILL')));
  // The example receiver ends a moment after the process that was killed.
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

function start(args: readonly string[] = [], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [join(ROOT, 'src', 'main.ts'), ...args], {
    env: { PATH: '', PORT: String(port), DATA_DIR: join(folder, 'data'), KEYS_DIR: join(folder, 'keys'), ...env },
  });
  running.push(child);
  let text = '';
  child.stdout.on('data', (part: Buffer) => (text += part.toString()));
  child.stderr.on('data', (part: Buffer) => (text += part.toString()));
  return { child, output: () => text, exited: new Promise((resolve) => child.once('exit', resolve)) };
}

async function started(run: Run): Promise<void> {
  await eventually(
    () => Promise.resolve(run.output().includes('Assent is running')),
    () => Promise.resolve(run.output()),
  );
  expect(run.output()).toContain(`Assent is running: https://localhost:${port}/sandbox`);
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve();
  }
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return ended;
}

async function ask(path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
  const response = await fetch(`https://localhost:${port}${path}`, { ...init, dispatcher: agent });
  return { status: response.status, body: Object(await response.json().catch(() => null)) };
}

async function signIn() {
  const json = { 'content-type': 'application/json' };
  const as = JSON.stringify({ as: 'mara.ellis@harborreed.example' });
  const { body } = await ask('/sandbox/control/token', { method: 'POST', headers: json, body: as });
  return ask('/api/session', { headers: { authorization: `Bearer ${body.token}` } });
}

describe('without any settings', () => {
  test('prints one address, and keeps everything over kill -9', async () => {
    const first = start();
    await started(first);
    expect((await signIn()).status).toBe(200);
    await end(first.child, 'SIGKILL');
    const second = start();
    await started(second);
    const again = await signIn();

    expect(again).toMatchObject({ status: 200, body: { connection: { state: 'connected' } } });
    await end(second.child, 'SIGTERM');
    expect(second.child.exitCode).toBe(0);
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'a receiving product has a page beside it, and ends with it: %s',
    async (signal) => {
      const run = start();
      await started(run);
      const page = await fetch(`https://localhost:${port}/sandbox`, { dispatcher: agent });
      const [, address = ''] = /href="(http:[^"]+)"[^>]*>What has arrived/.exec(await page.text()) ?? [];
      const answers = () =>
        fetch(address).then(
          ({ ok }) => ok,
          () => false,
        );
      await eventually(answers);
      await end(run.child, signal);
      await eventually(async () => !(await answers()));

      expect(address).toMatch(/^http:\/\/localhost:\d+$/);
    },
  );

  test('the audit log is walked by a command', async () => {
    const run = start();
    await started(run);
    const session = await signIn();
    await end(run.child, 'SIGTERM');
    const audit = start(['audit']);

    expect(await audit.exited).toBe(0);
    expect(session.status).toBe(200);
    expect(audit.output()).toContain('5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001: unbroken');
  });

  test('imports a folder, names the person, and names what it cannot read', async () => {
    await writeFile(join(folder, 'broken.eml'), '');
    await writeFile(join(folder, 'good.eml'), 'From: a@x.example\r\nSubject: Hello\r\nMessage-ID: <1@x>\r\n\r\nHi');
    const run = start(['--import', folder]);
    await started(run);

    expect(run.output()).toContain(
      'Imported for mara.ellis@harborreed.example: messages 1, events 0, contacts 0, tasks 0; there before: 0; skipped: 1.',
    );
    expect(run.output()).toContain('skipped broken.eml: not a mail message');
  });
});

describe('what cannot start says why in one place', () => {
  test.each([
    ['a port that is no number', [], { PORT: 'abc' }, 'PORT must be a port number, such as 3000'],
    [
      'keys inside of the data',
      [],
      { KEYS_DIR: '/tmp/x/data/keys', DATA_DIR: '/tmp/x/data' },
      'KEYS_DIR must not lie inside DATA_DIR',
    ],
    ['production without an application', [], { NODE_ENV: 'production' }, 'ENTRA_CLIENT_ID is missing'],
    ['a command that there is not', ['serve'], {}, 'There is no command "serve"'],
    ['a folder that is not there', ['--import', '/nowhere'], {}, '--import /nowhere: there is no such folder'],
    ['an option that there is not', ['--bogus'], {}, 'the options are --import FOLDER and --import-as UPN'],
  ])('%s', async (_what, args, env, sentence) => {
    const run = start(args, env);

    expect(await run.exited).toBe(1);
    expect(run.output()).toContain(sentence);
    expect(run.output()).not.toMatch(/\n\s+at /);
  });

  test('a port that is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => {
      taken.listen(port, '127.0.0.1', resolve);
    });
    const run = start();

    expect(await run.exited).toBe(1);
    expect(run.output()).toContain(`PORT ${port} is in use: stop the other program, or set PORT to another number`);
    await new Promise((resolve) => taken.close(resolve));
  });

  test('a second process on the same folder, and it does the first one no harm', async () => {
    await started(start());
    const second = start([], { PORT: String(await freePort()) });

    expect(await second.exited).toBe(1);
    expect(second.output()).toContain('is in use by process');
    expect((await signIn()).status).toBe(200);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}
