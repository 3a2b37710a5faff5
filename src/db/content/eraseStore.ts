/** Fulfils what erasing needs. */
import type { ErasePorts, Erasure } from '../../sync/erase.ts';
import { recordChange } from '../delivery/recordChange.ts';
import { deleteErasedItems, endErasure, isErasing, recordErasedKey, readOpenErasures } from './erasures.ts';
import { deleteContainers } from '../sync/containers.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Database } from '../openDatabase.ts';
import { lockOrganization } from '../organization/organizations.ts';
import { appendTombstone, forgetTold } from '../delivery/outbox.ts';
import { rereadForContacts, deleteStreamsOf } from '../sync/streams.ts';
import { transact } from '../transact.ts';
import { definitionOf } from '../../domain/categories/categories.ts';

const BATCH = 2_000;

export function openEraseStore(database: Database, keyring: Keyring, now: () => Date): ErasePorts {
  return {
    now,
    openErasures: () => readOpenErasures(database.kysely),
    destroyKey: async (erasure) => {
      const { tenantId, memberId, category } = erasure;
      const name = { tenantId, memberId, purpose: category } as const;
      const key = await keyring.freshForReading(name);
      // Another worker may have finished it since the list was read, and the category may be on again with another key:
      // one that was read before the erasure was seen open is the erasure's own.
      if (await isErasing(database.kysely, erasure)) {
        await recordErasedKey(database.kysely, erasure, key?.id ?? null);
        await (key === null ? Promise.resolve() : keyring.destroy(name, key.id));
      }
    },
    deleteBatch: (erasure) => transact(database, async (tx) => (await deleteErasedItems(tx, erasure, BATCH)) === BATCH),
    forgetTold: (erasure) => forgetTold(database, erasure),
    finish: (erasure, at) => finish(database, erasure, at),
  };
}

async function finish(database: Database, erasure: Erasure, at: Date): Promise<boolean> {
  const { tenantId, memberId, category, receiptId } = erasure;
  const mailbox = { tenantId, mailboxId: memberId };
  return transact(database, async (tx) => {
    await lockOrganization(tx, tenantId);
    if (!(await isErasing(tx, erasure))) {
      return false;
    }
    await deleteStreamsOf(tx, mailbox, category);
    if (definitionOf(category).isContactSource) {
      await rereadForContacts(tx, mailbox, at);
    }
    await deleteContainers(tx, mailbox, category);
    const items = await endErasure(tx, erasure, at);
    appendTombstone(tx, erasure, at);
    const acts = [{ actorId: null, action: 'data.erased', target: receiptId, detail: { category, items } } as const];
    await recordChange(tx, { tenantId, at, acts, tell: [memberId], wake: [memberId] });
    return true;
  });
}
