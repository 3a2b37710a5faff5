/** The ids of the texts about a category. Where one is missing for a category or a level, this does not compile. */
import {
  CATEGORIES,
  type Category,
  definitionOf,
  type LevelOf,
  type ShareableCategory,
} from '../../domain/categories/categories.ts';
import type { SyncLevel } from '../../domain/levels.ts';
import type { WordId } from './TextProvider.tsx';

type LevelId = { [C in Category]: `level.${C}.${LevelOf<C>}` }[Category];
type MeaningId = { [C in Category]: `meaning.${C}.${LevelOf<C> | 'off'}` }[Category];

const LEVEL_IDS = idsOf('level', []);
const MEANING_IDS = idsOf('meaning', ['off']);

/** The name of a category. */
export function categoryId(category: Category): WordId {
  return `category.${category}`;
}

/** The name of a level, in words of its category. */
export function levelId(category: Category, sync: SyncLevel): WordId {
  const id = `level.${category}.${sync}`;
  return isLevelId(id) ? id : 'level.off';
}

/** What a level reads. */
export function meaningId(category: Category, sync: SyncLevel): WordId {
  const id = `meaning.${category}.${sync}`;
  return isMeaningId(id) ? id : `meaning.${category}.off`;
}

/** The offer to include what others share; `null` where there is none. */
export function sharedId(category: Category): WordId | null {
  return isShareable(category) ? `shared.${category}` : null;
}

/** What is included of what others share; `null` where nothing is. */
export function sharedMeaningId(category: Category): WordId | null {
  return isShareable(category) ? `shared.meaning.${category}` : null;
}

function idsOf(family: string, besides: readonly SyncLevel[]): ReadonlySet<string> {
  return new Set(
    CATEGORIES.flatMap((category) =>
      [...definitionOf(category).levels, ...besides].map((level) => `${family}.${category}.${level}`),
    ),
  );
}

function isLevelId(id: string): id is LevelId {
  return LEVEL_IDS.has(id);
}

function isMeaningId(id: string): id is MeaningId {
  return MEANING_IDS.has(id);
}

function isShareable(category: Category): category is ShareableCategory {
  return definitionOf(category).sharing !== null;
}
