/** What is stored of members, as the use cases on content read it. */
import type { ContentStore } from '../../content/ports.ts';
import { CATEGORIES, type Category } from '../../domain/categories/categories.ts';
import { readContainers, readFolders } from '../sync/containers.ts';
import { countItems } from './erasures.ts';
import { findByMessageId, readItem, readItems } from './items.ts';
import type { Keyring } from '../keys/keyring.ts';
import { readKnownContacts } from './knownContacts.ts';
import { readMemberRulesOrNone } from '../organization/memberRulesStore.ts';
import type { Database } from '../openDatabase.ts';
import { isQuarantined, readSetAside } from '../sync/quarantine.ts';
import { readReview } from '../sync/reviews.ts';
import { type MemberName } from '../../domain/records.ts';

export function openContentStore({ kysely }: Database, keyring: Keyring): ContentStore {
  const keyOf = (member: MemberName, category: Category) =>
    keyring.forReading({ ...nameOf(member), purpose: category });
  const mailboxOf = ({ tenantId, memberId }: MemberName) => ({ tenantId, mailboxId: memberId });
  return {
    items: async (member, category, from, limit) => {
      const key = await keyOf(member, category);
      return key === null
        ? { items: [], next: null }
        : readItems(kysely, { ...nameOf(member), category }, key, from, limit);
    },
    item: async (member, category, itemId) => {
      const key = await keyOf(member, category);
      return key === null ? null : readItem(kysely, { ...nameOf(member), category }, key, itemId);
    },
    message: async (member, internetMessageId) => {
      const key = await keyOf(member, 'mail');
      return key === null ? null : findByMessageId(kysely, nameOf(member), key, internetMessageId);
    },
    count: ({ tenantId, memberId }, categories) => countItems(kysely, tenantId, memberId, categories),
    containers: async (member, category) => {
      const key = await keyOf(member, category);
      return key === null ? new Map() : readFolders(kysely, mailboxOf(member), category, key);
    },
    namedContainers: async (member) => {
      const listed = await readContainers(kysely, mailboxOf(member), await keyring.allForReading(nameOf(member)));
      return CATEGORIES.flatMap((category) =>
        (listed[category] ?? []).flatMap(({ name, ...container }) =>
          name === null ? [] : [{ ...container, name, category }],
        ),
      );
    },
    knownContacts: (member, addresses) => readKnownContacts(kysely, keyring, member, addresses),
    rules: ({ tenantId, memberId }) => readMemberRulesOrNone(kysely, keyring, tenantId, memberId),
    review: (tenantId, memberId) => readReview(kysely, tenantId, memberId),
    setAside: async (member, limit) =>
      readSetAside(kysely, nameOf(member), await keyring.allForReading(nameOf(member)), limit),
    isSetAside: (member, category, itemId) => isQuarantined(kysely, { ...nameOf(member), category }, itemId),
  };
}

/** The name alone: callers may hand over someone who has more to them. */
function nameOf({ tenantId, memberId }: MemberName): MemberName {
  return { tenantId, memberId };
}
