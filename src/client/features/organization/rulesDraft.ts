/** The rules as an admin types them, and what they mean. */
import type { RelevanceDocument } from '../../../contract/api/relevance.ts';
import { folderName, parseAddress, parseDomain } from '../../../domain/relevance.ts';
import { isSet, RULE_SETTINGS, type RuleSettings, settingsOf } from '../../../domain/ruleSettings.ts';

export interface RulesDraft {
  /** Domains, one a line or separated by commas. */
  readonly ignored: string;
  /** Addresses and domains. */
  readonly excluded: string;
  /** Names of folders, one a line. */
  readonly folders: string;
  readonly settings: RuleSettings;
}

export interface ReadRules {
  readonly relevance: RelevanceDocument;
  readonly badIgnored: readonly string[];
  readonly badExcluded: readonly string[];
  readonly isValid: boolean;
  /** Whether there is any rule at all. */
  readonly isEmpty: boolean;
}

export function draftOfRules(relevance: RelevanceDocument): RulesDraft {
  const { ignoredDomains, excludedAddresses, excludedDomains, excludedFolders } = relevance;
  return {
    ignored: ignoredDomains.join('\n'),
    excluded: [...excludedDomains, ...excludedAddresses].join('\n'),
    folders: excludedFolders.join('\n'),
    settings: settingsOf(relevance),
  };
}

export function readRules(draft: RulesDraft): ReadRules {
  const ignored = partsOf(draft.ignored, /[\s,;]+/);
  const excluded = partsOf(draft.excluded, /[\s,;]+/);
  const folders = partsOf(draft.folders, /\n/);
  const badIgnored = ignored.filter((part) => parseDomain(part) === null);
  const badExcluded = excluded.filter((part) => parseDomain(part) === null && parseAddress(part) === null);
  return {
    relevance: {
      ignoredDomains: unique(ignored.flatMap((part) => parseDomain(part) ?? [])),
      excludedDomains: unique(excluded.flatMap((part) => parseDomain(part) ?? [])),
      excludedAddresses: unique(excluded.flatMap((part) => parseAddress(part) ?? [])),
      excludedFolders: unique(folders.map(folderName)),
      ...draft.settings,
    },
    badIgnored,
    badExcluded,
    isValid: badIgnored.length === 0 && badExcluded.length === 0,
    isEmpty:
      [...ignored, ...excluded, ...folders].length === 0 &&
      !RULE_SETTINGS.some((setting) => isSet(draft.settings, setting)),
  };
}

function partsOf(text: string, separator: RegExp): readonly string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function unique(parts: readonly string[]): string[] {
  return [...new Set(parts)];
}
