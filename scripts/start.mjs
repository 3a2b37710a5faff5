/** `npm start`: installs what is missing, builds the client when it changed, and starts everything. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ENVIRONMENT } from './environment.mjs';
import { installIfNeeded } from './install.mjs';
import { requireNode } from './node24.mjs';
import { ROOT } from './root.mjs';

installIfNeeded();
const node = requireNode();
const built = spawnSync(node, [join(ROOT, 'scripts', 'build.mjs'), '--if-changed'], { stdio: 'inherit' });
if (built.status !== 0) {
  process.exit(1);
}
const child = spawn(node, [...ENVIRONMENT, join(ROOT, 'src', 'main.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => child.kill(signal));
}
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 0 : 1);
});

// npm that is ended by a signal does not pass it on; without a parent there is no one to run for.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) {
    child.kill('SIGTERM');
  }
}, 1_000).unref();
