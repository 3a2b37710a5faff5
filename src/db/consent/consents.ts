/** Consent transactions, found by the hash of their identifier. */
import { type Selectable, sql } from 'kysely';
import type { ConsentChange, EndedConsent } from '../../consent/store.ts';
import { type ConsentStep, type ConsentTransaction, STEPS_AT_MICROSOFT } from '../../domain/records.ts';
import type { ConsentsTable } from './consentTables.ts';
import { AT_FIRST } from '../../domain/relevance.ts';
import { offeredOf } from '../../domain/selection.ts';
import { json, type Reader, type Writer } from '../transact.ts';
import { type Mode } from '../../domain/mode.ts';
import { storedRefusal } from '../../domain/refusals.ts';
import { basisOf, numberOf } from '../../domain/consentBasis.ts';

export async function readConsent(
  db: Reader,
  tenantId: string,
  consentHash: string,
): Promise<ConsentTransaction | null> {
  const row = await db
    .selectFrom('consents')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('consent_hash', '=', consentHash)
    .executeTakeFirst();
  return row === undefined ? null : toConsent(row);
}

export async function readConsentsToVerify(
  db: Reader,
  now: Date,
  limit: number,
): Promise<readonly ConsentTransaction[]> {
  const rows = await db
    .selectFrom('consents')
    .selectAll()
    .where('step', '=', 'proving')
    .where('attempt_at', '<=', now)
    .orderBy('attempt_at')
    .limit(limit)
    .execute();
  return rows.map(toConsent);
}

/** The organization's consents that wait for proof, newest first. */
export async function readConsentsAwaitingVerification(
  db: Reader,
  tenantId: string,
): Promise<readonly ConsentTransaction[]> {
  const rows = await db
    .selectFrom('consents')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('step', '=', 'proving')
    .orderBy('created_at', 'desc')
    .execute();
  return rows.map(toConsent);
}

/** Whether something for everyone is open: begun at Microsoft and not ended, or a removal that is not proven. */
export async function isGrantUnderWay(db: Reader, tenantId: string, now: Date): Promise<boolean> {
  const row = await db
    .selectFrom('consents')
    .select('consent_hash')
    .where('tenant_id', '=', tenantId)
    .where('grant_for', '=', 'everyone')
    .where('purpose', '!=', 'checkDirectory')
    .where((where) =>
      where.or([
        where('step', '=', 'proving'),
        where.and([where('step', 'in', STEPS_AT_MICROSOFT), where('expires_at', '>', now)]),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Forgets what was begun long ago and is over, or was never gone on with, unless a link was made from it. */
export async function pruneConsents(db: Reader, before: Date): Promise<void> {
  await db
    .deleteFrom('consents')
    .where('created_at', '<', before)
    .where('step', '!=', 'proving')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('consent_links')
            .select('link_hash')
            .whereRef('consent_links.tenant_id', '=', 'consents.tenant_id')
            .whereRef('consent_links.consent_hash', '=', 'consents.consent_hash')
            .where('consent_links.expires_at', '>', before),
        ),
      ),
    )
    .execute();
}

export async function insertConsent(tx: Writer, consent: ConsentTransaction): Promise<void> {
  await tx
    .insertInto('consents')
    .values({
      tenant_id: consent.tenantId,
      consent_hash: consent.consentHash,
      member_id: consent.memberId,
      purpose: consent.purpose,
      mode: consent.mode,
      grant_for: consent.grantFor,
      link_hash: consent.linkHash,
      selection: json(consent.selection),
      relevance: json(consent.relevance),
      erase: json(consent.erase),
      epoch: numberOf(consent.basedOn),
      step: consent.step,
      state: consent.state,
      reason: consent.reason,
      browser_hash: consent.browserHash,
      granted_by: consent.grantedBy,
      created_at: consent.createdAt,
      expires_at: consent.expiresAt,
    })
    .execute();
}

export async function advanceConsent(
  tx: Writer,
  tenantId: string,
  consentHash: string,
  from: ConsentStep,
  change: ConsentChange,
): Promise<boolean> {
  const result = await tx
    .updateTable('consents')
    .set({
      step: change.step,
      attempts: sql`attempts + 1`,
      attempt_at: change.attemptAt ?? null,
      ...(change.state === undefined ? {} : { state: change.state }),
      ...(change.reason === undefined ? {} : { reason: change.reason }),
      ...(change.browserHash === undefined ? {} : { browser_hash: change.browserHash }),
      ...(change.grantedBy === undefined ? {} : { granted_by: change.grantedBy }),
      ...(change.isQualified === undefined ? {} : { is_qualified: change.isQualified }),
    })
    .where('tenant_id', '=', tenantId)
    .where('consent_hash', '=', consentHash)
    .where('step', '=', from)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Whatever a member began for themselves and was not given yet takes no effect any more. */
export async function supersedeConsents(
  tx: Writer,
  tenantId: string,
  memberId: string,
  { step, state, reason }: EndedConsent,
): Promise<void> {
  await tx
    .updateTable('consents')
    .set({ step, state, reason, attempt_at: null })
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .where('grant_for', '=', 'self')
    .where('purpose', '=', 'consent')
    .where('state', '<>', 'verified')
    .execute();
}

const INDIVIDUAL: Mode = 'individual';

/** Consents and links that stood on the connection's former epoch stand on its present one. */
export async function rebaseConsents(tx: Writer, tenantId: string, memberId: string): Promise<void> {
  for (const table of [sql.table('consents'), sql.table('consent_links')]) {
    await sql`
      update ${table} begun set epoch = connections.epoch from connections
      where begun.tenant_id = ${tenantId} and begun.member_id = ${memberId} and begun.mode = ${INDIVIDUAL}
        and connections.tenant_id = begun.tenant_id and connections.member_id = begun.member_id
        and begun.epoch = connections.epoch - 1
    `.execute(tx);
  }
}

function toConsent(row: Selectable<ConsentsTable>): ConsentTransaction {
  return {
    tenantId: row.tenant_id,
    consentHash: row.consent_hash,
    memberId: row.member_id,
    purpose: row.purpose,
    mode: row.mode,
    grantFor: row.grant_for,
    linkHash: row.link_hash,
    isQualified: row.is_qualified,
    selection: offeredOf(row.selection),
    relevance: row.relevance === null ? null : { ...AT_FIRST, ...row.relevance },
    erase: row.erase,
    basedOn: basisOf({ grantFor: row.grant_for, mode: row.mode, linkHash: row.link_hash }, row.epoch),
    step: row.step,
    state: row.state,
    reason: storedRefusal(row.reason),
    browserHash: row.browser_hash,
    grantedBy: row.granted_by,
    attempts: row.attempts,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
