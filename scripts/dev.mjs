/** `npm run dev`: as `npm start`; the client is built again and the server starts again whenever a file of theirs changes. */
import { spawn, spawnSync } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENT } from './environment.mjs';
import { installIfNeeded } from './install.mjs';
import { requireNode } from './node24.mjs';
import { ROOT } from './root.mjs';

const SETTLED_MILLISECONDS = 300;

installIfNeeded();
const node = requireNode();
build();
const server = spawn(
  node,
  [...ENVIRONMENT, '--watch', '--watch-preserve-output', join(ROOT, 'src', 'main.ts'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => server.kill(signal));
}
server.on('exit', (code) => process.exit(code ?? 1));

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
