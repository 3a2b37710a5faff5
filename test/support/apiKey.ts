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

/** Reads from the operator's API with a key. */
export function withKey(world: World, key: string, path: string): Promise<Answer> {
  return callWithKey(world, key, 'GET', path);
}

/** Calls the operator's API with a key, and with a body where there is one. */
export function callWithKey(
  world: World,
  key: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  return world.request(path, { method, headers: { authorization: `Bearer ${key}`, ...type, ...headers }, ...sent });
}
