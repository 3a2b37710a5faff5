/**
 * Follows the deletion ledger, which is in no backup of the database: what someone had erased after a backup was
 * made is erased again when that backup is restored, and their category stays off.
 *
 * An entry that this database knows as an erasure of its own needs nothing. Doing it again changes nothing.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { OFF } from '../../domain/levels.ts';
import { CATEGORIES, type Category } from '../../domain/categories/categories.ts';
import { recordChange } from '../delivery/recordChange.ts';
import { raiseEpoch, readConnection } from '../consent/connections.ts';
import { startErasure } from './erasures.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { DestroyedKey } from '../keys/keyStore.ts';
import { readMember, setPreference } from '../organization/members.ts';
import { opensRules, readSealedRules, setSealedRules } from '../organization/memberRulesStore.ts';
import type { Database } from '../openDatabase.ts';
import { lockOrganization } from '../organization/organizations.ts';
import type { DataKey } from '../keys/sealing.ts';
import { transact, type Writer } from '../transact.ts';

/** Answers how many erasures were begun again; they have to be finished before anyone is served. */
export async function replayErasures(database: Database, keyring: Keyring, now: Date): Promise<number> {
  const followed = await readReplayedErasures(database);
  let begun = 0;
  for (const entry of await keyring.ledger()) {
    // A refresh token whose key is gone needs nothing: it opens no more, and the person signs in again.
    if (entry.purpose !== 'credential' && !followed.has(entry.keyId)) {
      // The key of whoever has turned it on again since: then it was not to stay off.
      const isInUse = await keyring.holds(entry);
      const key = entry.purpose === 'rules' ? await keyring.freshForReading(entry) : null;
      begun += await transact(database, (tx) => follow(tx, entry, isInUse, key, now));
    }
  }
  return begun;
}

async function readReplayedErasures({ kysely }: Database): Promise<ReadonlySet<string>> {
  const rows = await kysely.selectFrom('followed_deletions').select('key_id').execute();
  return new Set(rows.map((row) => row.key_id));
}

/** Several processes may start at once: the first to note an entry replays it. */
async function follow(
  tx: Writer,
  entry: DestroyedKey,
  isInUse: boolean,
  rulesKey: DataKey | null,
  now: Date,
): Promise<number> {
  const { tenantId, memberId, keyId, purpose } = entry;
  await lockOrganization(tx, tenantId);
  const noted = await tx
    .insertInto('followed_deletions')
    .values({ tenant_id: tenantId, key_id: keyId, followed_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (noted.numInsertedOrUpdatedRows !== 1n) {
    return 0;
  }
  if (purpose === 'rules') {
    // Rules of before the erasure open no more, and neither does what they say of how long things are kept hold.
    const sealed = await readSealedRules(tx, tenantId, memberId);
    if (!opensRules(rulesKey, entry, sealed)) {
      await setSealedRules(tx, tenantId, memberId, null, null);
    }
  }
  const category = CATEGORIES.find((known) => known === purpose);
  return category === undefined || (await hasErasure(tx, entry, category))
    ? 0
    : repeatErasure(tx, entry, category, isInUse, now);
}

/** Earlier versions did not note which key an erasure destroyed: then its time has to do. */
const TOLERANCE = sql`interval '1 minute'`;

/** Whether the key was destroyed by an erasure that this database has on record. */
async function hasErasure(
  tx: Writer,
  { tenantId, memberId, keyId, destroyedAt }: DestroyedKey,
  category: Category,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from erasures
    where tenant_id = ${tenantId} and member_id = ${memberId} and category = ${category}
      and (key_id = ${keyId} or (key_id is null and started_at <= ${destroyedAt}::timestamptz + ${TOLERANCE}
        and (ended_at is null or ended_at >= ${destroyedAt}::timestamptz - ${TOLERANCE})))
  `.execute(tx);
  return rows.length > 0;
}

async function repeatErasure(
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
  const detail = { categories: [category] };
  const acts = [{ actorId: null, action: 'data.eraseRepeated', target: receiptId, detail } as const];
  await recordChange(tx, { tenantId, at, acts });
  return 1;
}
