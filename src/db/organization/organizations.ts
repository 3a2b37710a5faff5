/** Organizations: one row a tenant. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { OrganizationChange } from '../../consent/store.ts';
import type { Organization } from '../../domain/records.ts';
import { AT_FIRST } from '../../domain/relevance.ts';
import { EMPTY_SELECTION, offeredOf } from '../../domain/selection.ts';
import type { OrganizationsTable } from './organizationTables.ts';
import { json, type Reader, type Writer } from '../transact.ts';

export async function readOrganization(db: Reader, tenantId: string): Promise<Organization | null> {
  const row = await db.selectFrom('organizations').selectAll().where('tenant_id', '=', tenantId).executeTakeFirst();
  return row === undefined ? null : toOrganization(row);
}

export async function lockOrganization(tx: Writer, tenantId: string): Promise<Organization | null> {
  const query = tx.selectFrom('organizations').selectAll().where('tenant_id', '=', tenantId).forUpdate();
  const row = await query.executeTakeFirst();
  return row === undefined ? null : toOrganization(row);
}

/** The organization, which no one changes until the transaction ends. */
export async function lockOrganizationForShare(tx: Writer, tenantId: string): Promise<Organization | null> {
  const query = tx.selectFrom('organizations').selectAll().where('tenant_id', '=', tenantId).forShare();
  const row = await query.executeTakeFirst();
  return row === undefined ? null : toOrganization(row);
}

export async function insertOrganization(tx: Writer, tenantId: string, at: Date): Promise<boolean> {
  const result = await tx
    .insertInto('organizations')
    .values({
      tenant_id: tenantId,
      selection: json(EMPTY_SELECTION),
      relevance: json(AT_FIRST),
      created_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function updateOrganization(tx: Writer, tenantId: string, change: OrganizationChange): Promise<void> {
  const { name, enabled, mode, selection, relevance, pause, userConsent, access, coverage, canaryId } = change;
  const { cloud, grant, service, directory, suspendedAt, caps, raiseEpoch } = change;
  const values = {
    // What Assent learns by itself must not make an admin's change look stale.
    ...(isSetting(change) ? { version: sql<number>`version + 1` } : {}),
    ...(raiseEpoch === true ? { epoch: sql<number>`epoch + 1` } : {}),
    ...(name === undefined ? {} : { name }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(mode === undefined ? {} : { mode }),
    ...(selection === undefined ? {} : { selection: json(selection) }),
    ...(relevance === undefined ? {} : { relevance: json(relevance) }),
    ...(pause === undefined ? {} : { pause: pause === null ? null : json(pause) }),
    ...(userConsent === undefined ? {} : { user_consent: json(userConsent) }),
    ...(access === undefined ? {} : { access: json(access) }),
    ...(coverage === undefined ? {} : { coverage: json(coverage) }),
    ...(canaryId === undefined ? {} : { canary_id: canaryId }),
    ...(cloud === undefined ? {} : { cloud: cloud.value, cloud_checked_at: cloud.at }),
    ...(grant === undefined ? {} : grantColumns(grant)),
    ...(service === undefined ? {} : { service: json(service) }),
    ...(directory === undefined ? {} : { directory_check: json(directory) }),
    ...(suspendedAt === undefined ? {} : { suspended_at: suspendedAt }),
    ...(caps === undefined ? {} : { caps: caps === null ? null : json(caps) }),
  };
  if (Object.keys(values).length > 0) {
    await tx.updateTable('organizations').set(values).where('tenant_id', '=', tenantId).execute();
  }
}

function grantColumns(grant: Organization['grant']) {
  return {
    grant_state: grant?.state ?? ('none' as const),
    grant_scopes: [...(grant?.scopes ?? [])],
    granted_by: grant?.grantedBy ?? null,
    granted_at: grant?.grantedAt ?? null,
    grant_proven_at: grant?.provenAt ?? null,
    grant_missing: [...(grant?.missing ?? [])],
    grant_missing_since: grant?.missingSince ?? null,
    grant_checked_at: grant?.checkedAt ?? null,
  };
}

function isSetting(change: OrganizationChange): boolean {
  const { enabled, mode, selection, relevance, pause, access } = change;
  return [enabled, mode, selection, relevance, pause, access].some((part) => part !== undefined);
}

function toOrganization(row: Selectable<OrganizationsTable>): Organization {
  return {
    tenantId: row.tenant_id,
    name: row.name,
    enabled: row.enabled,
    mode: row.mode,
    selection: offeredOf(row.selection),
    relevance: { ...AT_FIRST, ...row.relevance },
    pause: row.pause,
    epoch: row.epoch,
    version: row.version,
    userConsent: row.user_consent,
    access: row.access,
    coverage: row.coverage,
    canaryId: row.canary_id,
    cloud: { value: row.cloud, checkedAt: row.cloud_checked_at?.toISOString() ?? null },
    grant: presentGrant(row),
    service: row.service,
    directory: row.directory_check,
    suspendedAt: row.suspended_at,
    caps: row.caps === null ? null : offeredOf(row.caps),
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
    missing: row.grant_missing,
    missingSince: row.grant_missing_since,
    checkedAt: row.grant_checked_at,
  };
}
