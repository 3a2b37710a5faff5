/** `npm run bench`: figures beside controls of the same run. PostgreSQL is measured where it is installed. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import startPostgres from '../test/support/globalSetup.mjs';
import stopPostgres from '../test/support/globalTeardown.mjs';
import { installIfNeeded } from './install.mjs';
import { requireNode } from './node24.mjs';
import { ROOT } from './root.mjs';

installIfNeeded();
await startPostgres();
const url = process.env.TEST_DATABASE_URL ?? '';
const run = spawnSync(
  requireNode(),
  [
    '--disable-warning=ExperimentalWarning',
    join(ROOT, 'test', 'bench', 'main.ts'),
    ...(url === '' ? [] : ['--postgres', url]),
    ...process.argv.slice(2),
  ],
  { cwd: ROOT, stdio: 'inherit' },
);
await stopPostgres();
process.exitCode = run.status ?? 1;
