/** A round that fails gives its mailbox back, so that no one waits for a lease that no round holds. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openConsentStore } from '../../src/db/consent/consentStore.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { openSyncStore } from '../../src/db/sync/syncStore.ts';
import { openGraphPort } from '../../src/microsoft/graph/graphPort.ts';
import { GraphTransport } from '../../src/microsoft/graph/transport.ts';
import type { Lease, SyncPorts, SyncStore } from '../../src/sync/ports.ts';
import { runRound } from '../../src/sync/runRound.ts';
import { connectMailbox } from '../support/connectedMailbox.ts';
import { openTestDatabase } from '../support/databases.ts';
import { memoryKeys } from '../support/memoryKeys.ts';
import { GRAPH, ScriptedGraph } from '../support/scriptedGraph.ts';

const NOON = new Date('2026-11-22T12:00:00Z');
const MINUTE = 60_000;
const BROKEN = new Error('the database is not what it was');

let database: Database;
let store: SyncStore;
let tenantId: string;

beforeAll(async () => {
  database = await openTestDatabase();
  store = openSyncStore(database, await memoryKeys(() => NOON), () => NOON);
});
afterAll(() => database.close());
beforeEach(async () => {
  tenantId = await connectMailbox(database, NOON);
});

function portsWith(faults: Partial<SyncStore>): SyncPorts {
  const urls = { notifications: `${GRAPH}/notifications`, lifecycle: `${GRAPH}/lifecycle` };
  return {
    store: { ...store, ...faults },
    graph: openGraphPort(new GraphTransport(new ScriptedGraph(() => ({ body: {} })), GRAPH), urls),
    tokens: { get: () => Promise.resolve({ kind: 'unavailable' }), renew: () => Promise.resolve(null) },
    now: () => NOON,
    wait: () => Promise.resolve(),
    isStopping: () => false,
    random: () => 0.5,
    secret: () => 'a secret',
  };
}

async function claim(at: Date): Promise<Lease | undefined> {
  const leases = await store.claimDue('a worker', at, { all: 5, first: 5 });
  return leases.find((lease) => lease.tenantId === tenantId);
}

async function fail(faults: Partial<SyncStore>): Promise<unknown> {
  const lease = await claim(NOON);
  return lease === undefined ? null : runRound(portsWith(faults), lease).catch((error: unknown) => error);
}

test('a minute later it is due again, and not before', async () => {
  const failure = await fail({ load: () => Promise.reject(BROKEN) });
  const early = await claim(new Date(NOON.getTime() + MINUTE - 1));
  const later = await claim(new Date(NOON.getTime() + MINUTE));

  expect(failure).toBe(BROKEN);
  expect(early).toBeUndefined();
  expect(later).toMatchObject({ tenantId, fence: 2 });
});

test('who changed something meanwhile does not wait that long', async () => {
  const failure = await fail({
    load: async ({ mailboxId }) => {
      const change = { tenantId, at: NOON, wake: [mailboxId] };
      await openConsentStore(database, () => NOON).transact((writer) => writer.record(change));
      throw BROKEN;
    },
  });

  expect(failure).toBe(BROKEN);
  expect(await claim(NOON)).toMatchObject({ tenantId, fence: 2 });
});

test('where it cannot be given back, both failures are told, and no one else takes it before the lease is over', async () => {
  const refused = new Error('the database is gone');
  const failure = await fail({ load: () => Promise.reject(BROKEN), release: () => Promise.reject(refused) });

  expect(failure).toMatchObject({ errors: [BROKEN, refused] });
  expect(await claim(new Date(NOON.getTime() + MINUTE))).toBeUndefined();
});
