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
import { judgeStored, REVIEWED } from '../db/reviews.ts';
import type { Connection } from '../domain/records.ts';
import { asksForContacts, type RelevancePolicy, type Rules } from '../domain/relevance.ts';
import type { Category } from '../domain/selection.ts';

const MOST_ITEMS = 20_000;
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
    for (const category of looked < MOST_ITEMS ? REVIEWED : []) {
      const counted = await count(sources, connection, category, policy, MOST_ITEMS - looked);
      looked += counted.looked;
      excluded += counted.excluded;
    }
  }
  return { looked, excluded, isComplete: looked < MOST_ITEMS };
}

async function count(
  { database, keyring, now }: Sources,
  { tenantId, memberId, connectionId, createdAt: connectedAt }: Connection,
  category: Category,
  organization: RelevancePolicy,
  most: number,
): Promise<{ readonly looked: number; readonly excluded: number }> {
  const owner = { tenantId, memberId, connectionId, category };
  const db = database.kysely;
  const items = await keyring.forReading({ tenantId, memberId, purpose: category });
  if (items === null) {
    return { looked: 0, excluded: 0 };
  }
  const contacts = await keyring.forReading({ tenantId, memberId, purpose: 'contacts' });
  const { policy: member } = await readMemberRulesOrNone(db, keyring, tenantId, memberId);
  const rules: Rules = { organization, member };
  const folders = await readFolders(db, { tenantId, mailboxId: memberId }, category, items);
  const judge = { rules, now, connectedAt, folders, asksForContacts: asksForContacts(rules) };
  let looked = 0;
  let excluded = 0;
  let after: string | null = null;
  while (looked < most) {
    const page: Awaited<ReturnType<typeof judgeStored>> = await judgeStored(db, owner, { items, contacts }, judge, {
      after,
      most: PAGE,
    });
    looked += page.ids.length;
    excluded += page.excluded.length;
    after = page.ids.at(-1) ?? null;
    if (page.ids.length < PAGE) {
      break;
    }
  }
  return { looked, excluded };
}
