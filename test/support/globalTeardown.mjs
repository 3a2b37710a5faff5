/** Stops the PostgreSQL that the setup started, and removes its folder. */
import { rmSync } from 'node:fs';

export default async function globalTeardown() {
  const started = globalThis.assentPostgres;
  if (started !== undefined) {
    const ended = new Promise((resolve) => started.server.once('exit', resolve));
    started.server.kill('SIGINT');
    await ended;
    rmSync(started.folder, { recursive: true, force: true });
  }
}
