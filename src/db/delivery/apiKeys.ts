/** API keys: of each a hash, what it may do, and when it was used. */
import type { Selectable } from 'kysely';
import type { ApiKeyStore, StoredApiKey } from '../../delivery/ports.ts';
import { API_SCOPES } from '../../domain/apiKeys.ts';
import type { Database } from '../openDatabase.ts';
import type { ApiKeysTable } from './deliveryTables.ts';

export function openApiKeyStore({ kysely: db }: Database): ApiKeyStore {
  return {
    find: async (id) => {
      const row = await db.selectFrom('api_keys').selectAll().where('key_id', '=', id).executeTakeFirst();
      return row === undefined ? null : toKey(row);
    },
    add: async (key, at) => {
      await db
        .insertInto('api_keys')
        .values({
          key_id: key.id,
          name: key.name,
          hash: key.hash,
          scopes: [...key.scopes],
          organization_ids: key.organizationIds === null ? null : [...key.organizationIds],
          created_at: at,
          expires_at: key.expiresAt,
          revoked_at: key.revokedAt,
          last_used_at: key.lastUsedAt,
          made_by: key.madeBy,
          allowed_addresses: key.allowedAddresses === null ? null : [...key.allowedAddresses],
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    revoke: async (id, at) => {
      const result = await db
        .updateTable('api_keys')
        .set({ revoked_at: at })
        .where('key_id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    list: async () => {
      const rows = await db.selectFrom('api_keys').selectAll().orderBy('created_at').execute();
      return rows.map((row) => ({ ...toKey(row), createdAt: row.created_at }));
    },
    use: async (id, at) => {
      await db.updateTable('api_keys').set({ last_used_at: at }).where('key_id', '=', id).execute();
    },
  };
}

function toKey(row: Selectable<ApiKeysTable>): StoredApiKey {
  return {
    id: row.key_id,
    name: row.name,
    // A scope that this version doesn't know gives no right.
    scopes: API_SCOPES.filter((scope) => row.scopes.includes(scope)),
    organizationIds: row.organization_ids,
    expiresAt: row.expires_at,
    allowedAddresses: row.allowed_addresses,
    hash: row.hash,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
    madeBy: row.made_by,
  };
}
