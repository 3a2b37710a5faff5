/** API keys, as the operator's API shows them. */
import type { z } from 'zod';
import type { KeySchema, ListedKeySchema } from '../../contract/operator/keys.ts';
import type { ListedKey } from '../../delivery/manageKeys.ts';
import type { ApiKey } from '../../domain/apiKeys.ts';

export function presentKey(key: ApiKey): z.infer<typeof KeySchema> {
  const { id, name, scopes, organizationIds, expiresAt, allowedAddresses } = key;
  return {
    id,
    name,
    scopes: [...scopes],
    organizationIds: organizationIds === null ? null : [...organizationIds],
    expiresAt: expiresAt?.toISOString() ?? null,
    allowedAddresses: allowedAddresses === null ? null : [...allowedAddresses],
  };
}

export function presentListedKey(key: ListedKey): z.infer<typeof ListedKeySchema> {
  return {
    ...presentKey(key),
    createdAt: key.createdAt.toISOString(),
    madeBy: key.madeBy,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  };
}
