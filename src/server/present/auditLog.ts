/**
 * The audit log, as the API shows it and as files.
 *
 * Shapes  CSV by RFC 4180. A text that a spreadsheet would take for a formula is led by an apostrophe.
 */
import type { NamedRecord } from '../../administration/auditLog.ts';
import type { AuditEvent } from '../../contract/api/audit.ts';

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

export function presentAuditEvent({ sequence, at, actor, action, targeted, detail, hash }: NamedRecord): AuditEvent {
  return { sequence, at: at.toISOString(), actor, action, target: targeted, detail, hash };
}

/** The whole log as the lines of a file. */
export async function* auditLines(
  pages: AsyncIterable<readonly NamedRecord[]>,
  format: 'csv' | 'json',
): AsyncGenerator<string> {
  yield format === 'csv' ? `${COLUMNS.join(',')}\r\n` : '[\n';
  let separator = '';
  for await (const page of pages) {
    for (const record of page) {
      yield format === 'csv' ? csvLine(record) : separator + jsonLine(record);
      separator = ',\n';
    }
  }
  yield format === 'csv' ? '' : '\n]\n';
}

function jsonLine(record: NamedRecord): string {
  return JSON.stringify({ ...presentAuditEvent(record), previousHash: record.previousHash });
}

function csvLine(record: NamedRecord): string {
  const { actor, target, detail, sequence, at, action, hash } = presentAuditEvent(record);
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
