/**
 * The audit log: one chain of hashes an organization, written in the same transaction as what it records.
 *
 * Shapes  `hash` is SHA-256 over the previous hash and the event in canonical JSON (keys sorted), hex.
 */
import { createHash } from 'node:crypto';
import type { AuditAct, AuditDetail } from '../../domain/audit.ts';
import { json, type Reader, type Writer } from '../transact.ts';
import { type AuditRecord } from '../../administration/ports.ts';

const GENESIS_HASH = '0'.repeat(64);

export async function appendAudit(tx: Writer, act: AuditAct, at: Date): Promise<void> {
  const head = await lockHead(tx, act.tenantId);
  const sequence = head.sequence + 1;
  const hash = hashOf(head.hash, sequence, act, at);
  await tx
    .insertInto('audit')
    .values({
      tenant_id: act.tenantId,
      sequence,
      at,
      actor_id: act.actorId,
      action: act.action,
      target: act.target,
      detail: json(act.detail),
      previous_hash: head.hash,
      hash,
    })
    .execute();
  await tx.updateTable('audit_heads').set({ sequence, hash }).where('tenant_id', '=', act.tenantId).execute();
}

/** Events of an organization from before `before` (all of them with `null`), newest first. */
export async function readAudit(
  db: Reader,
  tenantId: string,
  before: number | null,
  limit: number,
): Promise<readonly AuditRecord[]> {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .$if(before !== null, (query) => query.where('sequence', '<', before ?? 0))
    .orderBy('sequence', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    tenantId,
    sequence: row.sequence,
    at: row.at,
    actorId: row.actor_id,
    action: row.action,
    target: row.target,
    detail: row.detail,
    previousHash: row.previous_hash,
    hash: row.hash,
  }));
}

/** The organizations that have a log. */
export async function readAuditedTenants(db: Reader): Promise<readonly string[]> {
  const rows = await db.selectFrom('audit_heads').select('tenant_id').orderBy('tenant_id').execute();
  return rows.map(({ tenant_id: tenantId }) => tenantId);
}

/** The sequence of the first event that does not follow from the one before it, or `null` when all do. */
export async function findBrokenLink(db: Reader, tenantId: string): Promise<number | null> {
  const rows = await db.selectFrom('audit').selectAll().where('tenant_id', '=', tenantId).orderBy('sequence').execute();
  let previous = GENESIS_HASH;
  for (const [index, row] of rows.entries()) {
    const act = { tenantId, actorId: row.actor_id, action: row.action, target: row.target, detail: row.detail };
    const expected = hashOf(previous, index + 1, act, row.at);
    if (row.sequence !== index + 1 || row.previous_hash !== previous || row.hash !== expected) {
      return index + 1;
    }
    previous = row.hash;
  }
  const head = await db.selectFrom('audit_heads').selectAll().where('tenant_id', '=', tenantId).executeTakeFirst();
  return (head?.hash ?? GENESIS_HASH) === previous ? null : rows.length + 1;
}

async function lockHead(tx: Writer, tenantId: string): Promise<{ readonly sequence: number; readonly hash: string }> {
  await tx
    .insertInto('audit_heads')
    .values({ tenant_id: tenantId, sequence: 0, hash: GENESIS_HASH })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return tx
    .selectFrom('audit_heads')
    .select(['sequence', 'hash'])
    .where('tenant_id', '=', tenantId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

function hashOf(
  previous: string,
  sequence: number,
  act: Omit<AuditAct, 'action'> & { readonly action: string },
  at: Date,
): string {
  const event = { ...act, sequence, at: at.toISOString() };
  return createHash('sha256').update(previous).update(canonical(event)).digest('hex');
}

function canonical(value: AuditDetail): string {
  if (value === null || typeof value !== 'object') {
    return JSON.stringify(value);
  }
  if (isList(value)) {
    return `[${value.map(canonical).join(',')}]`;
  }
  const fields = Object.entries(value).sort(([first], [second]) => (first < second ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
}

function isList(value: AuditDetail): value is readonly AuditDetail[] {
  return Array.isArray(value);
}
