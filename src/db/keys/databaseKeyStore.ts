/**
 * The key store of a production installation: a PostgreSQL database of its own (`KEYS_DATABASE_URL`),
 * which every process shares and which no backup of the main database contains.
 */
import { z } from 'zod';
import { openPostgresPool, type PostgresPool } from '../postgresPool.ts';
import { type DestroyedKey, KEY_PURPOSES, type KeyName, type KeyStore, type WrappedKey } from './keyStore.ts';

const TABLES = `
  create table if not exists data_keys (
    tenant_id uuid not null,
    member_id uuid not null,
    purpose text not null,
    key_id text not null,
    master_key_id text not null,
    wrapped bytea not null,
    primary key (tenant_id, member_id, purpose)
  );
  create table if not exists deletion_ledger (
    key_id text primary key,
    tenant_id uuid not null,
    member_id uuid not null,
    purpose text not null,
    destroyed_at timestamptz not null
  );
  create table if not exists feed_mark (id boolean primary key default true check (id), value bytea not null);
  create table if not exists key_check (id boolean primary key default true check (id), value bytea not null);
`;

const KeyRow = z.object({ key_id: z.string(), master_key_id: z.string(), wrapped: z.instanceof(Buffer) });
const LedgerRow = z.object({
  key_id: z.string(),
  tenant_id: z.string(),
  member_id: z.string(),
  purpose: z.enum(KEY_PURPOSES),
  destroyed_at: z.date(),
});
const ValueRow = z.object({ value: z.instanceof(Buffer) });

const MAX_CONNECTIONS = 4;
const CREATION_LOCK = 7_310_041;

export async function openDatabaseKeyStore(url: string, onError: (error: Error) => void): Promise<KeyStore> {
  const pool = openPostgresPool({ url, limit: MAX_CONNECTIONS, onError });
  await createTables(pool);
  const read = async (name: KeyName) => {
    const rows = await pool.query(
      'select key_id, master_key_id, wrapped from data_keys where tenant_id = $1 and member_id = $2 and purpose = $3',
      valuesOf(name),
    );
    return rows.length === 0 ? null : parseKey(rows[0]);
  };
  return {
    read,
    add: async (name, key) => {
      await pool.query('insert into data_keys values ($1, $2, $3, $4, $5, $6) on conflict do nothing', [
        ...valuesOf(name),
        key.keyId,
        key.masterKeyId,
        key.wrapped,
      ]);
      return (await read(name)) ?? key;
    },
    destroy: async (name, at, keyId) => {
      await pool.query(
        `with gone as (
           delete from data_keys where tenant_id = $1 and member_id = $2 and purpose = $3 and ($5::text is null or key_id::text = $5)
           returning key_id, tenant_id, member_id, purpose
         ) insert into deletion_ledger select key_id, tenant_id, member_id, purpose, $4 from gone`,
        [...valuesOf(name), at, keyId ?? null],
      );
    },
    ledger: async () => {
      const rows = await pool.query('select * from deletion_ledger order by destroyed_at');
      return rows.map(parseDestroyed);
    },
    readCheck: async () => {
      const rows = await pool.query('select value from key_check');
      return rows.length === 0 ? null : ValueRow.parse(rows[0]).value;
    },
    writeCheck: async (value) => {
      await pool.query(
        'insert into key_check (value) values ($1) on conflict (id) do update set value = excluded.value',
        [value],
      );
    },
    ...feedMarkIn(pool),
    close: () => pool.end(),
  };
}

function feedMarkIn(pool: PostgresPool): Pick<KeyStore, 'readFeedMark' | 'addFeedMark' | 'replaceFeedMark'> {
  const readFeedMark = async () => {
    const rows = await pool.query('select value from feed_mark');
    return rows.length === 0 ? null : ValueRow.parse(rows[0]).value;
  };
  return {
    readFeedMark,
    addFeedMark: async (value) => {
      await pool.query('insert into feed_mark (value) values ($1) on conflict do nothing', [value]);
      return (await readFeedMark()) ?? value;
    },
    replaceFeedMark: async (before, after) => {
      const rows = await pool.query('update feed_mark set value = $2 where value = $1 returning value', [
        before,
        after,
      ]);
      return rows.length > 0;
    },
  };
}

/** Two processes that start at once must not both create: `if not exists` alone can collide. */
async function createTables(pool: PostgresPool): Promise<void> {
  const client = await pool.connect();
  let isBroken = true;
  try {
    await client.query('begin', []);
    await client.query('select pg_advisory_xact_lock($1)', [CREATION_LOCK]);
    await client.query(TABLES, []);
    await client.query('commit', []);
    isBroken = false;
  } finally {
    client.release(isBroken);
  }
}

function valuesOf({ tenantId, memberId, purpose }: KeyName): string[] {
  return [tenantId, memberId, purpose];
}

function parseDestroyed(row: unknown): DestroyedKey {
  const {
    key_id: keyId,
    tenant_id: tenantId,
    member_id: memberId,
    purpose,
    destroyed_at: destroyedAt,
  } = LedgerRow.parse(row);
  return { keyId, tenantId, memberId, purpose, destroyedAt };
}

function parseKey(row: unknown): WrappedKey {
  const { key_id: keyId, master_key_id: masterKeyId, wrapped } = KeyRow.parse(row);
  return { keyId, masterKeyId, wrapped };
}
