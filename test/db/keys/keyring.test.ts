import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openFileKeyStore, loadOrCreateMasterKeys } from '../../../src/db/keys/fileKeyStore.ts';
import {
  Keyring,
  makeMasterKey,
  parseMasterKeys,
  UnusableMasterKeysError,
  WrongMasterKeyError,
} from '../../../src/db/keys/keyring.ts';
import type { KeyName } from '../../../src/db/keys/keyStore.ts';
import { openDatabaseKeyStore } from '../../../src/db/keys/databaseKeyStore.ts';
import { DataKey, SealBrokenError } from '../../../src/db/keys/sealing.ts';
import { ENGINES, newPostgres } from '../../support/databases.ts';

const MARAS_MAIL: KeyName = {
  tenantId: '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001',
  memberId: '7c2a9e10-0001-4c3d-8e5f-100000000001',
  purpose: 'mail',
};
const PLACE = ['item', 'a', 'b'];
const now = () => new Date('2026-11-21T10:00:00Z');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-keys-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const STORES = [
  ['files', () => Promise.resolve(openFileKeyStore(folder))],
  ...(ENGINES.includes('postgres')
    ? [['a database', async () => openDatabaseKeyStore(await newPostgres(), () => undefined)] as const]
    : []),
] as const;

describe.each(STORES)('data keys in %s', (_name, open) => {
  test('what was sealed opens again after a restart, with the same key', async () => {
    const store = await open();
    const masters = parseMasterKeys(makeMasterKey());
    const sealed = (await (await Keyring.open(store, masters, now)).forWriting(MARAS_MAIL)).seal(PLACE, 'hello');
    const reopened = await (await Keyring.open(store, masters, now)).forReading(MARAS_MAIL);

    expect(reopened?.open(PLACE, sealed)).toBe('hello');
    await store.close();
  });

  test('destroying a key makes what it sealed unreadable, and its successor is another key', async () => {
    const store = await open();
    const keyring = await Keyring.open(store, parseMasterKeys(makeMasterKey()), now);
    const sealed = (await keyring.forWriting(MARAS_MAIL)).seal(PLACE, 'hello');
    await keyring.destroy(MARAS_MAIL);
    await keyring.destroy(MARAS_MAIL);

    expect(await keyring.forReading(MARAS_MAIL)).toBeNull();
    const successor = await keyring.forWriting(MARAS_MAIL);
    expect(() => successor.open(PLACE, sealed)).toThrow(SealBrokenError);
    await store.close();
  });

  test('two processes that make the same key at once get the same one', async () => {
    const store = await open();
    const masters = parseMasterKeys(makeMasterKey());
    const [first, second] = await Promise.all([Keyring.open(store, masters, now), Keyring.open(store, masters, now)]);
    const [one, other] = await Promise.all([first.forWriting(MARAS_MAIL), second.forWriting(MARAS_MAIL)]);

    expect(other.open(PLACE, one.seal(PLACE, 'same'))).toBe('same');
    await store.close();
  });

  test('a key that was destroyed already does not take its successor along', async () => {
    const store = await open();
    const keyring = await Keyring.open(store, parseMasterKeys(makeMasterKey()), now);
    const first = await keyring.forWriting(MARAS_MAIL);
    await keyring.destroy(MARAS_MAIL, first.id);
    const second = await keyring.forWriting(MARAS_MAIL);
    await keyring.destroy(MARAS_MAIL, first.id);

    expect((await keyring.freshForReading(MARAS_MAIL))?.id).toBe(second.id);
    expect((await keyring.ledger()).map(({ keyId }) => keyId)).toEqual([first.id]);
    await store.close();
  });

  test('another process stops using a destroyed key within five seconds', async () => {
    const store = await open();
    const masters = parseMasterKeys(makeMasterKey());
    let time = now();
    const web = await Keyring.open(store, masters, () => time);
    await web.forWriting(MARAS_MAIL);
    await (await Keyring.open(store, masters, now)).destroy(MARAS_MAIL);
    time = new Date(time.getTime() + 5_001);

    expect(await web.forReading(MARAS_MAIL)).toBeNull();
    await store.close();
  });

  test('SEC-06 a wrong master key is refused at the start', async () => {
    const store = await open();
    await Keyring.open(store, parseMasterKeys(makeMasterKey()), now);

    await expect(Keyring.open(store, parseMasterKeys(makeMasterKey()), now)).rejects.toThrow(WrongMasterKeyError);
    await store.close();
  });

  test('SEC-04 a new master key beside the old one continues reading what the old one wrapped', async () => {
    const store = await open();
    const old = makeMasterKey();
    const sealed = (await (await Keyring.open(store, parseMasterKeys(old), now)).forWriting(MARAS_MAIL)).seal(PLACE, 1);
    const rotated = await Keyring.open(store, parseMasterKeys(`${makeMasterKey()},${old}`), now);

    expect((await rotated.forReading(MARAS_MAIL))?.open(PLACE, sealed)).toBe(1);
    await store.close();
  });
});

