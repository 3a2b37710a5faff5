/** A mailbox with mail on, connected and due, written as consent writes it. */
import { randomUUID } from 'node:crypto';
import { openConsentStore } from '../../src/db/consent/consentStore.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { NO_FILTERS, type RelevancePolicy } from '../../src/domain/relevance.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { aPrincipal } from './aPrincipal.ts';

/** Answers the tenant that it is made in. */
export async function connectMailbox(
  database: Database,
  at: Date,
  relevance: Partial<RelevancePolicy> = {},
): Promise<string> {
  const tenantId = randomUUID();
  const memberId = randomUUID();
  await openConsentStore(database, () => at).transact(async (writer) => {
    await writer.addOrganization(tenantId, at);
    await writer.changeOrganization(tenantId, { relevance: { ...NO_FILTERS, ...relevance } });
    await writer.recordVisit(aPrincipal(tenantId, memberId), at);
    const mail = { sync: 'full', act: 'none', shared: false } as const;
    await writer.setPreference(tenantId, memberId, { ...EMPTY_SELECTION, mail });
    await writer.saveConnection({
      tenantId,
      memberId,
      connectionId: randomUUID(),
      scopes: ['Mail.Read'],
      personalScopes: [],
      revokedScopes: [],
      credential: null,
      at,
    });
    await writer.record({ tenantId, at, wake: [memberId] });
  });
  return tenantId;
}
