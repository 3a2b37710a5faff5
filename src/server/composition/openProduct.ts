/**
 * The one place where use cases meet their adapters.
 *
 * `openProduct` makes everything from resolved settings and gives it back in parts that can be started and
 * stopped; it owns no listener.
 */
import { readFileSync } from 'node:fs';
import { replayErasures } from '../../db/content/replayErasures.ts';
import { openEraseStore } from '../../db/content/eraseStore.ts';
import { openDatabaseKeyStore } from '../../db/keys/databaseKeyStore.ts';
import { openFileKeyStore, loadOrCreateMasterKeys } from '../../db/keys/fileKeyStore.ts';
import { Keyring, makeMasterKey, parseMasterKeys } from '../../db/keys/keyring.ts';
import type { KeyStore } from '../../db/keys/keyStore.ts';
import { migrate, requireCurrentSchema } from '../../db/migrate.ts';
import { type Database, type DatabaseAddress, openDatabase } from '../../db/openDatabase.ts';
import { openMicrosoftHttp } from '../../microsoft/http.ts';
import { openWebhookTransport } from '../../outbound/openWebhookTransport.ts';
import { eraseAll } from '../../sync/erase.ts';
import { type Application } from '../application.ts';
import { BackgroundWork } from '../backgroundWork.ts';
import { SYSTEM_CLOCK } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Settings } from '../settings.ts';
import { Worker } from '../worker.ts';
import { assemble } from './assemble.ts';
import { type ProductOptions } from './opened.ts';

export interface Product {
  readonly application: Application;
  readonly worker: Worker;
  readonly database: Database;
  readonly keyring: Keyring;
  /** Resolves when nothing is in progress that a request, a wake or a watch began. */
  whenIdle(): Promise<void>;
  close(): Promise<void>;
}

export async function openProduct(settings: Settings, options: ProductOptions): Promise<Product> {
  const { log } = options;
  const clock = options.clock ?? SYSTEM_CLOCK;
  const { now } = clock;
  const onError = (error: Error) => {
    log.warn({ err: error }, 'a database connection broke');
  };
  const [database, keyStore] = await Promise.all([
    openMigrated(settings.database, options.migrates, onError),
    openKeyStore(settings, onError),
  ]);
  const keyring = await Keyring.open(keyStore, parseMasterKeys(await masterKeys(settings)), now);
  await replayErasuresOnStart(database, keyring, options.log, now);
  const http = openMicrosoftHttp(settings.trustedCaFile);
  const webhooks = openWebhookTransport({
    allowedHosts: settings.webhookAllowedHosts,
    certificates: settings.trustedCaFile === null ? [] : [readFileSync(settings.trustedCaFile, 'utf8')],
  });
  const background = new BackgroundWork(log);
  const parts = await assemble(settings, options, { database, keyring, http, webhooks, background, clock });
  return {
    ...parts,
    database,
    keyring,
    whenIdle: async () => {
      await background.whenIdle();
      await parts.worker.whenIdle();
    },
    close: async () => {
      await parts.application.close();
      await parts.worker.stop();
      await background.whenIdle();
      await http.close();
      await webhooks.close();
      await keyStore.close();
      await database.close();
    },
  };
}

/** Migrations get connections of their own, without limits of time. */
async function openMigrated(
  address: DatabaseAddress,
  migrates: boolean,
  onError: (error: Error) => void,
): Promise<Database> {
  if (migrates && address.kind === 'postgres') {
    const patient = await openDatabase(address, onError, true);
    await migrate(patient).finally(() => patient.close());
    return openDatabase(address, onError);
  }
  const database = await openDatabase(address, onError);
  await (migrates ? migrate(database) : requireCurrentSchema(database));
  return database;
}

/** A restored backup may hold what was erased after it was made: that goes before anyone is served. */
async function replayErasuresOnStart(database: Database, keyring: Keyring, log: Log, now: () => Date): Promise<void> {
  const repeated = await replayErasures(database, keyring, now());
  if (repeated > 0) {
    log.warn({ erasures: repeated }, 'an older database was found: what was erased since is erased again');
    await eraseAll(openEraseStore(database, keyring, now));
  }
}

async function openKeyStore({ keys }: Settings, onError: (error: Error) => void): Promise<KeyStore> {
  return keys.kind === 'folder' ? openFileKeyStore(keys.folder) : openDatabaseKeyStore(keys.url, onError);
}

async function masterKeys({ masterKeys: given, keys }: Settings): Promise<string> {
  return given ?? (keys.kind === 'folder' ? loadOrCreateMasterKeys(keys.folder, makeMasterKey) : '');
}
