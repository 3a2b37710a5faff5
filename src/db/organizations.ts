/** Organizations: one row a tenant. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { OrganizationChange } from '../consent/ports.ts';
import type { Organization } from '../domain/records.ts';
import { EVERYTHING } from '../domain/relevance.ts';
import { EMPTY_SELECTION } from '../domain/selection.ts';
import type { OrganizationsTable } from './schema.ts';
import { json, type Reader, type Writer } from './transact.ts';

export async function readOrganization(db: Reader, tenantId: string): Promise<Organization | null> {
  const row = await db.selectFrom('organizations').selectAll().where('tenant_id', '=', tenantId).executeTakeFirst();
  return row === undefined ? null : present(row);
}

export async function lockOrganization(tx: Writer, tenantId: string): Promise<Organization | null> {
  const query = tx.selectFrom('organizations').selectAll().where('tenant_id', '=', tenantId).forUpdate();
  const row = await query.executeTakeFirst();
  return row === undefined ? null : present(row);
}

export async function addOrganization(tx: Writer, tenantId: string, at: Date): Promise<boolean> {
  const result = await tx
    .insertInto('organizations')
    .values({
      tenant_id: tenantId,
      selection: json(EMPTY_SELECTION),
      relevance: json(EVERYTHING),
      created_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function changeOrganization(tx: Writer, tenantId: string, change: OrganizationChange): Promise<void> {
  const { name, enabled, mode, selection, relevance, usersMayConsent, grant, raiseEpoch } = change;
  await tx
    .updateTable('organizations')
    .set({
      // What Assent learns by itself must not make an administrator's change look stale.
      ...(isSetting(change) ? { version: sql<number>`version + 1` } : {}),
      name: name ?? sql<string>`name`,
      ...(raiseEpoch === true ? { epoch: sql`epoch + 1` } : {}),
      ...(enabled === undefined ? {} : { enabled }),
      ...(mode === undefined ? {} : { mode }),
      ...(selection === undefined ? {} : { selection: json(selection) }),
      ...(relevance === undefined ? {} : { relevance: json(relevance) }),
      ...(usersMayConsent === undefined
        ? {}
        : { users_may_consent: usersMayConsent.value, users_may_consent_at: usersMayConsent.at }),
      ...(grant === undefined
        ? {}
        : {
            grant_state: grant.state,
            grant_scopes: [...grant.scopes],
            granted_by: grant.grantedBy,
            granted_at: grant.grantedAt,
            grant_proven_at: grant.provenAt,
          }),
    })
    .where('tenant_id', '=', tenantId)
    .execute();
}

function isSetting({ enabled, mode, selection, relevance, raiseEpoch }: OrganizationChange): boolean {
  return [enabled, mode, selection, relevance, raiseEpoch].some((part) => part !== undefined);
}

function present(row: Selectable<OrganizationsTable>): Organization {
  return {
    tenantId: row.tenant_id,
    name: row.name,
    enabled: row.enabled,
    mode: row.mode,
    selection: row.selection,
    relevance: row.relevance,
    epoch: row.epoch,
    version: row.version,
    usersMayConsent: {
      value: row.users_may_consent,
      checkedAt: row.users_may_consent_at?.toISOString() ?? null,
    },
    grant: presentGrant(row),
  };
}

function presentGrant(row: Selectable<OrganizationsTable>): Organization['grant'] {
  if (row.grant_state === 'none' || row.granted_by === null || row.granted_at === null) {
    return null;
  }
  return {
    state: row.grant_state,
    scopes: row.grant_scopes,
    grantedBy: row.granted_by,
    grantedAt: row.granted_at,
    provenAt: row.grant_proven_at,
  };
}
