/** Connections: a member's link to Microsoft 365, its sealed refresh token and the scopes last seen. */
import { type Selectable, sql } from 'kysely';
import type { CredentialVault } from '../../consent/ports.ts';
import type { ConnectionChange } from '../../consent/store.ts';
import type { Connection } from '../../domain/records.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { KeyName } from '../keys/keyStore.ts';
import type { Database } from '../openDatabase.ts';
import { SealBrokenError } from '../keys/sealing.ts';
import type { ConnectionsTable } from './consentTables.ts';
import type { Reader, Writer } from '../transact.ts';
import { LIVE, LOST, REMOVED } from './connectionStatus.ts';

/** Under the promised hour by what a round of renewals may take. */
const RENEW_MILLISECONDS = 50 * 60_000;

export async function readConnection(db: Reader, tenantId: string, memberId: string): Promise<Connection | null> {
  const row = await selectConnection(db, tenantId, memberId).executeTakeFirst();
  return row === undefined ? null : toConnection(row);
}

export async function lockConnection(tx: Writer, tenantId: string, memberId: string): Promise<Connection | null> {
  const row = await selectConnection(tx, tenantId, memberId).forUpdate().executeTakeFirst();
  return row === undefined ? null : toConnection(row);
}

export async function readConnections(db: Reader, tenantId: string): Promise<readonly Connection[]> {
  const rows = await db.selectFrom('connections').selectAll().where('tenant_id', '=', tenantId).execute();
  return rows.map(toConnection);
}

export async function saveConnection(tx: Writer, change: ConnectionChange): Promise<void> {
  const fresh = {
    status: 'live' as const,
    has_left: false,
    lost_reason: null,
    scopes: [...change.scopes],
    scopes_checked_at: change.at,
    personal_scopes: [...change.personalScopes],
    revoked_scopes: [...change.revokedScopes],
    connection_id: change.connectionId,
    renew_at: new Date(change.at.getTime() + RENEW_MILLISECONDS),
    ...(change.credential === null ? {} : { credential: change.credential }),
  };
  await tx
    .insertInto('connections')
    .values({
      tenant_id: change.tenantId,
      member_id: change.memberId,
      created_at: change.at,
      ...fresh,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'member_id']).doUpdateSet({
        ...fresh,
        created_at: sql`case when connections.connection_id = excluded.connection_id then connections.created_at
          else excluded.created_at end`,
      }),
    )
    .execute();
}

export async function loseConnection(tx: Writer, tenantId: string, memberId: string, reason: string): Promise<void> {
  await tx
    .updateTable('connections')
    .set({ status: 'lost', lost_reason: reason, credential: null, epoch: sql`epoch + 1` })
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .execute();
}

export async function raiseEpoch(tx: Writer, tenantId: string, memberId: string): Promise<void> {
  await tx
    .updateTable('connections')
    .set({ epoch: sql`epoch + 1` })
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .execute();
}

/** The row stays, so that its epoch continues rising; the next connection has an id of its own. */
export async function removeConnection(tx: Writer, { tenantId, memberId }: Connection): Promise<void> {
  await tx
    .updateTable('connections')
    .set({
      status: 'removed',
      has_left: true,
      lost_reason: null,
      credential: null,
      scopes: [],
      personal_scopes: [],
      revoked_scopes: [],
      epoch: sql`epoch + 1`,
    })
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .execute();
}

/** What is left without a tenant-wide grant: what each member had granted alone. */
export async function keepPersonalScopes(tx: Writer, tenantId: string): Promise<void> {
  await tx
    .updateTable('connections')
    .set({ scopes: sql`personal_scopes`, epoch: sql`epoch + 1` })
    .where('tenant_id', '=', tenantId)
    .where('status', '=', 'live')
    .execute();
}

export async function dropCredentials(tx: Writer, tenantId: string): Promise<readonly string[]> {
  const rows = await tx
    .updateTable('connections')
    .set({ credential: null, epoch: sql`epoch + 1` })
    .where('tenant_id', '=', tenantId)
    .where('credential', 'is not', null)
    .returning('member_id')
    .execute();
  return rows.map(({ member_id: memberId }) => memberId);
}

