/**
 * What a person or an admin may choose.
 *
 * Shapes  A selection holds one level for every category.
 * Errors  None: every function here is total.
 */
import { byCategory, type Category, CATEGORIES, definitionOf } from './categories/categories.ts';
import { isAtMost, isOff, type Level, minLevel, OFF, type SyncLevel } from './levels.ts';

export type Selection = Readonly<Record<Category, Level>>;

/** Nothing is chosen in any category. */
export const EMPTY_SELECTION: Selection = byCategory(() => OFF);

/** The most that any plan offers: what this version can deliver in each category. Nothing acts for people yet. */
export const FULL_OFFER: Selection = byCategory((category) => ({
  sync: definitionOf(category).levels.at(-1) ?? 'off',
  act: 'none',
  shared: definitionOf(category).sharing !== null,
}));

/** What of a stored selection this version can deliver: an earlier one offered more, or knew fewer categories. */
export function offeredOf(stored: Partial<Selection>): Selection {
  return byCategory((category) => minLevel(stored[category] ?? OFF, FULL_OFFER[category]));
}

/** Whether what others share can be read at a level. */
export function canShare(category: Category, sync: SyncLevel): boolean {
  return sync !== 'off' && (definitionOf(category).sharing?.levels.includes(sync) ?? false);
}

/** Whether this version can deliver a level: within the most there is, and one that the category has. */
export function isOffered(category: Category, level: Level): boolean {
  const isLevel = level.sync === 'off' || definitionOf(category).levels.includes(level.sync);
  const isShareable = !level.shared || canShare(category, level.sync);
  return isLevel && isShareable && isAtMost(level, FULL_OFFER[category]);
}

/** `base` with the categories that `change` names replaced. */
export function withChanges(base: Selection, change: Partial<Selection>): Selection {
  return { ...base, ...change };
}

/** What a selection turns on; the rest is left out. */
export function chosenIn(selection: Selection): Partial<Selection> {
  const chosen = CATEGORIES.filter((category) => !isOff(selection[category]));
  return Object.fromEntries(chosen.map((category) => [category, selection[category]]));
}
