/**
 * The feed of changes: what an operator's product is told.
 *
 * Shapes  Ids and codes only. Numbers are gapless in an organization and rise in the order of commits.
 */
import { wordsOf } from './vocabulary.ts';

interface ChangeDefinition {
  /** Whether a filter can leave it out: what a consumer must not miss is always told. */
  readonly canBeFiltered: boolean;
  /** The webhook that tells it. */
  readonly event: 'items.changed' | 'category.erased' | 'connection.ended';
}

/**
 * `item.upserted`: new, changed or moved. `item.removed`: deleted, out of the rules or out of the window; which one is the
 * member's own business. `category.erased`: everything of that member and category up to `upTo` has to go.
 * `connection.ended`: nothing more comes of it.
 */
export const CHANGES = {
  'item.upserted': { canBeFiltered: true, event: 'items.changed' },
  'item.removed': { canBeFiltered: true, event: 'items.changed' },
  'category.erased': { canBeFiltered: false, event: 'category.erased' },
  'connection.ended': { canBeFiltered: false, event: 'connection.ended' },
} as const satisfies Readonly<Record<string, ChangeDefinition>>;

export type ChangeType = keyof typeof CHANGES;
export const CHANGE_TYPES: readonly ChangeType[] = wordsOf(CHANGES);

/** What is told whatever a reader filters by. */
export const ALWAYS_TOLD: readonly ChangeType[] = CHANGE_TYPES.filter((type) => !CHANGES[type].canBeFiltered);
