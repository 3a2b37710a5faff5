/** Which messages and events the rules in force keep, said once more, apart from the engine. */
import { readConnection } from '../../src/db/consent/connections.ts';
import { readItems } from '../../src/db/content/items.ts';
import type { Keyring } from '../../src/db/keys/keyring.ts';
import { readMemberRules } from '../../src/db/organization/memberRulesStore.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { readOrganization } from '../../src/db/organization/organizations.ts';
import type { RelevancePolicy } from '../../src/domain/relevance.ts';
import type { SimulatedPerson } from './microsoft.ts';

const DAY = 86_400_000;

export interface Sketch {
  readonly addresses: readonly string[];
  readonly at: string;
  readonly conversation?: string;
  readonly folder: { readonly id: string; readonly name: string };
}

export async function keptBy(
  { kysely }: Database,
  keyring: Keyring,
  { tenantId, memberId }: SimulatedPerson,
  now: Date,
): Promise<(sketch: Sketch) => boolean> {
  const organization = await readOrganization(kysely, tenantId);
  const { policy } = await readMemberRules(kysely, keyring, tenantId, memberId);
  const connection = await readConnection(kysely, tenantId, memberId);
  const connectedAt = connection?.createdAt ?? now;
  const contacts = await contactsOf(kysely, keyring, { tenantId, memberId });
  const policies = organization === null ? [policy] : [organization.relevance, policy];
  return (sketch) => policies.every((each) => keeps(each, sketch, contacts, now, connectedAt));
}

function keeps(
  policy: RelevancePolicy,
  { addresses, at, conversation, folder }: Sketch,
  contacts: ReadonlySet<string>,
  now: Date,
  connectedAt: Date,
): boolean {
  const isInside = (address: string) => policy.ignoredDomains.some((domain) => address.endsWith(`@${domain}`));
  const age = (from: Date) => (from.getTime() - Date.parse(at)) / DAY;
  return (
    !(addresses.length > 0 && addresses.every(isInside)) &&
    !addresses.some((address) => policy.excludedAddresses.includes(address)) &&
    !policy.excludedConversations.includes(conversation ?? 'none') &&
    !policy.excludedFolderNames.includes(folder.name.toLowerCase()) &&
    !policy.excludedFolderIds.includes(folder.id) &&
    (!policy.knownContactsOnly || addresses.some((address) => contacts.has(address))) &&
    (policy.lookBackDays === null || age(connectedAt) <= policy.lookBackDays) &&
    (policy.retentionDays === null || age(now) <= policy.retentionDays)
  );
}

async function contactsOf(
  db: Database['kysely'],
  keyring: Keyring,
  owner: { readonly tenantId: string; readonly memberId: string },
): Promise<ReadonlySet<string>> {
  const key = await keyring.forReading({ ...owner, purpose: 'contacts' });
  const { items } =
    key === null ? { items: [] } : await readItems(db, { ...owner, category: 'contacts' }, key, null, 10_000);
  return new Set(items.flatMap(({ content }) => content.people.map(({ address }) => address.toLowerCase())));
}
