/** What owners and managers look at, as their use cases read it. */
import type { AdministrationStore, EvaluatedPage } from '../../administration/ports.ts';
import type { Category } from '../../domain/categories/categories.ts';
import type { Connection } from '../../domain/records.ts';
import { needsContacts, type RelevancePolicy } from '../../domain/relevance.ts';
import { readAudit } from './audit.ts';
import { readConnections } from '../consent/connections.ts';
import { readFolders } from '../sync/containers.ts';
import { readFactsOfAll, readPersonFacts } from '../consent/decisionFacts.ts';
import { readFleet } from './fleet.ts';
import type { Keyring } from '../keys/keyring.ts';
import { readMemberRulesOrNone } from './memberRulesStore.ts';
import type { Database } from '../openDatabase.ts';
import { evaluateStored, type StoredPage } from '../sync/reviews.ts';
import type { Reader } from '../transact.ts';

/** `records` are those that consent reads and writes as well. */
export function openAdministrationStore(
  { kysely }: Database,
  keyring: Keyring,
  records: Pick<AdministrationStore, 'organization' | 'members' | 'membersOf' | 'peopleIn' | 'addPeople'>,
): AdministrationStore {
  const { organization, members, membersOf, peopleIn, addPeople } = records;
  return {
    organization,
    members,
    membersOf,
    peopleIn,
    addPeople,
    people: (of, now) => readFactsOfAll(kysely, of, now),
    person: (tenantId, memberId, now) => readPersonFacts(kysely, tenantId, memberId, now),
    connections: (tenantId) => readConnections(kysely, tenantId),
    fleet: (tenantId) => readFleet(kysely, tenantId),
    audit: (tenantId, before, limit) => readAudit(kysely, tenantId, before, limit),
    evaluate: (connection, categories, policy, pages) =>
      evaluate(kysely, keyring, connection, categories, policy, pages),
  };
}

/** Keys and rules are read once for a member, and folders once for a category: a preview goes through many pages. */
async function* evaluate(
  db: Reader,
  keyring: Keyring,
  { tenantId, memberId, connectionId, createdAt }: Connection,
  categories: readonly Category[],
  policy: RelevancePolicy,
  { limit, now }: { readonly limit: number; readonly now: Date },
): AsyncGenerator<EvaluatedPage> {
  const keys = await keyring.allForReading({ tenantId, memberId });
  const { policy: member, mailboxes } = await readMemberRulesOrNone(db, keyring, tenantId, memberId);
  const rules = { organization: policy, member };
  const evaluator = { rules, mailboxes, now, connectedAt: createdAt, asksForContacts: needsContacts(rules) };
  for (const category of categories) {
    const items = keys[category];
    if (items !== undefined) {
      const folders = await readFolders(db, { tenantId, mailboxId: memberId }, category, items);
      let after: string | null = null;
      do {
        const page: StoredPage = await evaluateStored(
          db,
          { tenantId, memberId, connectionId, category },
          { items, contacts: keys.contacts ?? null },
          { ...evaluator, folders },
          { after, limit },
        );
        yield { looked: page.ids.length, excluded: page.excluded.length };
        after = page.ids.length < limit ? null : (page.ids.at(-1) ?? null);
      } while (after !== null);
    }
  }
}
