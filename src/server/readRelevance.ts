/** Rules as people type them, parsed into the form in which they are evaluated; or the fields that are invalid. */
import type { RelevanceDocument } from '../contract/api/relevance.ts';
import { NO_FILTERS, folderName, parseAddress, parseDomain, type RelevancePolicy } from '../domain/relevance.ts';
import { settingsOf } from '../domain/ruleSettings.ts';

export interface InvalidFields {
  readonly bad: { field: string; message: string }[];
}

export function readRelevance(typed: RelevanceDocument): RelevancePolicy | InvalidFields {
  const ignoredDomains = parseList(typed, 'ignoredDomains', parseDomain, 'domain');
  const excludedDomains = parseList(typed, 'excludedDomains', parseDomain, 'domain');
  const excludedAddresses = parseList(typed, 'excludedAddresses', parseAddress, 'address');
  const bad = [ignoredDomains, excludedDomains, excludedAddresses].flatMap((list) => list.bad);
  return bad.length > 0
    ? { bad }
    : {
        ...NO_FILTERS,
        ignoredDomains: ignoredDomains.good,
        excludedDomains: excludedDomains.good,
        excludedAddresses: excludedAddresses.good,
        excludedFolderNames: folderNames(typed.excludedFolders),
        ...settingsOf(typed),
      };
}

function folderNames(typed: readonly string[]): readonly string[] {
  return [...new Set(typed.map(folderName).filter((name) => name !== ''))];
}

function parseList(
  typed: RelevanceDocument,
  list: 'ignoredDomains' | 'excludedDomains' | 'excludedAddresses',
  parse: (text: string) => string | null,
  what: string,
): InvalidFields & { readonly good: readonly string[] } {
  const parsed = typed[list].map((text, index) => ({ index, text, value: parse(text) }));
  return {
    good: [...new Set(parsed.flatMap(({ value }) => value ?? []))],
    bad: parsed
      .filter(({ value }) => value === null)
      .map(({ index, text }) => ({ field: `relevance.${list}.${index}`, message: `"${text}" is no ${what}` })),
  };
}
