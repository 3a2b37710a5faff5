/**
 * Data keys, unwrapped and ready to use: one per connection and category, and one for its credential.
 *
 * Shapes  Master keys come as `id:base64` pairs or plain base64, 32 bytes each; the first wraps new keys,
 *         all unwrap. The wrapping's associated data names tenant, member, purpose and key.
 * Units   An unwrapped key is kept for at most 5 seconds, so that every process drops a destroyed key in
 *         that time.
 * Errors  `WrongMasterKeyError` when a stored key was wrapped by a master key that is not there.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { DataKey, type SealContext, seal, SealBrokenError, unseal } from './sealing.ts';
import {
  type DestroyedKey,
  KEY_PURPOSES,
  type KeyName,
  type KeyPurpose,
  type KeyStore,
  type WrappedKey,
} from './keyStore.ts';

const CACHE_TTL_MS = 5_000;
const MASTER_KEY_BYTES = 32;
const KEY_CHECK_CONTEXT: SealContext = ['assent key check'];
const FEED_MARK_CONTEXT: SealContext = ['assent feed mark'];

export class WrongMasterKeyError extends Error {
  override readonly name = 'WrongMasterKeyError';
  readonly code = 'wrong_master_key';
}

export class UnusableMasterKeysError extends Error {
  override readonly name = 'UnusableMasterKeysError';
  readonly code = 'unusable_master_keys';
}

export interface MasterKey {
  readonly id: string;
  readonly secret: Buffer;
}

/** Reads `MASTER_KEYS`: base64 values of 32 bytes, separated by commas. */
export function parseMasterKeys(text: string): readonly [MasterKey, ...MasterKey[]] {
  const [first, ...rest] = text.split(',').map((part) => parseMasterKey(part.trim()));
  if (first === undefined) {
    throw new UnusableMasterKeysError('MASTER_KEYS is empty');
  }
  return [first, ...rest];
}

/** A new master key in the form that `MASTER_KEYS` takes. */
export function makeMasterKey(): string {
  return randomBytes(MASTER_KEY_BYTES).toString('base64');
}

function parseMasterKey(text: string): MasterKey {
  const secret = Buffer.from(text, 'base64');
  if (secret.length !== MASTER_KEY_BYTES || secret.every((byte) => byte === secret[0])) {
    throw new UnusableMasterKeysError(
      'MASTER_KEYS must hold base64 values of 32 random bytes: make one with `openssl rand -base64 32`',
    );
  }
  return { id: createHash('sha256').update('assent master key id').update(secret).digest('hex').slice(0, 12), secret };
}

export type Keys = Partial<Readonly<Record<KeyPurpose, DataKey>>>;

interface CachedKey {
  readonly key: DataKey;
  readonly until: number;
}

export class Keyring {
  readonly #store: KeyStore;
  readonly #masters: readonly [MasterKey, ...MasterKey[]];
  readonly #now: () => Date;
  readonly #kept = new Map<string, CachedKey>();

  private constructor(store: KeyStore, masters: readonly [MasterKey, ...MasterKey[]], now: () => Date) {
    this.#store = store;
    this.#masters = masters;
    this.#now = now;
  }

  /** Refuses to start with master keys that are not those of the stored data. */
  static async open(store: KeyStore, masters: readonly [MasterKey, ...MasterKey[]], now: () => Date): Promise<Keyring> {
    const check = await store.readCheck();
    if (check === null) {
      await store.writeCheck(seal(masters[0].secret, KEY_CHECK_CONTEXT, randomBytes(16)));
    } else if (!masters.some((master) => opens(master, KEY_CHECK_CONTEXT, check))) {
      throw new WrongMasterKeyError(
        'The stored keys were made with another master key: restore KEYS_DIR or MASTER_KEYS as they were',
      );
    }
    return new Keyring(store, masters, now);
  }

  /** The key for reading, or `null` when there is none: what it sealed cannot be read any more. */
  async forReading(name: KeyName): Promise<DataKey | null> {
    return this.#cached(name) ?? this.#keep(name, await this.#store.read(name));
  }

  /** The same, never a kept one. */
  async freshForReading(name: KeyName): Promise<DataKey | null> {
    return this.#keep(name, await this.#store.read(name));
  }

