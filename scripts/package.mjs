/** `npm run package`: see packaging/package.ts. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installIfNeeded } from './install.mjs';
import { requireNode } from './node24.mjs';
import { ROOT } from './root.mjs';

installIfNeeded();
const run = spawnSync(
  requireNode(),
  ['--disable-warning=ExperimentalWarning', join(ROOT, 'scripts', 'packaging', 'package.ts'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exitCode = run.status ?? 1;
