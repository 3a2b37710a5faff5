/** Every category of Microsoft 365 content, in the order in which screens show them. This is the only list of them. */
import { mapWords, wordsOf } from '../vocabulary.ts';
import { calendar } from './calendar.ts';
import type { CategoryDefinition } from './categoryDefinition.ts';
import { contacts } from './contacts.ts';
import { files } from './files.ts';
import { mail } from './mail.ts';
import { tasks } from './tasks.ts';

const DEFINITIONS = { mail, calendar, contacts, tasks, files } as const satisfies Readonly<
  Record<string, CategoryDefinition>
>;

export type Category = keyof typeof DEFINITIONS;

/** The levels that one category has, as types. */
export type LevelOf<C extends Category> = (typeof DEFINITIONS)[C]['levels'][number];

export type ShareableCategory = {
  [C in Category]: (typeof DEFINITIONS)[C]['sharing'] extends null ? never : C;
}[Category];

export const CATEGORIES: readonly Category[] = wordsOf(DEFINITIONS);

export function definitionOf(category: Category): CategoryDefinition {
  return DEFINITIONS[category];
}

/** One value for each category. */
export function byCategory<Value>(valueOf: (category: Category) => Value): Readonly<Record<Category, Value>> {
  return mapWords(DEFINITIONS, valueOf);
}
