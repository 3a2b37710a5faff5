/** Installs the dependencies when they are missing or older than the lockfile. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

const LOCKFILE = join(ROOT, 'package-lock.json');
const MARK = join(ROOT, 'node_modules', '.assent-installed');

export function installIfNeeded() {
  const digest = createHash('sha256').update(readFileSync(LOCKFILE)).digest('hex');
  if (existsSync(MARK) && readFileSync(MARK, 'utf8') === digest) {
    return;
  }
  process.stdout.write('Installing dependencies …\n');
  // No package of ours needs an install script to run.
  const npm = npmCommand();
  const done = spawnSync(
    npm.file,
    [...npm.args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  if (done.status !== 0) {
    process.stderr.write('npm could not install the dependencies: see the lines above.\n');
    process.exit(1);
  }
  writeFileSync(MARK, digest);
}

/** npm as the program that runs this script, so that no shell is needed on Windows. */
export function npmCommand() {
  const script = process.env.npm_execpath;
  return script === undefined ? { file: 'npm', args: [] } : { file: process.execPath, args: [script] };
}
