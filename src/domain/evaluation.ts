/** Whether an item of a member's is to be stored, by the rules in force, by who is known, and by where folders are. */
import { type Category, definitionOf } from './categories/categories.ts';
import { type Evaluated, evaluate, type Folder, folderExclusion, type Relevance, type Rules } from './relevance.ts';

export interface Evaluator {
  readonly rules: Rules;
  readonly now: Date;
  readonly connectedAt: Date;
  readonly folders: ReadonlyMap<string, Folder>;
  /** Addresses of known contacts, in lower case. */
  readonly known: ReadonlySet<string>;
}

export function evaluateItem(
  { rules, now, connectedAt, folders, known }: Evaluator,
  category: Category,
  folderId: string | null,
  item: Evaluated,
): Relevance {
  const isKnown = (address: string) => known.has(address.toLowerCase());
  const verdict = definitionOf(category).isFiltered
    ? evaluate(rules, item, { now, connectedAt, isKnown })
    : ({ relevant: true } as const);
  const by = verdict.relevant && folderId !== null ? folderExclusion(rules, folderId, folders) : null;
  return by === null ? verdict : { relevant: false, rule: 'excludedFolders', by };
}
