/** `npm run dev`: as `npm start`; the client is built again and the server starts again whenever a file of theirs changes. */
import { spawnSync } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { installIfNeeded } from './install.mjs';
import { requireNode } from './node24.mjs';
import { ROOT } from './root.mjs';
import { runServer } from './runServer.mjs';

const SETTLED_MILLISECONDS = 300;

installIfNeeded();
const node = requireNode();
build();
runServer(node, ['--watch', '--watch-preserve-output']);

// The server reads the built client when it starts; what it imports of the sources it watches by itself.
let settling;
for (const folder of ['client', 'contract', 'domain', 'text']) {
  watch(join(ROOT, 'src', folder), { recursive: true }, () => {
    clearTimeout(settling);
    settling = setTimeout(build, SETTLED_MILLISECONDS);
  });
}

function build() {
  spawnSync(node, [join(ROOT, 'scripts', 'build.mjs'), '--if-changed'], { stdio: 'inherit' });
}
