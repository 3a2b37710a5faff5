/** Runs Assent as a child that ends with this process, however this one ends. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ENVIRONMENT } from './environment.mjs';
import { ROOT } from './root.mjs';

const PARENT_CHECK_MILLISECONDS = 1_000;

/** `options`: Node's own, before the file that it runs. */
export function runServer(node, options = []) {
  const child = spawn(node, [...ENVIRONMENT, ...options, join(ROOT, 'src', 'main.ts'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)));
  // npm that is ended by a signal does not pass it on; without a parent there is no one to run for.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) {
      child.kill('SIGTERM');
    }
  }, PARENT_CHECK_MILLISECONDS).unref();
}
