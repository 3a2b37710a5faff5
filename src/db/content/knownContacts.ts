/** The contacts of a member that are synced, as rules look them up: by a keyed hash of the address. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Category } from '../../domain/categories/categories.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { DataKey } from '../keys/sealing.ts';
import type { Reader } from '../transact.ts';

export interface Owner {
  readonly tenantId: string;
  readonly memberId: string;
}

/** Inlined, since the index of contacts is partial (migration 005), and no parameter would use it. */
const CONTACT_SOURCE = sql.lit('contacts' satisfies Category);

/** Of the addresses those that a contact of the member has; none, where contacts cannot be opened. */
export async function findKnownContacts(
  db: Reader,
  { tenantId, memberId }: Owner,
  contacts: DataKey | null,
  addresses: readonly string[],
): Promise<ReadonlySet<string>> {
  if (contacts === null || addresses.length === 0) {
    return new Set();
  }
  const byHash = new Map(addresses.map((address) => [contacts.lookup('participant', address.toLowerCase()), address]));
  const { rows } = await sql`
    select distinct hash from items, unnest(participant_hashes) as hash
    where tenant_id = ${tenantId} and member_id = ${memberId} and category = ${CONTACT_SOURCE} and gone_round is null
      and participant_hashes && ${[...byHash.keys()]}::text[] and hash = any(${[...byHash.keys()]}::text[])
  `.execute(db);
  return new Set(Hashes.parse(rows).flatMap(({ hash }) => byHash.get(hash)?.toLowerCase() ?? []));
}

/** The same, with the member's key of contacts, which is fetched only where there is something to look up. */
export async function readKnownContacts(
  db: Reader,
  keyring: Keyring,
  { tenantId, memberId }: Owner,
  addresses: readonly string[],
): Promise<ReadonlySet<string>> {
  const key = addresses.length === 0 ? null : await keyring.forReading({ tenantId, memberId, purpose: 'contacts' });
  return findKnownContacts(db, { tenantId, memberId }, key, addresses);
}

const Hashes = z.array(z.object({ hash: z.string() }));
