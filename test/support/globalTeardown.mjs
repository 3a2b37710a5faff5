/** Stops the PostgreSQL that the setup started, and removes the folders of both. */
import { rmSync } from 'node:fs';

export default async function globalTeardown() {
  await globalThis.assentPostgres?.stop();
  rmSync(process.env.TEST_TEMPLATES, { recursive: true, force: true });
}
