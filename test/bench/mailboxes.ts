/** Mailboxes that are connected and due, as many as a run wants. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { openConsentStore } from '../../src/db/consent/consentStore.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { OFF } from '../../src/domain/levels.ts';
import type { Category } from '../../src/domain/categories/categories.ts';
import { aPrincipal } from '../support/aPrincipal.ts';
import { emptyTables } from '../support/tables.ts';

const SCOPES = ['Mail.Read', 'Calendars.Read', 'Contacts.Read', 'Tasks.Read', 'Files.Read'];

export async function connectMailboxes(database: Database, count: number, category: Category = 'mail'): Promise<void> {
  await emptyTables(database);
  const at = new Date();
  for (let index = 0; index < count; index += 1) {
    const tenantId = randomUUID();
    const memberId = randomUUID();
    await openConsentStore(database, () => at).transact(async (writer) => {
      await writer.addOrganization(tenantId, at);
      await writer.recordVisit(aPrincipal(tenantId, memberId), at);
      await writer.setPreference(tenantId, memberId, { ...EMPTY_SELECTION, [category]: { ...OFF, sync: 'full' } });
      await writer.saveConnection({
        tenantId,
        memberId,
        connectionId: randomUUID(),
        scopes: SCOPES,
        personalScopes: [],
        revokedScopes: [],
        credential: null,
        at,
      });
      await writer.record({ tenantId, at, wake: [memberId] });
    });
  }
}

export async function countItems({ kysely }: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from items`.execute(kysely);
  return Number(rows[0]?.count);
}
