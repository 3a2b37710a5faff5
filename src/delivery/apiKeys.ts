/** Makes API keys, ends them, and tells from a text whose key it is. */
import { timingSafeEqual } from 'node:crypto';
import type { ApiKey } from '../domain/apiKeys.ts';
import { keyHashOf, makeKeyText, parseKeyText } from './keyText.ts';
import type { ApiKeyStore } from './ports.ts';

const USE_MILLISECONDS = 60_000;

export interface ApiKeyPorts {
  readonly keys: ApiKeyStore;
  random(bytes: number): Uint8Array;
  now(): Date;
}

/** Answers the key with its text, which no one can have again. `madeBy`: the key that asked for it. */
export async function createApiKey(
  { keys, random, now }: ApiKeyPorts,
  description: Omit<ApiKey, 'id'>,
  madeBy: string | null = null,
): Promise<{ readonly key: ApiKey; readonly text: string }> {
  const { id, text } = makeKeyText(random);
  const key = { id, ...description };
  await keys.add({ ...key, hash: keyHashOf(text), revokedAt: null, lastUsedAt: null, madeBy }, now());
  return { key, text };
}

/** `null` for what is no key, or none any more. */
export async function findApiKey(
  { keys, now }: Pick<ApiKeyPorts, 'keys' | 'now'>,
  text: string,
): Promise<ApiKey | null> {
  const id = parseKeyText(text);
  const stored = id === null ? null : await keys.find(id);
  if (stored === null || !isSame(keyHashOf(text), stored.hash)) {
    return null;
  }
  const at = now();
  const isOver = stored.expiresAt !== null && stored.expiresAt <= at;
  if (stored.revokedAt !== null || isOver) {
    return null;
  }
  // What a key is used for is said to the minute: a statement for each request would be no use to anyone.
  if (stored.lastUsedAt === null || at.getTime() - stored.lastUsedAt.getTime() > USE_MILLISECONDS) {
    await keys.use(stored.id, at);
  }
  return stored;
}

function isSame(given: string, kept: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(kept)];
  return one.length === other.length && timingSafeEqual(one, other);
}
