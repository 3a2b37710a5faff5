/**
 * How much of what is stored a policy would exclude, besides what members exclude: a count, and nothing else.
 *
 * Units   At most 20,000 items are looked at, so that the answer comes while the admin reads.
 */
import type { Connection } from '../domain/records.ts';
import { type RelevancePolicy, REVIEWED_CATEGORIES } from '../domain/relevance.ts';
import type { AdministrationPorts } from './ports.ts';

const MAX_PREVIEWED_ITEMS = 20_000;
const PAGE = 500;

export interface RelevancePreview {
  readonly looked: number;
  readonly excluded: number;
  readonly isComplete: boolean;
}

type Ports = Pick<AdministrationPorts, 'store' | 'now'>;

export async function previewRelevance(
  ports: Ports,
  tenantId: string,
  policy: RelevancePolicy,
): Promise<RelevancePreview> {
  const counted = { looked: 0, excluded: 0 };
  for (const connection of await ports.store.connections(tenantId)) {
    if (counted.looked < MAX_PREVIEWED_ITEMS) {
      await countMember(ports, connection, policy, counted);
    }
  }
  return { ...counted, isComplete: counted.looked < MAX_PREVIEWED_ITEMS };
}

async function countMember(
  { store, now }: Ports,
  connection: Connection,
  policy: RelevancePolicy,
  counted: { looked: number; excluded: number },
): Promise<void> {
  for (const category of REVIEWED_CATEGORIES) {
    let after: string | null = null;
    let isOver = counted.looked >= MAX_PREVIEWED_ITEMS;
    while (!isOver) {
      const page = await store.evaluate(connection, category, policy, { after, limit: PAGE, now: now() });
      counted.looked += page.looked;
      counted.excluded += page.excluded;
      after = page.next;
      isOver = after === null || counted.looked >= MAX_PREVIEWED_ITEMS;
    }
  }
}
