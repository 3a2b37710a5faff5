/**
 * Follows the deletion ledger, which is in no backup of the database: what somebody had erased after a backup was
 * made is erased again when that backup is restored, and their category stays off.
 *
 * An entry that this database knows as an erasure of its own needs nothing. Doing it again changes nothing.
 */
import { randomUUID } from 'node:crypto';
import { CATEGORIES, type Category, OFF } from '../domain/selection.ts';
import { appendAudit } from './audit.ts';
import { raiseEpoch, readConnection } from './connections.ts';
import { startErasure } from './erasures.ts';
import type { Keyring } from './keys/keyring.ts';
import type { DestroyedKey } from './keys/keyStore.ts';
import { readMember, setPreference } from './members.ts';
import { setSealedRules } from './memberRules.ts';
import type { Database } from './openDatabase.ts';
import { lockOrganization } from './organizations.ts';
import { transact, type Writer } from './transact.ts';

/** Answers how many erasures were begun again; they have to be finished before anybody is served. */
export async function followDeletions(database: Database, keyring: Keyring, now: Date): Promise<number> {
  const followed = await readFollowed(database);
  let begun = 0;
  for (const entry of await keyring.ledger()) {
    if (!followed.has(entry.keyId)) {
      // The key of whoever has turned it on again since: then it was not to stay off.
      const isInUse = (await keyring.forReading(entry)) !== null;
      begun += await transact(database, (tx) => follow(tx, entry, isInUse, now));
    }
  }
  return begun;
}

async function readFollowed({ kysely }: Database): Promise<ReadonlySet<string>> {
  const rows = await kysely.selectFrom('followed_deletions').select('key_id').execute();
  return new Set(rows.map((row) => row.key_id));
}

async function follow(tx: Writer, entry: DestroyedKey, isInUse: boolean, now: Date): Promise<number> {
  const { tenantId, memberId, purpose } = entry;
  await lockOrganization(tx, tenantId);
  const category = CATEGORIES.find((known) => known === purpose);
  if (purpose === 'rules' && !isInUse) {
    await setSealedRules(tx, tenantId, memberId, null, null);
  }
  const isKnown = category === undefined || (await hasErasure(tx, entry, category));
  const begun = isKnown ? 0 : await eraseAgain(tx, entry, category, isInUse, now);
  await tx
    .insertInto('followed_deletions')
    .values({ tenant_id: tenantId, key_id: entry.keyId, followed_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return begun;
}

/** Whether the key was destroyed by an erasure that this database has on record. */
async function hasErasure(
  tx: Writer,
  { tenantId, memberId, destroyedAt }: DestroyedKey,
  category: Category,
): Promise<boolean> {
  const row = await tx
    .selectFrom('erasures')
    .select('receipt_id')
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .where('category', '=', category)
    .where('started_at', '<=', destroyedAt)
    .where((where) => where.or([where('ended_at', 'is', null), where('ended_at', '>=', destroyedAt)]))
    .executeTakeFirst();
  return row !== undefined;
}

async function eraseAgain(
  tx: Writer,
  { tenantId, memberId }: DestroyedKey,
  category: Category,
  isInUse: boolean,
  at: Date,
): Promise<number> {
  const connection = await readConnection(tx, tenantId, memberId);
  const member = await readMember(tx, tenantId, memberId);
  if (connection === null || member === null) {
    return 0;
  }
  if (!isInUse) {
    await setPreference(tx, tenantId, memberId, { ...member.preference, [category]: OFF });
  }
  await raiseEpoch(tx, tenantId, memberId);
  const receiptId = randomUUID();
  const { connectionId } = connection;
  await startErasure(tx, { tenantId, memberId, category, receiptId, connectionId, at });
  const act = { tenantId, actorId: null, target: receiptId, detail: { categories: [category] } };
  await appendAudit(tx, { ...act, action: 'data.eraseRepeated' }, at);
  return 1;
}
