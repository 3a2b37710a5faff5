/** What is stored without being read any more, what was erased, and what could not be read. */
import { CATEGORIES, type Category } from '../domain/categories/categories.ts';
import { decide, isKeptOnly } from '../domain/decision.ts';
import { type MemberName, type Receipt } from '../domain/records.ts';
import type { ContentPorts, SetAsideItem } from './ports.ts';

const MAX_RECEIPTS = 50;
const MAX_SET_ASIDE = 200;

export interface KeptContent {
  readonly kept: readonly { readonly category: Category; readonly items: number }[];
  readonly receipts: readonly Receipt[];
}

/** `null` for a member who is not known. */
export async function readKept(
  { records, store }: Pick<ContentPorts, 'records' | 'store'>,
  member: MemberName,
): Promise<KeptContent | null> {
  const { tenantId, memberId } = member;
  const facts = await records.decisionFacts(tenantId, memberId);
  if (facts === null) {
    return null;
  }
  const connection = await records.connection(tenantId, memberId);
  const isDisconnected = connection === null || connection.status === 'removed';
  const off = CATEGORIES.filter(
    (category) => !facts.erasing.includes(category) && (isDisconnected || isKeptOnly(decide(category, facts))),
  );
  const counts = await store.count(member, off);
  return {
    kept: off.flatMap((category) => {
      const items = counts.get(category) ?? 0;
      return items === 0 ? [] : [{ category, items }];
    }),
    receipts: await records.receipts(tenantId, memberId, MAX_RECEIPTS),
  };
}

export function listSetAside(
  { store }: Pick<ContentPorts, 'store'>,
  member: MemberName,
): Promise<readonly SetAsideItem[]> {
  return store.setAside(member, MAX_SET_ASIDE);
}
