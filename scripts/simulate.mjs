/**
 * `npm run simulate -- --from SEED --seeds N`: random histories of the sync engine, each from its seed. A seed that
 * fails is printed with everything that happened, and fails again in the same way.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installIfNeeded } from './install.mjs';
import { requireNode } from './node24.mjs';
import { ROOT } from './root.mjs';

installIfNeeded();
const templates = mkdtempSync(join(tmpdir(), 'assent-templates-'));
const run = spawnSync(
  requireNode(),
  ['--disable-warning=ExperimentalWarning', join(ROOT, 'test', 'simulation', 'main.ts'), ...process.argv.slice(2)],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, TEST_TEMPLATES: templates } },
);
rmSync(templates, { recursive: true });
process.exitCode = run.status ?? 1;
