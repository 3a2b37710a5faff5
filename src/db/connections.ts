/** Connections: a member's link to Microsoft 365, its sealed refresh token and the scopes last seen. */
import { type Selectable, sql } from 'kysely';
import type { ConnectionChange, CredentialVault } from '../consent/ports.ts';
import type { Connection } from '../domain/records.ts';
import type { Keyring } from './keys/keyring.ts';
import type { KeyName } from './keys/keyStore.ts';
import type { Database } from './openDatabase.ts';
import { SealBrokenError } from './sealing.ts';
import type { ConnectionsTable } from './schema.ts';
import type { Reader, Writer } from './transact.ts';

export async function readConnection(db: Reader, tenantId: string, memberId: string): Promise<Connection | null> {
  const row = await selectConnection(db, tenantId, memberId).executeTakeFirst();
  return row === undefined ? null : present(row);
}

export async function lockConnection(tx: Writer, tenantId: string, memberId: string): Promise<Connection | null> {
  const row = await selectConnection(tx, tenantId, memberId).forUpdate().executeTakeFirst();
  return row === undefined ? null : present(row);
}

export async function readConnections(db: Reader, tenantId: string): Promise<readonly Connection[]> {
  const rows = await db.selectFrom('connections').selectAll().where('tenant_id', '=', tenantId).execute();
  return rows.map(present);
}

export async function saveConnection(tx: Writer, change: ConnectionChange): Promise<void> {
  const fresh = {
    status: 'live' as const,
    lost_reason: null,
    scopes: [...change.scopes],
    scopes_checked_at: change.at,
    personal_scopes: [...change.personalScopes],
    ...(change.credential === null ? {} : { credential: change.credential }),
  };
  await tx
    .insertInto('connections')
    .values({
      tenant_id: change.tenantId,
      member_id: change.memberId,
      connection_id: change.connectionId,
      created_at: change.at,
      ...fresh,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'member_id']).doUpdateSet(fresh))
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

/** Refresh tokens at rest, each sealed with its member's own credential key. */
export function credentialVault(database: Database, keyring: Keyring): CredentialVault {
  return {
    seal: async (tenantId, memberId, refreshToken) => {
      const key = await keyring.forWriting(nameOf(tenantId, memberId));
      return key.seal(placeOf(tenantId, memberId), refreshToken);
    },
    read: async (tenantId, memberId) => {
      const row = await selectConnection(database.kysely, tenantId, memberId).executeTakeFirst();
      const key = await keyring.forReading(nameOf(tenantId, memberId));
      if (row === undefined || row.credential === null || key === null) {
        return null;
      }
      try {
        const token = key.open(placeOf(tenantId, memberId), row.credential);
        return typeof token === 'string' ? token : null;
      } catch (error) {
        if (error instanceof SealBrokenError) {
          return null;
        }
        throw error;
      }
    },
  };
}

function nameOf(tenantId: string, memberId: string): KeyName {
  return { tenantId, memberId, purpose: 'credential' };
}

function placeOf(tenantId: string, memberId: string): readonly string[] {
  return ['credential', tenantId, memberId];
}

function selectConnection(db: Reader, tenantId: string, memberId: string) {
  return db.selectFrom('connections').selectAll().where('tenant_id', '=', tenantId).where('member_id', '=', memberId);
}

function present(row: Selectable<ConnectionsTable>): Connection {
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
  };
}
