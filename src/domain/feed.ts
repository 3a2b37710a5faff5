/**
 * The feed of changes: what an operator's product is told.
 *
 * Shapes  Ids and codes only. Numbers are gapless in an organization and rise in the order of commits.
 */
import { wordsOf } from './vocabulary.ts';

interface ChangeDefinition {
  /** Whether a filter can leave it out: what a consumer must not miss is always told. */
  readonly canBeFiltered: boolean;
}

/**
 * `item.upserted`: new, changed or moved. `item.removed`: deleted, out of the rules or out of the window; which one is the
 * member's own business. `category.erased`: everything of that member and category up to `upTo` has to go.
 * `connection.ended`: nothing more comes of it.
 */
const CHANGES = {
  'item.upserted': { canBeFiltered: true },
  'item.removed': { canBeFiltered: true },
  'category.erased': { canBeFiltered: false },
  'connection.ended': { canBeFiltered: false },
} as const satisfies Readonly<Record<string, ChangeDefinition>>;

export type ChangeType = keyof typeof CHANGES;
export const CHANGE_TYPES: readonly ChangeType[] = wordsOf(CHANGES);

/** What is told whatever a reader filters by. */
export const ALWAYS_TOLD: readonly ChangeType[] = CHANGE_TYPES.filter((type) => !CHANGES[type].canBeFiltered);
