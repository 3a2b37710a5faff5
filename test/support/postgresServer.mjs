/** A PostgreSQL of one's own in a new folder, where one is installed, run as a user that is not root. */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `null` where none is installed. */
export async function startPostgresServer() {
  const binaries = findBinaries();
  if (binaries === null) {
    return null;
  }
  const folder = mkdtempSync(join(tmpdir(), 'assent-postgres-'));
  const identity = identityFor(folder);
  const port = await freePort();
  execFileSync(join(binaries, 'initdb'), ['-D', join(folder, 'data'), '-U', 'assent', '-A', 'trust', '--no-sync'], {
    ...identity,
    stdio: 'ignore',
  });
  // What a process that is killed has written stays with the system; only a machine that fails would lose it.
  const settings = [
    'listen_addresses=127.0.0.1',
    'max_connections=200',
    'fsync=off',
    'full_page_writes=off',
    'jit=off',
  ];
  const start = async () => {
    const options = ['-p', String(port), '-k', folder, ...settings.flatMap((setting) => ['-c', setting])];
    const server = spawn(join(binaries, 'postgres'), ['-D', join(folder, 'data'), ...options], {
      ...identity,
      stdio: 'ignore',
    });
    await untilReady(join(binaries, 'pg_isready'), port);
    return server;
  };
  let server = await start();
  const end = async (signal) => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await ended;
  };
  return {
    url: `postgres://assent@127.0.0.1:${port}/postgres`,
    /** As after a crash: no one is told, and the database recovers (`pg_ctl -m immediate`); `whileAway` happens between. */
    async restart(whileAway = async () => {}) {
      await end('SIGQUIT');
      await whileAway();
      server = await start();
    },
    async stop() {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findBinaries() {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folder = versions.map((version) => join(root, version, 'bin')).find((path) => existsSync(join(path, 'initdb')));
  return folder ?? null;
}

/** PostgreSQL refuses to run as root, so root starts it as `nobody`. */
function identityFor(folder) {
  if (process.getuid?.() !== 0) {
    return {};
  }
  const id = (flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }).trim());
  const [uid, gid] = [id('-u'), id('-g')];
  chownSync(folder, uid, gid);
  return { uid, gid, cwd: folder };
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function untilReady(isReady, port) {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    try {
      execFileSync(isReady, ['-h', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error('The PostgreSQL for the tests did not start');
}