test('the ledger names every destroyed key and is never emptied', async () => {
  const store = openFileKeyStore(folder);
  const keyring = await Keyring.open(store, parseMasterKeys(makeMasterKey()), now);
  for (let round = 0; round < 3; round += 1) {
    await keyring.forWriting(MARAS_MAIL);
    await keyring.destroy(MARAS_MAIL);
  }
  const ledger = await keyring.ledger();

  expect(new Set(ledger.map(({ keyId }) => keyId)).size).toBe(3);
  expect(ledger).toContainEqual(expect.objectContaining({ ...MARAS_MAIL, destroyedAt: now() }));
  expect(await readdir(join(folder, 'data', MARAS_MAIL.tenantId, MARAS_MAIL.memberId))).toEqual([]);
});

test('an entry that a crash cut off spoils none of the others', async () => {
  const keyring = await Keyring.open(openFileKeyStore(folder), parseMasterKeys(makeMasterKey()), now);
  await keyring.forWriting(MARAS_MAIL);
  await appendFile(join(folder, 'ledger.jsonl'), '\n{"tenantId":"5d1f');
  await keyring.destroy(MARAS_MAIL);

  expect(await keyring.ledger()).toHaveLength(1);
});

test('an installation makes its master key once', async () => {
  const first = await loadOrCreateMasterKeys(folder, makeMasterKey);

  expect(await loadOrCreateMasterKeys(folder, makeMasterKey)).toBe(first);
});

test.each(['', 'short', Buffer.alloc(32).toString('base64'), 'x'.repeat(44)])('SEC-05 %j is no master key', (text) => {
  expect(() => parseMasterKeys(text)).toThrow(UnusableMasterKeysError);
});

describe('sealing', () => {
  const key = new DataKey('first', Buffer.alloc(32, 7));

  test('SEC-02 an envelope opens in its own place only, and not when a single bit was changed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.string(), { minLength: 1 }), fc.nat(), (value, place, at) => {
        const sealed = key.seal(place, value);
        expect(key.open(place, sealed)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(() => key.open([...place, 'elsewhere'], sealed)).toThrow(SealBrokenError);
        const altered = Buffer.from(sealed);
        const position = at % altered.length;
        altered.writeUInt8(altered.readUInt8(position) ^ 1, position);
        expect(() => key.open(place, altered)).toThrow(SealBrokenError);
      }),
    );
  });

  test('SEC-03 the same text sealed twice gives two envelopes', () => {
    expect(key.seal(PLACE, 'same')).not.toEqual(key.seal(PLACE, 'same'));
  });

  test('a lookup is the same for the same value and key, and tells fields apart', () => {
    expect(key.lookup('message', '<a@b>')).toBe(key.lookup('message', '<a@b>'));
    expect(key.lookup('message', '<a@b>')).not.toBe(key.lookup('conversation', '<a@b>'));
    expect(key.lookup('message', '<a@b>')).not.toBe(
      new DataKey('second', Buffer.alloc(32, 8)).lookup('message', '<a@b>'),
    );
  });
});
