/**
 * How much of what is stored a policy would exclude, besides what members exclude: a count, and nothing else.
 *
 * Units   At most 20,000 items are looked at, so that the answer comes while the admin reads.
 */
import { type RelevancePolicy, REVIEWED_CATEGORIES } from '../domain/relevance.ts';
import type { AdministrationPorts } from './ports.ts';

const MAX_PREVIEWED_ITEMS = 20_000;
const PAGE = 500;

export interface RelevancePreview {
  readonly looked: number;
  readonly excluded: number;
  readonly isComplete: boolean;
}

export async function previewRelevance(
  { store, now }: Pick<AdministrationPorts, 'store' | 'now'>,
  tenantId: string,
  policy: RelevancePolicy,
): Promise<RelevancePreview> {
  let looked = 0;
  let excluded = 0;
  for (const connection of await store.connections(tenantId)) {
    for await (const page of store.evaluate(connection, REVIEWED_CATEGORIES, policy, { limit: PAGE, now: now() })) {
      looked += page.looked;
      excluded += page.excluded;
      if (looked >= MAX_PREVIEWED_ITEMS) {
        return { looked, excluded, isComplete: false };
      }
    }
  }
  return { looked, excluded, isComplete: true };
}
