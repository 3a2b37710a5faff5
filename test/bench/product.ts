/** The product's own way: rounds over mailboxes, several at once, as the worker runs them. */
import { randomBytes } from 'node:crypto';
import type { Keyring } from '../../src/db/keys/keyring.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { openSyncStore } from '../../src/db/sync/syncStore.ts';
import { openGraphPort } from '../../src/microsoft/graph/graphPort.ts';
import { GraphTransport } from '../../src/microsoft/graph/transport.ts';
import type { MicrosoftHttp } from '../../src/microsoft/http.ts';
import type { SyncPorts } from '../../src/sync/ports.ts';
import { runRound } from '../../src/sync/runRound.ts';

export async function syncAll(
  database: Database,
  keyring: Keyring,
  http: MicrosoftHttp,
  origin: string,
  atOnce: number,
): Promise<void> {
  const ports: SyncPorts = {
    store: openSyncStore(database, keyring, () => new Date()),
    graph: openGraphPort(new GraphTransport(http, origin), { notifications: origin, lifecycle: origin }),
    tokens: {
      get: ({ memberId }) =>
        Promise.resolve({ kind: 'token', access: { accessToken: 'a token', mailbox: 'me', memberId } }),
      renew: () => Promise.resolve(null),
    },
    now: () => new Date(),
    wait: (milliseconds) =>
      new Promise((resolve) => {
        setTimeout(resolve, milliseconds);
      }),
    isStopping: () => false,
    random: Math.random,
    secret: () => randomBytes(32).toString('base64url'),
  };
  // Like the worker: a place that becomes free is taken at once.
  const running = new Set<Promise<void>>();
  for (;;) {
    const room = atOnce - running.size;
    const leases = await ports.store.claimDue('bench', ports.now(), { all: room, first: room });
    for (const lease of leases) {
      const round = runRound(ports, lease).finally(() => running.delete(round));
      running.add(round);
    }
    if (running.size === 0) {
      return;
    }
    await Promise.race(running);
  }
}
