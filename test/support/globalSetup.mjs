/**
 * Starts a real PostgreSQL for the database tests where one is installed, as a user that is not root.
 *
 * `TEST_DATABASE_URL` names one that runs already. Without either the tests run on PGlite alone, and the
 * summary of `npm test` says so.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default async function globalSetup() {
  if ((process.env.TEST_DATABASE_URL ?? '') !== '') {
    return;
  }
  const binaries = findBinaries();
  if (binaries === null) {
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'assent-postgres-'));
  const identity = identityFor(folder);
  const port = await freePort();
  execFileSync(join(binaries, 'initdb'), ['-D', join(folder, 'data'), '-U', 'assent', '-A', 'trust', '--no-sync'], {
    ...identity,
    stdio: 'ignore',
  });
  const server = spawn(
    join(binaries, 'postgres'),
    [
      '-D',
      join(folder, 'data'),
      '-p',
      String(port),
      '-k',
      folder,
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'max_connections=200',
    ],
    { ...identity, stdio: 'ignore' },
  );
  globalThis.assentPostgres = { server, folder };
  await untilReady(join(binaries, 'pg_isready'), port);
  process.env.TEST_DATABASE_URL = `postgres://assent@127.0.0.1:${port}/postgres`;
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
