/** A key opens what it was made for, until it expires or is revoked. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type ApiKeyPorts, createApiKey, findApiKey } from '../../src/delivery/apiKeys.ts';
import { keyHashOf } from '../../src/delivery/keyText.ts';
import type { StoredApiKey } from '../../src/delivery/ports.ts';

const NOON = Date.parse('2026-11-30T12:00:00Z');
const DESCRIPTION = {
  name: 'CRM',
  scopes: ['read:changes'],
  organizationIds: null,
  expiresAt: null,
  allowedAddresses: null,
} as const;

let stored: Map<string, StoredApiKey>;
let used: string[];
let now: number;
let made: number;

const ports: ApiKeyPorts = {
  keys: {
    find: (id) => Promise.resolve(stored.get(id) ?? null),
    add: (key) => {
      stored.set(key.id, key);
      return Promise.resolve();
    },
    revoke: () => Promise.resolve(false),
    list: () => Promise.resolve([]),
    use: (id) => {
      used.push(id);
      return Promise.resolve();
    },
  },
  random: (bytes) => new Uint8Array(bytes).fill((made += 1)),
  now: () => new Date(now),
};

beforeEach(() => {
  stored = new Map();
  used = [];
  now = NOON;
  made = 0;
});

test('a new key is found by its text, and is stored without it', async () => {
  const { key, text } = await createApiKey(ports, DESCRIPTION);

  expect([...stored.values()]).toEqual([
    { ...key, hash: keyHashOf(text), revokedAt: null, lastUsedAt: null, madeBy: null },
  ]);
  expect(JSON.stringify([...stored.values()])).not.toContain(text.split('_')[2]);
  expect(await findApiKey(ports, text)).toMatchObject({ id: key.id, ...DESCRIPTION });
  expect(used).toEqual([key.id]);
});

test('its use is written once a minute', async () => {
  const { key, text } = await createApiKey(ports, DESCRIPTION);
  const lastUsedAt = new Date(NOON);
  stored.set(key.id, { ...(stored.get(key.id) ?? never()), lastUsedAt });
  now = NOON + 60_000;
  await findApiKey(ports, text);
  const within = [...used];
  now += 1;
  await findApiKey(ports, text);

  expect([within, used]).toEqual([[], [key.id]]);
});

describe('is none', () => {
  test('another secret under the same name', async () => {
    const { key, text } = await createApiKey(ports, DESCRIPTION);
    const other = await createApiKey(ports, DESCRIPTION);
    stored.set(key.id, { ...(stored.get(key.id) ?? never()), hash: keyHashOf(other.text) });

    expect(await findApiKey(ports, text)).toBeNull();
    expect(used).toEqual([]);
  });

  test('a key of another installation', async () => {
    const { text } = await createApiKey(ports, DESCRIPTION);
    stored.clear();

    expect(await findApiKey(ports, text)).toBeNull();
  });

  test('one that has expired, to the millisecond', async () => {
    const { text } = await createApiKey(ports, { ...DESCRIPTION, expiresAt: new Date(NOON + 1_000) });
    now = NOON + 999;
    const before = await findApiKey(ports, text);
    now = NOON + 1_000;

    expect(before).not.toBeNull();
    expect(await findApiKey(ports, text)).toBeNull();
  });

  test('one that was revoked', async () => {
    const { key, text } = await createApiKey(ports, DESCRIPTION);
    stored.set(key.id, { ...(stored.get(key.id) ?? never()), revokedAt: new Date(NOON) });

    expect(await findApiKey(ports, text)).toBeNull();
  });
});

function never(): never {
  throw new Error('It was stored');
}
