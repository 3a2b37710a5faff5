/**
 * Opens the one database: PostgreSQL by address, or PGlite in a folder.
 *
 * Shapes  `bigint` comes back as a number and `timestamptz` as a `Date` on both engines.
 * Errors  `DatabaseUnavailableError` when it cannot be opened or reached. A broken connection is reported to `onError`,
 *         and the next query opens a new one.
 */
import { Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { connectionSettings, openPostgresPool } from './postgresPool.ts';
import type { Schema } from './schema.ts';

export interface Database {
  readonly engine: 'postgres' | 'pglite';
  readonly kysely: Kysely<Schema>;
  /** Calls back with the payload of every notice on `channel` that any process sends. */
  listen(channel: string, onNotice: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export type DatabaseAddress =
  { readonly kind: 'postgres'; readonly url: string } | { readonly kind: 'pglite'; readonly folder: string | null };

export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
  readonly code = 'database_unavailable';
}

/** `isPatient`: statements may take as long as they take, as those of migrations do. */
export async function openDatabase(
  address: DatabaseAddress,
  onError: (error: Error) => void,
  isPatient = false,
): Promise<Database> {
  try {
    return address.kind === 'postgres'
      ? await openPostgres(address.url, onError, isPatient)
      : await openPGlite(address.folder);
  } catch (cause) {
    throw new DatabaseUnavailableError('The database cannot be opened', { cause });
  }
}

const MAX_CONNECTIONS = 12;

const toNumber = (text: string) => Number(text);

async function openPGlite(folder: string | null): Promise<Database> {
  // Ten megabytes that no process on PostgreSQL needs.
  const { PGlite, types } = await import('@electric-sql/pglite');
  const lite = await PGlite.create({
    ...(folder === null ? {} : { dataDir: folder }),
    parsers: { [types.INT8]: toNumber },
  });
  return {
    engine: 'pglite',
    kysely: new Kysely<Schema>({ dialect: new PGliteDialect({ pglite: lite }) }),
    listen: (channel, onNotice) => lite.listen(channel, onNotice),
    close: async () => {
      await lite.close();
    },
  };
}

async function openPostgres(url: string, onError: (error: Error) => void, isPatient: boolean): Promise<Database> {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, toNumber);
  const pool = openPostgresPool({ url, limit: MAX_CONNECTIONS, types, isPatient, onError });
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  await sql`select 1`.execute(kysely);
  const listener = new PostgresListener(connectionSettings(url), onError);
  return {
    engine: 'postgres',
    kysely,
    listen: (channel, onNotice) => listener.listen(channel, onNotice),
    close: async () => {
      await listener.close();
      await kysely.destroy();
    },
  };
}

const HEARTBEAT_MILLISECONDS = 15_000;

/**
 * One connection that only listens; it comes back by itself after a restart of the database, and after a silence in
 * which no one answers any more.
 */
class PostgresListener {
  readonly #settings: pg.ClientConfig;
  readonly #onError: (error: Error) => void;
  readonly #handlers = new Map<string, Set<(payload: string) => void>>();
  #client: Promise<pg.Client> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(settings: pg.ClientConfig, onError: (error: Error) => void) {
    this.#settings = settings;
    this.#onError = onError;
  }

  async listen(channel: string, onNotice: (payload: string) => void): Promise<() => Promise<void>> {
    const handlers = this.#handlers.get(channel) ?? new Set();
    this.#handlers.set(channel, handlers.add(onNotice));
    const client = await this.#connected();
    await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    return () => {
      handlers.delete(onNotice);
      return Promise.resolve();
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#heartbeat);
    // One that is being made and fails is closed as well.
    await (await this.#client?.catch(() => undefined))?.end();
  }

  #connected(): Promise<pg.Client> {
    this.#client ??= this.#connect();
    return this.#client;
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client(this.#settings);
    client.on('error', (error) => {
      this.#onError(error);
    });
    client.on('end', () => {
      this.#reconnectSoon();
    });
    client.on('notification', ({ channel, payload }) => {
      this.#handlers.get(channel)?.forEach((handle) => {
        handle(payload ?? '');
      });
    });
    await client.connect();
    for (const channel of this.#handlers.keys()) {
      await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    }
    this.#watch(client);
    return client;
  }

  /** Nothing is sent to one that listens, so no one would notice that the other side is gone. */
  #watch(client: pg.Client): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => {
      const limit = setTimeout(() => void client.end(), HEARTBEAT_MILLISECONDS);
      client
        .query('select 1')
        .catch(this.#onError)
        .finally(() => {
          clearTimeout(limit);
        });
    }, HEARTBEAT_MILLISECONDS);
  }

  #reconnectSoon(): void {
    this.#client = undefined;
    clearInterval(this.#heartbeat);
    if (!this.#closed && this.#retry === undefined) {
      this.#retry = setTimeout(() => {
        this.#retry = undefined;
        this.#connected().catch((error: unknown) => {
          this.#onError(error instanceof Error ? error : new Error('The listener cannot connect'));
          this.#reconnectSoon();
        });
      }, 1000);
    }
  }
}
