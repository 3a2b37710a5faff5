/** A keyring whose store is in memory. */
import { Keyring, makeMasterKey, parseMasterKeys } from '../../src/db/keys/keyring.ts';
import type { DestroyedKey, KeyName, KeyStore, WrappedKey } from '../../src/db/keys/keyStore.ts';

export function memoryKeys(now: () => Date): Promise<Keyring> {
  const keys = new Map<string, WrappedKey>();
  const ledger: DestroyedKey[] = [];
  let check: Buffer | null = null;
  let feedMark: Buffer | null = null;
  const nameOf = ({ tenantId, memberId, purpose }: KeyName) => `${tenantId}/${memberId}/${purpose}`;
  const store: KeyStore = {
    read: (name) => Promise.resolve(keys.get(nameOf(name)) ?? null),
    add: (name, key) => {
      const stored = keys.get(nameOf(name)) ?? key;
      keys.set(nameOf(name), stored);
      return Promise.resolve(stored);
    },
    destroy: (name, destroyedAt, keyId) => {
      const key = keys.get(nameOf(name));
      if (key !== undefined && key.keyId === (keyId ?? key.keyId)) {
        ledger.push({ ...name, keyId: key.keyId, destroyedAt });
        keys.delete(nameOf(name));
      }
      return Promise.resolve();
    },
    ledger: () => Promise.resolve([...ledger]),
    readCheck: () => Promise.resolve(check),
    writeCheck: (value) => {
      check = value;
      return Promise.resolve();
    },
    readFeedMark: () => Promise.resolve(feedMark),
    addFeedMark: (value) => {
      feedMark ??= value;
      return Promise.resolve(feedMark);
    },
    replaceFeedMark: (before, after) => {
      const isCurrent = feedMark?.equals(before) === true;
      feedMark = isCurrent ? after : feedMark;
      return Promise.resolve(isCurrent);
    },
    close: () => Promise.resolve(),
  };
  return Keyring.open(store, parseMasterKeys(makeMasterKey()), now);
}
