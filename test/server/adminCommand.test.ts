/** `admin keys`: a key is made, shown once, named afterwards, and ended. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { findApiKey } from '../../src/delivery/apiKeys.ts';
import type { StoredApiKey } from '../../src/delivery/ports.ts';
import { type AdminOptions, type AdminPorts, runAdmin } from '../../src/server/adminCommand.ts';
import { aConsentStore } from '../support/aConsentStore.ts';

const NOON = new Date('2026-11-30T12:00:00Z');
const HARBOR_REED = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001';

let keys: StoredApiKey[];
let made: number;

const ports: AdminPorts = {
  organizations: () => Promise.resolve([]),
  consent: { store: aConsentStore({}), now: () => NOON },
  keys: {
    find: (id) => Promise.resolve(keys.find((key) => key.id === id) ?? null),
    add: (key) => {
      keys.push(key);
      return Promise.resolve();
    },
    revoke: (id, revokedAt) => {
      const found = keys.some((key) => key.id === id && key.revokedAt === null);
      keys = keys.map((key) => (key.id === id ? { ...key, revokedAt } : key));
      return Promise.resolve(found);
    },
    list: () => Promise.resolve(keys.map((key) => ({ ...key, createdAt: NOON, lastUsedAt: null }))),
    use: () => Promise.resolve(),
  },
  random: (bytes) => new Uint8Array(bytes).fill((made += 1)),
  now: () => NOON,
};

beforeEach(() => {
  keys = [];
  made = 0;
});

const run = (words: string, options: AdminOptions = {}) => runAdmin(ports, words.split(' '), options);
const create = (options: AdminOptions = {}) => run('keys create', { name: 'CRM', scopes: 'read:changes', ...options });

test('a key is shown once, and is valid at once', async () => {
  const [text = '', ...rest] = await create();

  expect(rest).toEqual(['Keep it now: it is not shown again.']);
  expect(await findApiKey(ports, text)).toMatchObject({ name: 'CRM', scopes: ['read:changes'], organizationIds: null });
  expect((await run('keys list')).join('')).not.toContain(text.split('_')[2]);
});

test('its limits are as they were named', async () => {
  await create({ scopes: 'read:changes, read:items', organizations: HARBOR_REED, expires: '2027-12-31' });

  expect(keys).toMatchObject([
    {
      scopes: ['read:changes', 'read:items'],
      organizationIds: [HARBOR_REED],
      expiresAt: new Date('2027-12-31T00:00:00Z'),
    },
  ]);
});

test('the list says of each what it may do, and whether it is valid', async () => {
  await create();
  await create({ name: 'old', expires: '2020-01-01', organizations: HARBOR_REED });
  await create({ name: 'ended' });
  const [first, second, third] = keys.map(({ id }) => id);
  await run(`keys revoke ${third}`);

  expect(await run('keys list')).toEqual([
    `${first}\tCRM\tvalid\tread:changes\tall organizations\tnever used`,
    `${second}\told\texpired\tread:changes\t${HARBOR_REED}\tnever used`,
    `${third}\tended\trevoked\tread:changes\tall organizations\tnever used`,
  ]);
});

test('revoking ends a key, once', async () => {
  const [text = ''] = await create();
  const id = keys[0]?.id ?? '';

  expect(await run(`keys revoke ${id}`)).toEqual([`${id} is revoked.`]);
  await expect(run(`keys revoke ${id}`)).rejects.toThrow(`There is no key ${id} that is still valid`);
  expect(await findApiKey(ports, text)).toBeNull();
});

describe('says what a command line lacks', () => {
  test.each<[string, AdminOptions, RegExp]>([
    [
      'keys create',
      {},
      /--name says what the key is for\n--scopes lists what the key may do: read:changes, read:items, read:organizations/,
    ],
    ['keys create', { name: 'CRM', scopes: 'everything' }, /--scopes lists words of: read:changes, read:items/],
    ['keys create', { name: 'CRM', scopes: 'read:changes', organizations: 'ours' }, /--organizations lists tenant ids/],
    ['keys create', { name: 'CRM', scopes: 'read:changes', expires: 'soon' }, /--expires is a date/],
    ['keys revoke', {}, /use admin keys create/],
    ['keys', {}, /use admin keys create/],
    ['people list', {}, /use admin keys create/],
  ])('%s %j', async (words, options, message) => {
    await expect(run(words, options)).rejects.toThrow(message);
    expect(keys).toEqual([]);
  });
});
