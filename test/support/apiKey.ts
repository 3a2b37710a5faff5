/** API keys for tests, made as the command makes them. */
import { randomBytes } from 'node:crypto';
import { openApiKeyStore } from '../../src/db/delivery/apiKeys.ts';
import { createApiKey } from '../../src/delivery/apiKeys.ts';
import type { ApiKey } from '../../src/domain/apiKeys.ts';
import type { Answer, World } from './createWorld.ts';

const READS_CHANGES: Omit<ApiKey, 'id'> = {
  name: 'of a test',
  scopes: ['read:changes'],
  organizationIds: null,
  expiresAt: null,
  allowedAddresses: null,
};

/** Answers the text of a new key. */
export async function makeKey({ product }: World, description: Partial<Omit<ApiKey, 'id'>> = {}): Promise<string> {
  const ports = { keys: openApiKeyStore(product.database), random: randomBytes, now: () => new Date() };
  return (await createApiKey(ports, { ...READS_CHANGES, ...description })).text;
}

/** Calls the operator's API with a key. */
export function withKey(world: World, key: string, path: string): Promise<Answer> {
  return world.request(path, { headers: { authorization: `Bearer ${key}` } });
}
