/**
 * The feed of changes: what an operator's product is told.
 *
 * Shapes  Ids and codes only. Numbers are gapless in an organization and rise in the order of commits.
 */
import type { AuditAction } from './audit.ts';
import { wordsOf } from './vocabulary.ts';

interface ChangeDefinition {
  /** Whether a filter can leave it out: what a consumer must not miss is always told. */
  readonly canBeFiltered: boolean;
  /** Item changes are told together; everything else by itself. */
  readonly isOfItem: boolean;
  /** The act of the history that it tells, where it is one. */
  readonly act: AuditAction | null;
}

const OF_ITEM = { canBeFiltered: true, isOfItem: true, act: null } as const;
const MUST_BE_TOLD = { canBeFiltered: false, isOfItem: false, act: null } as const;
const lifecycle = <Act extends AuditAction>(act: Act) => ({ canBeFiltered: true, isOfItem: false, act }) as const;

/**
 * `item.upserted`: new, changed or moved. `item.removed`: deleted, out of the rules or out of the window; which one is the
 * member's own business. `category.erased`: everything of that member and category up to `upTo` has to go.
 * `connection.ended`: nothing more comes of it. `connection.lost`: nothing comes until its member signs in again.
 */
export const CHANGES = {
  'item.upserted': OF_ITEM,
  'item.removed': OF_ITEM,
  'category.erased': MUST_BE_TOLD,
  'connection.made': lifecycle('connection.made'),
  'connection.lost': lifecycle('connection.lost'),
  'connection.ended': MUST_BE_TOLD,
  'organization.admitted': lifecycle('organization.onboarded'),
  'organization.modeChanged': lifecycle('organization.modeChanged'),
  'organization.selectionChanged': lifecycle('organization.selectionChanged'),
  'organization.suspended': lifecycle('organization.suspended'),
  'organization.resumed': lifecycle('organization.unsuspended'),
} as const satisfies Readonly<Record<string, ChangeDefinition>>;

export type ChangeType = keyof typeof CHANGES;
export const CHANGE_TYPES: readonly ChangeType[] = wordsOf(CHANGES);

/** What is told whatever a reader filters by. */
export const ALWAYS_TOLD: readonly ChangeType[] = CHANGE_TYPES.filter((type) => !CHANGES[type].canBeFiltered);

/** What happens to organizations and connections, told as it stands in the history. */
export type LifecycleType = {
  [Type in ChangeType]: (typeof CHANGES)[Type]['act'] extends AuditAction ? Type : never;
}[ChangeType];

export function changeOfAct(action: AuditAction): LifecycleType | null {
  return CHANGE_TYPES.find((type): type is LifecycleType => CHANGES[type].act === action) ?? null;
}
