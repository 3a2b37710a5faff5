/**
 * How much of what is stored a set of rules would have left out: a count, member by member, and nothing else.
 *
 * Units   At most 20,000 items are looked at, so that the answer comes while the administrator reads.
 */
import type { RelevancePreview } from '../contract/api/organization.ts';
import { type ItemPlace, readItems } from '../db/items.ts';
import type { Keyring } from '../db/keys/keyring.ts';
import type { Database } from '../db/openDatabase.ts';
import { participantsOf } from '../domain/items.ts';
import { judge, type RelevancePolicy } from '../domain/relevance.ts';
import { type Category, CATEGORIES } from '../domain/selection.ts';

const MOST_ITEMS = 20_000;
const PAGE = 500;

interface Owner {
  readonly tenantId: string;
  readonly memberId: string;
  readonly category: Category;
}

export async function previewRelevance(
  database: Database,
  keyring: Keyring,
  tenantId: string,
  policy: RelevancePolicy,
): Promise<RelevancePreview> {
  const rows = await database.kysely
    .selectFrom('connections')
    .select('member_id')
    .where('tenant_id', '=', tenantId)
    .execute();
  let looked = 0;
  let excluded = 0;
  for (const { member_id: memberId } of rows) {
    for (const category of looked < MOST_ITEMS ? CATEGORIES : []) {
      const counted = await count(database, keyring, { tenantId, memberId, category }, policy, MOST_ITEMS - looked);
      looked += counted.looked;
      excluded += counted.excluded;
    }
  }
  return { looked, excluded, isComplete: looked < MOST_ITEMS };
}

async function count(
  database: Database,
  keyring: Keyring,
  owner: Owner,
  policy: RelevancePolicy,
  most: number,
): Promise<{ readonly looked: number; readonly excluded: number }> {
  const key = await keyring.forReading({ ...owner, purpose: owner.category });
  if (key === null) {
    return { looked: 0, excluded: 0 };
  }
  let looked = 0;
  let excluded = 0;
  let from: ItemPlace | null = null;
  while (looked < most) {
    const page: Awaited<ReturnType<typeof readItems>> = await readItems(database.kysely, owner, key, from, PAGE);
    looked += page.items.length;
    excluded += page.items.filter(({ content }) => !judge(policy, participantsOf(content)).relevant).length;
    if (page.next === null) {
      break;
    }
    from = page.next;
  }
  return { looked, excluded };
}
