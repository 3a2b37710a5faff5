/** Hand-off links, found by the hash of their token. */
import type { Selectable } from 'kysely';
import type { ConsentLink } from '../../domain/records.ts';
import type { ConsentLinksTable } from './consentTables.ts';
import { AT_FIRST } from '../../domain/relevance.ts';
import { offeredOf } from '../../domain/selection.ts';
import { json, type Reader, type Writer } from '../transact.ts';

export async function readLink(db: Reader, tenantId: string, linkHash: string): Promise<ConsentLink | null> {
  const row = await db
    .selectFrom('consent_links')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('link_hash', '=', linkHash)
    .executeTakeFirst();
  return row === undefined ? null : toLink(row);
}

export async function insertLink(tx: Writer, link: ConsentLink): Promise<void> {
  await tx
    .insertInto('consent_links')
    .values({
      tenant_id: link.tenantId,
      link_hash: link.linkHash,
      consent_hash: link.consentHash,
      member_id: link.memberId,
      purpose: link.purpose,
      mode: link.mode,
      grant_for: link.grantFor,
      selection: json(link.selection),
      relevance: json(link.relevance),
      erase: json(link.erase),
      epoch: link.basisNumber,
      created_at: link.createdAt,
      expires_at: link.expiresAt,
      revoked_at: link.revokedAt,
    })
    .execute();
}

export async function revokeLinks(tx: Writer, tenantId: string, consentHash: string, at: Date): Promise<boolean> {
  const result = await tx
    .updateTable('consent_links')
    .set({ revoked_at: at })
    .where('tenant_id', '=', tenantId)
    .where('consent_hash', '=', consentHash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

function toLink(row: Selectable<ConsentLinksTable>): ConsentLink {
  return {
    tenantId: row.tenant_id,
    linkHash: row.link_hash,
    consentHash: row.consent_hash,
    memberId: row.member_id,
    purpose: row.purpose,
    mode: row.mode,
    grantFor: row.grant_for,
    selection: offeredOf(row.selection),
    relevance: row.relevance === null ? null : { ...AT_FIRST, ...row.relevance },
    erase: row.erase,
    basisNumber: row.epoch,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}