export async function loseWithoutCredential(tx: Writer, tenantId: string, reason: string): Promise<void> {
  await tx
    .updateTable('connections')
    .set({
      status: sql`case when has_left then ${REMOVED} else ${LOST} end`,
      lost_reason: reason,
      scopes: sql`personal_scopes`,
      epoch: sql`epoch + 1`,
    })
    .where('tenant_id', '=', tenantId)
    .where('status', '=', 'live')
    .where('credential', 'is', null)
    .execute();
}

/** Connections without a credential for mailboxes that service mode covers; live ones stay as they are. */
export async function insertServiceConnections(
  tx: Writer,
  tenantId: string,
  memberIds: readonly string[],
  at: Date,
): Promise<void> {
  await sql`
    insert into connections (tenant_id, member_id, connection_id, status, scopes, scopes_checked_at, renew_at, created_at)
    select ${tenantId}::uuid, member_id, gen_random_uuid(), ${LIVE}, '{}', ${at}, ${at}, ${at}
    from unnest(${[...memberIds]}::uuid[]) as covered (member_id)
    on conflict (tenant_id, member_id) do update set status = ${LIVE}, lost_reason = null,
      connection_id = case when connections.status = ${REMOVED} then excluded.connection_id
        else connections.connection_id end,
      created_at = case when connections.status = ${REMOVED} then excluded.created_at
        else connections.created_at end
    where connections.status <> ${LIVE}
  `.execute(tx);
}

/** Loses the connections of everyone who is not named; answers whose they were. */
export async function loseOthers(
  tx: Writer,
  tenantId: string,
  memberIds: readonly string[],
  reason: string,
): Promise<readonly string[]> {
  const rows = await tx
    .updateTable('connections')
    .set({ status: 'lost', lost_reason: reason, credential: null, epoch: sql`epoch + 1` })
    .where('tenant_id', '=', tenantId)
    .where('status', '=', 'live')
    .where('credential', 'is not', null)
    .where(sql<boolean>`not member_id = any(${[...memberIds]}::uuid[])`)
    .returning('member_id')
    .execute();
  return rows.map(({ member_id: memberId }) => memberId);
}

/** Looks at everyone's grants again as soon as may be. */
export async function renewSoon(tx: Writer, tenantId: string, at: Date): Promise<void> {
  await tx.updateTable('connections').set({ renew_at: at }).where('tenant_id', '=', tenantId).execute();
}

/** Refresh tokens at rest, each sealed with its member's own credential key. */
export function credentialVault(database: Database, keyring: Keyring): CredentialVault {
  return {
    seal: async (tenantId, memberId, refreshToken) => {
      const key = await keyring.forWriting(nameOf(tenantId, memberId));
      return key.seal(sealContextOf(tenantId, memberId), refreshToken);
    },
    read: async (tenantId, memberId) => {
      const row = await selectConnection(database.kysely, tenantId, memberId).executeTakeFirst();
      const key = await keyring.forReading(nameOf(tenantId, memberId));
      if (row === undefined || row.credential === null || key === null) {
        return null;
      }
      try {
        const token = key.open(sealContextOf(tenantId, memberId), row.credential);
        return typeof token === 'string' ? token : null;
      } catch (error) {
        if (error instanceof SealBrokenError) {
          return null;
        }
        throw error;
      }
    },
    destroy: (tenantId, memberId) => keyring.destroy(nameOf(tenantId, memberId)),
  };
}

function nameOf(tenantId: string, memberId: string): KeyName {
  return { tenantId, memberId, purpose: 'credential' };
}

function sealContextOf(tenantId: string, memberId: string): readonly string[] {
  return ['credential', tenantId, memberId];
}

function selectConnection(db: Reader, tenantId: string, memberId: string) {
  return db.selectFrom('connections').selectAll().where('tenant_id', '=', tenantId).where('member_id', '=', memberId);
}

function toConnection(row: Selectable<ConnectionsTable>): Connection {
  return {
    tenantId: row.tenant_id,
    memberId: row.member_id,
    connectionId: row.connection_id,
    status: row.status,
    lostReason: row.lost_reason,
    epoch: row.epoch,
    scopes: row.scopes,
    scopesCheckedAt: row.scopes_checked_at,
    personalScopes: row.personal_scopes,
    revokedScopes: row.revoked_scopes,
    hasCredential: row.credential !== null,
    createdAt: row.created_at,
  };
}
