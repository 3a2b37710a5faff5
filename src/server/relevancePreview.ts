/**
 * How much of what is stored a set of rules would leave out, beside what members leave out: a count, member by member,
 * and nothing else.
 *
 * Units   At most 20,000 items are looked at, so that the answer comes while the administrator reads.
 */
import type { RelevancePreview } from '../contract/api/organization.ts';
import { readConnections } from '../db/connections.ts';
import { readFolders } from '../db/containers.ts';
import type { Keyring } from '../db/keys/keyring.ts';
import { readMemberRulesOrNone } from '../db/memberRules.ts';
import type { Database } from '../db/openDatabase.ts';
import { evaluateStored, REVIEWED, type StoredPage } from '../db/reviews.ts';
import type { Connection } from '../domain/records.ts';
import { needsContacts, type RelevancePolicy, type Rules } from '../domain/relevance.ts';

const MAX_PREVIEWED_ITEMS = 20_000;
const PAGE = 500;

interface Sources {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly now: Date;
}

export async function previewRelevance(
  sources: Sources,
  tenantId: string,
  policy: RelevancePolicy,
): Promise<RelevancePreview> {
  let looked = 0;
  let excluded = 0;
  for (const connection of await readConnections(sources.database.kysely, tenantId)) {
    if (looked >= MAX_PREVIEWED_ITEMS) {
      break;
    }
    const counted = await countMember(sources, connection, policy, MAX_PREVIEWED_ITEMS - looked);
    looked += counted.looked;
    excluded += counted.excluded;
  }
  return { looked, excluded, isComplete: looked < MAX_PREVIEWED_ITEMS };
}

interface Counted {
  readonly looked: number;
  readonly excluded: number;
}

async function countMember(
  { database: { kysely }, keyring, now }: Sources,
  { tenantId, memberId, connectionId, createdAt: connectedAt }: Connection,
  organization: RelevancePolicy,
  limit: number,
): Promise<Counted> {
  const keys = await keyring.allForReading({ tenantId, memberId });
  const { policy: member, mailboxes } = await readMemberRulesOrNone(kysely, keyring, tenantId, memberId);
  const rules: Rules = { organization, member };
  const evaluate = { rules, mailboxes, now, connectedAt, asksForContacts: needsContacts(rules) };
  let looked = 0;
  let excluded = 0;
  for (const category of REVIEWED) {
    const items = keys[category];
    if (items !== undefined) {
      const folders = await readFolders(kysely, { tenantId, mailboxId: memberId }, category, items);
      const owner = { tenantId, memberId, connectionId, category };
      const read = (after: string | null, size: number) =>
        evaluateStored(
          kysely,
          owner,
          { items, contacts: keys.contacts ?? null },
          { ...evaluate, folders },
          { after, limit: size },
        );
      const counted = await countPages(read, limit - looked);
      looked += counted.looked;
      excluded += counted.excluded;
    }
  }
  return { looked, excluded };
}

async function countPages(
  read: (after: string | null, size: number) => Promise<StoredPage>,
  limit: number,
): Promise<Counted> {
  let looked = 0;
  let excluded = 0;
  let after: string | null = null;
  while (looked < limit) {
    const page: StoredPage = await read(after, PAGE);
    looked += page.ids.length;
    excluded += page.excluded.length;
    after = page.ids.at(-1) ?? null;
    if (page.ids.length < PAGE) {
      break;
    }
  }
  return { looked, excluded };
}
