import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Response } from 'undici';
import { SigningKeys, SigningKeysUnavailableError } from '../../src/microsoft/entra/signingKeys.ts';

const AUTHORITY = 'https://login.example';
const START = Date.parse('2026-11-21T12:00:00Z');
const HOUR = 3_600_000;

const rsa = (kid: string, bits = 2048) => ({
  ...generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' }),
  kid,
  use: 'sig',
  issuer: `${AUTHORITY}/{tenantid}/v2.0`,
});
const FIRST = rsa('first');
const SECOND = rsa('second');

let time: number;
let keySet: string;
let metadata: object;
let fetched: number;

beforeEach(() => {
  time = START;
  fetched = 0;
  keySet = JSON.stringify({ keys: [FIRST] });
  metadata = { issuer: `${AUTHORITY}/{tenantid}/v2.0`, jwks_uri: `${AUTHORITY}/common/discovery/v2.0/keys` };
});

function open(): SigningKeys {
  const http = {
    fetch: (url: string) => {
      fetched += Number(url.endsWith('/keys'));
      return Promise.resolve(new Response(url.endsWith('/keys') ? keySet : JSON.stringify(metadata)));
    },
    close: () => Promise.resolve(),
  };
  return new SigningKeys(http, AUTHORITY, () => new Date(time));
}

test('TOK-18 a key that was published since is found with one fetch, without a restart', async () => {
  const keys = open();
  await keys.find('first');
  time += HOUR / 2;
  keySet = JSON.stringify({ keys: [FIRST, SECOND] });

  expect(await keys.find('second')).not.toBeNull();
  expect(fetched).toBe(2);
});

test('a flood of unknown key ids costs one fetch', async () => {
  const keys = open();
  await keys.find('first');
  await Promise.all(Array.from({ length: 200 }, (_, index) => keys.find(`unknown ${index}`)));

  expect(fetched).toBe(1);
});

test('TOK-19 a key that was withdrawn is refused within an hour', async () => {
  const keys = open();
  await keys.find('first');
  keySet = JSON.stringify({ keys: [SECOND] });
  time += HOUR + 1;

  expect(await keys.find('first')).toBeNull();
});

test('TOK-21 keys serve for a day while Microsoft cannot be reached, and not longer', async () => {
  const keys = open();
  await keys.find('first');
  keySet = '<html>Service unavailable</html>';
  time += 23 * HOUR;
  expect(await keys.find('first')).not.toBeNull();
  time += 2 * HOUR;

  await expect(keys.find('first')).rejects.toThrow(SigningKeysUnavailableError);
});

describe('TOK-22 a key set with something wrong in it', () => {
  test.each([
    ['a symmetric key', { kty: 'oct', kid: 'bad', k: 'AAAA' }],
    ['a short key', rsa('bad', 512)],
    ['a key for something else', { ...rsa('bad'), use: 'enc' }],
  ])('%s is passed over, the others serve', async (_what, bad) => {
    keySet = JSON.stringify({ keys: [bad, FIRST] });
    const keys = open();

    expect(await keys.find('bad')).toBeNull();
    expect(await keys.find('first')).not.toBeNull();
  });

  test('of two keys with one id neither serves', async () => {
    keySet = JSON.stringify({ keys: [FIRST, { ...SECOND, kid: 'first' }] });

    expect(await open().find('first')).toBeNull();
  });

  test('one of five megabytes is not read', async () => {
    keySet = JSON.stringify({ keys: [FIRST], padding: 'x'.repeat(5_000_000) });

    await expect(open().find('first')).rejects.toThrow(SigningKeysUnavailableError);
  });
});

describe('TOK-23 metadata of another authority', () => {
  test.each([
    ['another issuer', { issuer: 'https://evil.example/{tenantid}/v2.0' }],
    ['keys from elsewhere', { jwks_uri: 'https://evil.example/keys' }],
  ])('%s: no key is taken from it', async (_what, change) => {
    metadata = { ...metadata, ...change };

    await expect(open().find('first')).rejects.toThrow(SigningKeysUnavailableError);
  });
});
