/** `npm start`: installs what is missing, builds the client when it changed, and starts everything. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installIfNeeded } from './install.mjs';
import { requireNode } from './node24.mjs';
import { ROOT } from './root.mjs';
import { runServer } from './runServer.mjs';

installIfNeeded();
const node = requireNode();
const built = spawnSync(node, [join(ROOT, 'scripts', 'build.mjs'), '--if-changed'], { stdio: 'inherit' });
if (built.status !== 0) {
  process.exit(1);
}
runServer(node);
