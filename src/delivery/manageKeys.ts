/**
 * Keys as other keys make, see and end them: none gives what it doesn't have.
 *
 * Errors  `scope_missing`, `not_found`; a field that goes beyond the key that asks.
 */
import { type ApiKey, coversOrganizations } from '../domain/apiKeys.ts';
import { type FieldRefused, refuse, type Refused, refuseField } from '../domain/problems.ts';
import { type ApiKeyPorts, createApiKey } from './apiKeys.ts';
import type { ApiKeyStore, StoredApiKey } from './ports.ts';

export interface MadeKey {
  readonly kind: 'made';
  readonly key: ApiKey;
  /** Shown now, and never again. */
  readonly text: string;
}

export async function makeKeyBy(
  ports: ApiKeyPorts,
  by: ApiKey,
  wanted: Omit<ApiKey, 'id'>,
): Promise<MadeKey | FieldRefused | Refused> {
  const description = { ...wanted, organizationIds: wanted.organizationIds ?? by.organizationIds };
  return refusalOfKey(by, wanted) ?? { kind: 'made', ...(await createApiKey(ports, description, by.id)) };
}

/** What a key can't make; `null` for what it can. */
export function refusalOfKey(by: ApiKey, wanted: Omit<ApiKey, 'id'>): FieldRefused | Refused | null {
  const description = { ...wanted, organizationIds: wanted.organizationIds ?? by.organizationIds };
  if (!description.scopes.every((scope) => by.scopes.includes(scope))) {
    return refuse('scope_missing');
  }
  if (!coversOrganizations(by, description.organizationIds)) {
    return refuse('not_found');
  }
  if (by.expiresAt !== null && (description.expiresAt === null || description.expiresAt > by.expiresAt)) {
    return refuseField('expiresAt', 'must not be later than that of the key that makes it');
  }
  const isFromAnywhere = by.allowedAddresses === null;
  if (!isFromAnywhere && !description.allowedAddresses?.every((each) => by.allowedAddresses?.includes(each))) {
    return refuseField('allowedAddresses', 'must be some of those of the key that makes it');
  }
  return null;
}

export type ListedKey = StoredApiKey & { readonly createdAt: Date };

export async function listKeysFor(keys: ApiKeyStore, by: ApiKey): Promise<readonly ListedKey[]> {
  return (await keys.list()).filter((each) => coversOrganizations(by, each.organizationIds));
}

/** Answers whether there was one that could be ended. */
export async function revokeKeyBy({ keys, now }: ApiKeyPorts, by: ApiKey, id: string): Promise<boolean> {
  const found = await keys.find(id);
  return found !== null && coversOrganizations(by, found.organizationIds) && keys.revoke(id, now());
}
