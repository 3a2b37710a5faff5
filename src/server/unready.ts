/** Which parts of a process are not ready to serve: what `/readyz` answers. */
import { setTimeout } from 'node:timers/promises';
import type { Keyring } from '../db/keys/keyring.ts';
import { requireCurrentSchema } from '../db/migrate.ts';
import type { Database } from '../db/openDatabase.ts';
import { isReachable } from '../db/sync/syncStore.ts';
import type { SigningKeys } from '../microsoft/entra/signingKeys.ts';

export async function unready(database: Database, keyring: Keyring, keys: SigningKeys): Promise<readonly string[]> {
  const checks = [
    ['database', () => isReachable(database)],
    ['migrations', () => requireCurrentSchema(database).then(() => true)],
    ['keys', () => keyring.isReadable()],
    ['signing keys', () => keys.areAvailable()],
  ] as const;
  const results = await Promise.all(
    checks.map(async ([name, check]) => ((await inTime(check().catch(() => false))) ? [] : [name])),
  );
  return results.flat();
}

/** What has not answered by then is not ready; a probe of Kubernetes or a load balancer waits a few seconds itself. */
const READY_MILLISECONDS = 3_000;

async function inTime(check: Promise<boolean>): Promise<boolean> {
  const limit = new AbortController();
  const late = setTimeout(READY_MILLISECONDS, false, { signal: limit.signal }).catch(() => false);
  const isReady = await Promise.race([check, late]);
  limit.abort();
  return isReady;
}
