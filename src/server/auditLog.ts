/**
 * The audit log as people read it: names are resolved when shown, and nothing else is added to what was written.
 *
 * Shapes  CSV by RFC 4180. A text that a spreadsheet would take for a formula is led by an apostrophe.
 */
import type { ConsentReader } from '../consent/ports.ts';
import type { Audit, AuditEvent } from '../contract/api/audit.ts';
import { type AuditRecord, readAudit } from '../db/audit.ts';
import type { Database } from '../db/openDatabase.ts';
import type { AuditLog } from './services.ts';

const PAGE = 50;
const EXPORT_PAGE = 500;

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

const COLUMNS = [
  'sequence',
  'at',
  'actorId',
  'actor',
  'action',
  'targetId',
  'target',
  'detail',
  'previousHash',
  'hash',
];

export function openAuditLog(database: Database, consents: ConsentReader): AuditLog {
  return {
    page: async (tenantId, before): Promise<Audit> => {
      const records = await readAudit(database.kysely, tenantId, before, PAGE + 1);
      const names = await namesIn(consents, tenantId, records);
      const shown = records.slice(0, PAGE);
      const last = shown.at(-1);
      return {
        events: shown.map((record) => present(record, names)),
        next: records.length > PAGE && last !== undefined ? last.sequence : null,
      };
    },
    lines: (tenantId, format) => lines(database, consents, tenantId, format),
  };
}

type Names = ReadonlyMap<string, string | null>;

async function* lines(
  database: Database,
  consents: ConsentReader,
  tenantId: string,
  format: 'csv' | 'json',
): AsyncGenerator<string> {
  yield format === 'csv' ? `${COLUMNS.join(',')}\r\n` : '[\n';
  let before: number | null = null;
  let separator = '';
  for (;;) {
    const records: readonly AuditRecord[] = await readAudit(database.kysely, tenantId, before, EXPORT_PAGE);
    const names = await namesIn(consents, tenantId, records);
    for (const record of records) {
      yield format === 'csv' ? csvLine(record, names) : separator + jsonLine(record, names);
      separator = ',\n';
    }
    before = records.at(-1)?.sequence ?? null;
    if (records.length < EXPORT_PAGE) {
      break;
    }
  }
  yield format === 'csv' ? '' : '\n]\n';
}

/** The names of those whom the records mention; what is no id of a person has none. */
async function namesIn(consents: ConsentReader, tenantId: string, records: readonly AuditRecord[]): Promise<Names> {
  const ids = records.flatMap(({ actorId, target }) => [actorId, target]).filter((id) => id !== null);
  const members = await consents.membersOf(
    tenantId,
    [...new Set(ids)].filter((id) => UUID.test(id)),
  );
  return new Map(members.map(({ memberId, name }) => [memberId, name]));
}

function present(record: AuditRecord, names: Names): AuditEvent {
  const { sequence, at, actorId, action, target, detail, hash } = record;
  const named = (id: string | null) => (id === null ? null : { id, name: names.get(id) ?? null });
  return { sequence, at: at.toISOString(), actor: named(actorId), action, target: named(target), detail, hash };
}

function jsonLine(record: AuditRecord, names: Names): string {
  return JSON.stringify({ ...present(record, names), previousHash: record.previousHash });
}

function csvLine(record: AuditRecord, names: Names): string {
  const { actor, target, detail, sequence, at, action, hash } = present(record, names);
  const cells = [
    String(sequence),
    at,
    actor?.id ?? '',
    actor?.name ?? '',
    action,
    target?.id ?? '',
    target?.name ?? '',
    JSON.stringify(detail),
    record.previousHash,
    hash,
  ];
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
