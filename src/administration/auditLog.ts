/** The audit log as people read it: names are resolved when shown, and nothing else is added to what was written. */
import type { AdministrationPorts, AuditRecord } from './ports.ts';

const PAGE = 50;
const EXPORT_PAGE = 500;

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

export interface Named {
  readonly id: string;
  readonly name: string | null;
}

export interface NamedRecord extends AuditRecord {
  readonly actor: Named | null;
  readonly targeted: Named | null;
}

type Store = Pick<AdministrationPorts['store'], 'audit' | 'membersOf'>;

/** The acts before `before`, newest first; `next` is where the next page begins. */
export async function readAuditPage(
  store: Store,
  tenantId: string,
  before: number | null,
): Promise<{ readonly events: readonly NamedRecord[]; readonly next: number | null }> {
  const records = await store.audit(tenantId, before, PAGE + 1);
  const events = await withNames(store, tenantId, records.slice(0, PAGE));
  const last = events.at(-1);
  return { events, next: records.length > PAGE && last !== undefined ? last.sequence : null };
}

/** The whole log, newest first, page by page. */
export async function* exportAudit(store: Store, tenantId: string): AsyncGenerator<readonly NamedRecord[]> {
  let before: number | null = null;
  for (;;) {
    const records: readonly AuditRecord[] = await store.audit(tenantId, before, EXPORT_PAGE);
    yield await withNames(store, tenantId, records);
    before = records.at(-1)?.sequence ?? null;
    if (records.length < EXPORT_PAGE) {
      return;
    }
  }
}

/** What is not the id of a person has no name. */
async function withNames(
  store: Store,
  tenantId: string,
  records: readonly AuditRecord[],
): Promise<readonly NamedRecord[]> {
  const ids = records.flatMap(({ actorId, target }) => [actorId, target]).filter((id) => id !== null);
  const members = await store.membersOf(
    tenantId,
    [...new Set(ids)].filter((id) => UUID.test(id)),
  );
  const names = new Map(members.map(({ memberId, name }) => [memberId, name]));
  const named = (id: string | null) => (id === null ? null : { id, name: names.get(id) ?? null });
  return records.map((record) => ({ ...record, actor: named(record.actorId), targeted: named(record.target) }));
}
