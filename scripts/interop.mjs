/**
 * `npm run interop`: libraries and programs that no one here wrote, and that the product does not depend on, judge what the
 * sandbox plays: TeamsFx inside its Teams, rclone at its OneDrive. What cannot run here is named.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { chromiumPath } from './chromium.mjs';
import { installIfNeeded, npmCommand } from './install.mjs';
import { requireNode } from './node24.mjs';
import { ROOT } from './root.mjs';

installIfNeeded();
const node = requireNode();
const npm = npmCommand();
run(node, [join(ROOT, 'scripts', 'build.mjs'), '--if-changed']);

const browser = await chromiumPath();
const skipped = [
  ...(browser === null ? [['teamsfx', 'there is no browser']] : []),
  ...(canRun('rclone', ['version']) ? [] : [['rclone', 'rclone is not installed']]),
  ...(canRun('unshare', ['--mount', 'true']) ? [] : [['rclone', 'it may not have a mount namespace of its own here']]),
];
skipped.forEach(([name, reason]) => process.stdout.write(`Not run: ${name}, for ${reason}.\n`));
const names = ['teamsfx', 'rclone'].filter((name) => skipped.every(([each]) => each !== name));
if (names.includes('teamsfx')) {
  run(npm.file, [...npm.args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: join(ROOT, 'test', 'interop', 'teamsfx'),
  });
}
if (names.length > 0) {
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  run(
    node,
    [...flags, jest, '--config', join(ROOT, 'jest.interop.config.mjs'), '--runInBand', '--forceExit', ...names],
    {
      env: { ...process.env, NODE_ENV: 'test', ...(browser === null ? {} : { CHROMIUM_PATH: browser }) },
    },
  );
}

function canRun(file, args) {
  return spawnSync(file, args, { stdio: 'ignore' }).status === 0;
}

function run(file, args, options = {}) {
  const done = spawnSync(file, args, { cwd: ROOT, stdio: 'inherit', ...options });
  if (done.status !== 0) {
    process.exit(done.status ?? 1);
  }
}
