/** What owners and managers look at, as their use cases read it. */
import type { AdministrationStore } from '../../administration/ports.ts';
import { needsContacts } from '../../domain/relevance.ts';
import { readAudit } from './audit.ts';
import { readConnections } from '../consent/connections.ts';
import { readFolders } from '../sync/containers.ts';
import { readFactsOfAll } from '../consent/decisionFacts.ts';
import { readFleet } from './fleet.ts';
import type { Keyring } from '../keys/keyring.ts';
import { readMemberRulesOrNone } from './memberRules.ts';
import type { Database } from '../openDatabase.ts';
import { evaluateStored } from '../sync/reviews.ts';

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
    connections: (tenantId) => readConnections(kysely, tenantId),
    fleet: (tenantId) => readFleet(kysely, tenantId),
    audit: (tenantId, before, limit) => readAudit(kysely, tenantId, before, limit),
    evaluate: async ({ tenantId, memberId, connectionId, createdAt }, category, policy, { after, limit, now }) => {
      const keys = await keyring.allForReading({ tenantId, memberId });
      const items = keys[category];
      if (items === undefined) {
        return { looked: 0, excluded: 0, next: null };
      }
      const { policy: member, mailboxes } = await readMemberRulesOrNone(kysely, keyring, tenantId, memberId);
      const rules = { organization: policy, member };
      const folders = await readFolders(kysely, { tenantId, mailboxId: memberId }, category, items);
      const page = await evaluateStored(
        kysely,
        { tenantId, memberId, connectionId, category },
        { items, contacts: keys.contacts ?? null },
        { rules, mailboxes, now, connectedAt: createdAt, folders, asksForContacts: needsContacts(rules) },
        { after, limit },
      );
      const next = page.ids.length < limit ? null : (page.ids.at(-1) ?? null);
      return { looked: page.ids.length, excluded: page.excluded.length, next };
    },
  };
}
