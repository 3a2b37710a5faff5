/**
 * `npm run mutate`: puts small faults into the domain, the two state tables and the check of tokens, one by one, and says
 * which of them no test notices. Other words go to Stryker: `npm run mutate -- --mutate src/domain/decision.ts`.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installIfNeeded } from './install.mjs';
import { requireNode } from './node24.mjs';
import { ROOT } from './root.mjs';

installIfNeeded();
const stryker = join(ROOT, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
const run = spawnSync(requireNode(), [stryker, 'run', ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' });
process.exitCode = run.status ?? 1;
