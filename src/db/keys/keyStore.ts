/**
 * Where wrapped data keys and the deletion ledger live: apart from the database and from its backups.
 *
 * Shapes  A key is named by tenant, member and purpose (a category, `credential`, or `rules`). `wrapped` is the data
 *         key sealed with a master key. The ledger says which keys were destroyed and never forgets.
 */
import { CATEGORIES, type Category } from '../../domain/categories/categories.ts';
/** What a data key seals; each category has its own, so that erasing one is destroying its key. */
export type KeyPurpose = 'credential' | 'rules' | Category;
export const KEY_PURPOSES: readonly KeyPurpose[] = ['credential', 'rules', ...CATEGORIES];

export interface KeyName {
  readonly tenantId: string;
  readonly memberId: string;
  readonly purpose: KeyPurpose;
}

export interface WrappedKey {
  /** Differs for every key ever made, also for the successor of a destroyed one. */
  readonly keyId: string;
  readonly masterKeyId: string;
  readonly wrapped: Buffer;
}

/** An entry of the ledger. */
export interface DestroyedKey extends KeyName {
  readonly keyId: string;
  readonly destroyedAt: Date;
}

export interface KeyStore {
  read(name: KeyName): Promise<WrappedKey | null>;
  /** Stores the key unless the name has one; answers the one that is stored then. */
  add(name: KeyName, key: WrappedKey): Promise<WrappedKey>;
  /** Removes the key, or only the one of that id, and writes it into the ledger; doing it again changes nothing. */
  destroy(name: KeyName, at: Date, keyId?: string): Promise<void>;
  /** Every key that was ever destroyed. */
  ledger(): Promise<readonly DestroyedKey[]>;
  /** A value that only the right master key opens; `null` before the first start. */
  readCheck(): Promise<Buffer | null>;
  writeCheck(value: Buffer): Promise<void>;
  /** What the feed is recognized by, sealed; `null` before there was one. */
  readFeedMark(): Promise<Buffer | null>;
  /** Stores it unless there is one; answers the one that is stored then. */
  addFeedMark(value: Buffer): Promise<Buffer>;
  /** Replaces it where it is still `before`; answers whether it was. */
  replaceFeedMark(before: Buffer, after: Buffer): Promise<boolean>;
  close(): Promise<void>;
}
