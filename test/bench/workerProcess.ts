/** One of several workers on one PostgreSQL: says when it is ready, and synchronizes what is due when it is told to. */
import { Agent, fetch } from 'undici';
import { z } from 'zod';
import { openFileKeyStore, loadOrCreateMasterKeys } from '../../src/db/keys/fileKeyStore.ts';
import { Keyring, makeMasterKey, parseMasterKeys } from '../../src/db/keys/keyring.ts';
import { openDatabase } from '../../src/db/openDatabase.ts';
import { syncAll } from './product.ts';

const { DATABASE, KEYS, ORIGIN, AT_ONCE } = z
  .object({ DATABASE: z.string(), KEYS: z.string(), ORIGIN: z.string(), AT_ONCE: z.coerce.number() })
  .parse(process.env);

const database = await openDatabase({ kind: 'postgres', url: DATABASE }, () => undefined);
const keyring = await Keyring.open(
  openFileKeyStore(KEYS),
  parseMasterKeys(await loadOrCreateMasterKeys(KEYS, makeMasterKey)),
  () => new Date(),
);
const agent = new Agent({ connections: 64 });
process.once('message', () => {
  void run();
});
process.send?.('ready');

async function run(): Promise<void> {
  await syncAll(
    database,
    keyring,
    { fetch: (url, init) => fetch(url, { ...init, dispatcher: agent }), close: () => agent.close() },
    ORIGIN,
    AT_ONCE,
  );
  await agent.close();
  await database.close();
  process.disconnect();
}