  /** Whether there is a key of that name, whatever it was wrapped with. */
  async holds(name: KeyName): Promise<boolean> {
    return (await this.#store.read(name)) !== null;
  }

  /** Every key of a member's content and rules that there is. */
  async allForReading({ tenantId, memberId }: Pick<KeyName, 'tenantId' | 'memberId'>): Promise<Keys> {
    const keys: Partial<Record<KeyPurpose, DataKey>> = {};
    for (const purpose of KEY_PURPOSES) {
      const key = purpose === 'credential' ? null : await this.forReading({ tenantId, memberId, purpose });
      if (key !== null) {
        keys[purpose] = key;
      }
    }
    return keys;
  }

  /** The key for writing, made when there is none; never a kept one, which may have been destroyed meanwhile. */
  async forWriting(name: KeyName): Promise<DataKey> {
    const stored = (await this.#store.read(name)) ?? (await this.#store.add(name, this.#wrapNew(name)));
    return this.#keep(name, stored);
  }

  /** Destroys the key, or only the one of that id; from here on nothing that it sealed can be read, in any backup. */
  async destroy(name: KeyName, keyId?: string): Promise<void> {
    await this.#store.destroy(name, this.#now(), keyId);
    this.#kept.delete(textOf(name));
  }

  /** Every key that was ever destroyed. */
  ledger(): Promise<readonly DestroyedKey[]> {
    return this.#store.ledger();
  }

  /**
   * What the feed is recognized by, as `change` leaves it (`null`: as it is): the one that is stored, or `made`, which is
   * stored then. Whoever changes it at the same time comes first, or second.
   */
  async changeFeedMark(made: Uint8Array, change: (mark: Buffer) => Uint8Array | null): Promise<Buffer> {
    const sealed =
      (await this.#store.readFeedMark()) ?? (await this.#store.addFeedMark(this.sealByMaster(FEED_MARK_CONTEXT, made)));
    const mark = this.openByMaster(FEED_MARK_CONTEXT, sealed);
    const changed = change(mark);
    if (changed === null) {
      return mark;
    }
    const isChanged = await this.#store.replaceFeedMark(sealed, this.sealByMaster(FEED_MARK_CONTEXT, changed));
    return isChanged ? Buffer.from(changed) : this.changeFeedMark(made, change);
  }

  /** Seals what belongs to no one whose key can be destroyed. */
  sealByMaster(context: SealContext, plain: Uint8Array): Buffer {
    return seal(this.#masters[0].secret, context, plain);
  }

  openByMaster(context: SealContext, sealed: Uint8Array): Buffer {
    const master = this.#masters.find((each) => opens(each, context, sealed));
    if (master === undefined) {
      throw new WrongMasterKeyError(
        `A ${context[0] ?? ''} was sealed by a master key that MASTER_KEYS no longer holds`,
      );
    }
    return unseal(master.secret, context, sealed);
  }

  /** Whether the store answers and the master keys still fit. */
  async isReadable(): Promise<boolean> {
    const check = await this.#store.readCheck();
    return check !== null && this.#masters.some((master) => opens(master, KEY_CHECK_CONTEXT, check));
  }

  #cached(name: KeyName): DataKey | null {
    const kept = this.#kept.get(textOf(name));
    return kept !== undefined && kept.until > this.#now().getTime() ? kept.key : null;
  }

  #keep(name: KeyName, wrapped: WrappedKey): DataKey;
  #keep(name: KeyName, wrapped: WrappedKey | null): DataKey | null;
  #keep(name: KeyName, wrapped: WrappedKey | null): DataKey | null {
    if (wrapped === null) {
      this.#kept.delete(textOf(name));
      return null;
    }
    const key = new DataKey(wrapped.keyId, this.#unwrap(name, wrapped));
    this.#kept.set(textOf(name), { key, until: this.#now().getTime() + CACHE_TTL_MS });
    return key;
  }

  #wrapNew(name: KeyName): WrappedKey {
    const keyId = randomUUID();
    const [master] = this.#masters;
    return { keyId, masterKeyId: master.id, wrapped: seal(master.secret, placeOf(name, keyId), randomBytes(32)) };
  }

  #unwrap(name: KeyName, { keyId, masterKeyId, wrapped }: WrappedKey): Buffer {
    const master = this.#masters.find(({ id }) => id === masterKeyId);
    if (master === undefined) {
      throw new WrongMasterKeyError('A data key was wrapped by a master key that MASTER_KEYS no longer holds');
    }
    return unseal(master.secret, placeOf(name, keyId), wrapped);
  }
}

function opens(master: MasterKey, context: SealContext, sealed: Uint8Array): boolean {
  try {
    unseal(master.secret, context, sealed);
    return true;
  } catch (error) {
    if (error instanceof SealBrokenError) {
      return false;
    }
    throw error;
  }
}

function placeOf(name: KeyName, keyId: string): SealContext {
  return ['data key', name.tenantId, name.memberId, name.purpose, keyId];
}

function textOf(name: KeyName): string {
  return `${name.tenantId}/${name.memberId}/${name.purpose}`;
}
