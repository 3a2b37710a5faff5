/**
 * Connections to PostgreSQL that may break at any moment: one that does ends nothing but the query that it was running,
 * and no query waits for ever.
 *
 * Units   A connection is made within 5 seconds. The server ends a statement after 30; where the server itself does not
 *         answer, the connection is cut 5 seconds later.
 * Errors  `StorageUnavailableError` for whatever is no answer of the database: refused, reset, cut, not in time.
 * Source  pg-pool takes its own listener off a client while it is in use, so that a break would be an unhandled `error`
 *         event then (node-postgres, "pg.Pool", events).
 */
import type { PostgresCursor, PostgresPool as KyselyPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';

const CONNECT_MILLISECONDS = 5_000;
const STATEMENT_MILLISECONDS = 30_000;
const GRACE_MILLISECONDS = 5_000;
const KEEP_ALIVE_MILLISECONDS = 10_000;

export class StorageUnavailableError extends Error {
  override readonly name = 'StorageUnavailableError';
  readonly code = 'storage_unavailable';
}

export interface PoolOptions {
  readonly url: string;
  /** How many connections there are at the most. */
  readonly limit: number;
  readonly types?: pg.CustomTypesConfig;
  /** Migrations take as long as they take. */
  readonly isPatient?: boolean;
  /** A connection broke, in use or not. */
  readonly onError: (error: Error) => void;
}

export interface PostgresPool extends KyselyPool {
  query(text: string, values?: readonly unknown[]): Promise<readonly unknown[]>;
}

/** What every connection is made with, listeners too. */
export function connectionSettings(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'assent',
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MILLISECONDS,
  };
}

export function openPostgresPool({ url, limit, types, isPatient = false, onError }: PoolOptions): PostgresPool {
  const pool = new pg.Pool({
    ...connectionSettings(url),
    max: limit,
    ...(types === undefined ? {} : { types }),
    ...(isPatient ? {} : { statement_timeout: STATEMENT_MILLISECONDS }),
  });
  pool.on('error', onError);
  pool.on('connect', (client) => {
    client.on('error', onError);
  });
  const maxMilliseconds = isPatient ? null : STATEMENT_MILLISECONDS + GRACE_MILLISECONDS;
  const guarded = new WeakMap<pg.PoolClient, GuardedClient>();
  const connect = async () => {
    const client = await answered(pool.connect());
    const known = guarded.get(client) ?? new GuardedClient(client, maxMilliseconds);
    guarded.set(client, known);
    return known;
  };
  return {
    options: pool.options,
    connect,
    query: async (text, values = []) => {
      const client = await connect();
      try {
        const { rows } = await client.query(text, values);
        return rows;
      } finally {
        client.release();
      }
    },
    end: () => pool.end(),
  };
}

/** A client whose queries end, one way or the other. */
class GuardedClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  readonly #maxMilliseconds: number | null;

  constructor(client: pg.PoolClient, maxMilliseconds: number | null) {
    this.#client = client;
    this.#maxMilliseconds = maxMilliseconds;
  }

  query<Row>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  query(text: unknown, values: readonly unknown[] = []): unknown {
    if (typeof text !== 'string') {
      throw new TypeError('Cursors are not used here');
    }
    const asked = answered(this.#client.query(text, [...values]));
    return this.#maxMilliseconds === null ? asked : this.#inTime(asked, this.#maxMilliseconds);
  }

  release(destroy = false): void {
    this.#client.release(destroy);
  }

  /** A connection without an answer is cut, which refuses everything that waits for one; the pool makes another. */
  async #inTime<T>(asked: Promise<T>, milliseconds: number): Promise<T> {
    const timer = setTimeout(() => {
      void endClient(this.#client);
    }, milliseconds);
    try {
      return await asked;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** While a query is in progress the driver cuts the connection instead of saying goodbye. */
async function endClient(client: pg.PoolClient): Promise<void> {
  await (client instanceof pg.Client ? client.end() : undefined);
}

/** What is no answer of the database becomes the one fault that says so; mistakes of ours stay what they are. */
async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof pg.DatabaseError || error instanceof TypeError || error instanceof RangeError) {
      throw error;
    }
    throw new StorageUnavailableError('The database does not answer', { cause: error });
  }
}
