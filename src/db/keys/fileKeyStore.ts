/**
 * The key store of an embedded installation: small files in `KEYS_DIR`, readable by the owner only.
 *
 * Every change is written beside the old file, flushed, and renamed over it, so that a crash leaves the
 * old state or the new one.
 */
import { appendFile, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { errorCode } from '../../domain/errorCode.ts';
import { type DestroyedKey, KEY_PURPOSES, type KeyName, type KeyStore, type WrappedKey } from './keyStore.ts';

const StoredKey = z.object({ keyId: z.string(), masterKeyId: z.string(), wrapped: z.base64() });

export function openFileKeyStore(folder: string): KeyStore {
  const fileOf = ({ tenantId, memberId, purpose }: KeyName) => join(folder, 'data', tenantId, memberId, purpose);
  const read = async (name: KeyName) => parseKey(await readIfExists(fileOf(name)));
  const feedMark = join(folder, 'feed');
  const readFeedMark = async () => {
    const text = await readIfExists(feedMark);
    return text === null ? null : Buffer.from(text, 'base64');
  };
  return {
    read,
    add: async (name, key) => {
      await createOnce(fileOf(name), JSON.stringify({ ...key, wrapped: key.wrapped.toString('base64') }));
      return (await read(name)) ?? key;
    },
    destroy: async (name, at, keyId) => {
      const existing = await read(name);
      if (existing !== null && existing.keyId === (keyId ?? existing.keyId)) {
        await appendLedger(folder, { ...name, keyId: existing.keyId, destroyedAt: at.toISOString() });
        await rm(fileOf(name), { force: true });
      }
    },
    ledger: async () => parseLedger((await readIfExists(join(folder, 'ledger.jsonl'))) ?? ''),
    readCheck: async () => {
      const text = await readIfExists(join(folder, 'check'));
      return text === null ? null : Buffer.from(text, 'base64');
    },
    writeCheck: (value) => replaceFile(join(folder, 'check'), value.toString('base64')),
    readFeedMark,
    addFeedMark: async (value) => {
      await createOnce(feedMark, value.toString('base64'));
      return (await readFeedMark()) ?? value;
    },
    // One process alone works in the folder.
    replaceFeedMark: async (before, after) => {
      const isCurrent = (await readFeedMark())?.equals(before) === true;
      if (isCurrent) {
        await replaceFile(feedMark, after.toString('base64'));
      }
      return isCurrent;
    },
    close: () => Promise.resolve(),
  };
}

/** Reads the master keys of an embedded installation, making the first one on the first start. */
export async function loadOrCreateMasterKeys(folder: string, make: () => string): Promise<string> {
  const file = join(folder, 'master');
  await createOnce(file, make());
  return (await readFile(file, 'utf8')).trim();
}

function parseKey(text: string | null): WrappedKey | null {
  if (text === null) {
    return null;
  }
  const { keyId, masterKeyId, wrapped } = StoredKey.parse(JSON.parse(text));
  return { keyId, masterKeyId, wrapped: Buffer.from(wrapped, 'base64') };
}

const LedgerLine = z.object({
  tenantId: z.string(),
  memberId: z.string(),
  purpose: z.enum(KEY_PURPOSES),
  keyId: z.string(),
  destroyedAt: z.coerce.date(),
});

function parseLedger(text: string): readonly DestroyedKey[] {
  return text.split('\n').flatMap((line) => {
    // What a crash cut off named a key that was not removed yet; a whole entry has followed, perhaps in the same line.
    const whole = line.slice(line.lastIndexOf('{'));
    return whole.startsWith('{') && whole.endsWith('}') ? [LedgerLine.parse(JSON.parse(whole))] : [];
  });
}

async function appendLedger(folder: string, entry: object): Promise<void> {
  await appendFile(join(folder, 'ledger.jsonl'), `\n${JSON.stringify(entry)}\n`, { mode: 0o600, flush: true });
}

async function readIfExists(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return null;
    }
    throw error;
  }
}

async function createOnce(file: string, text: string): Promise<void> {
  const draft = await writeDraft(file, text);
  try {
    await link(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') {
      throw error;
    }
  } finally {
    await rm(draft, { force: true });
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  await rename(await writeDraft(file, text), file);
}

async function writeDraft(file: string, text: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}
