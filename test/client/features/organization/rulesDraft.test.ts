import { describe, expect, test } from '@jest/globals';
import { draftOfRules, readRules, type RulesDraft } from '../../../../src/client/features/organization/rulesDraft.ts';
import type { RelevanceDocument } from '../../../../src/contract/api/relevance.ts';
import { NO_SETTINGS, type RuleSettings, SETTINGS_AT_FIRST } from '../../../../src/domain/ruleSettings.ts';

const NOTHING: RulesDraft = { ignored: '', excluded: '', folders: '', settings: NO_SETTINGS };
const NO_RULES: RelevanceDocument = {
  ignoredDomains: [],
  excludedDomains: [],
  excludedAddresses: [],
  excludedFolders: [],
  ...NO_SETTINGS,
};

/** What is read of a draft that is empty but for this. */
const read = (more: Partial<RulesDraft>) => readRules({ ...NOTHING, ...more });

describe('reading what was typed', () => {
  test('nothing is a valid draft without a rule', () => {
    expect(read({})).toEqual({ relevance: NO_RULES, badIgnored: [], badExcluded: [], isValid: true, isEmpty: true });
  });

  test('spaces and separators alone are nothing', () => {
    expect(read({ ignored: ' \n,;\t', excluded: ', ,', folders: '\n  \n' })).toEqual(read({}));
  });

  test('domains come on lines, with commas, semicolons or spaces, in any case, and once', () => {
    expect(
      read({ ignored: 'Alderpoint.example, quillworks.example;\n@alderpoint.example  fernhill.example.' }),
    ).toEqual({
      relevance: { ...NO_RULES, ignoredDomains: ['alderpoint.example', 'quillworks.example', 'fernhill.example'] },
      badIgnored: [],
      badExcluded: [],
      isValid: true,
      isEmpty: false,
    });
  });

  test('addresses and domains to leave out are told apart', () => {
    expect(read({ excluded: 'Nora@Quillworks.example\nquillworks.example, nora@quillworks.example' })).toEqual({
      relevance: {
        ...NO_RULES,
        excludedDomains: ['quillworks.example'],
        excludedAddresses: ['nora@quillworks.example'],
      },
      badIgnored: [],
      badExcluded: [],
      isValid: true,
      isEmpty: false,
    });
  });

  test('an address is no domain to ignore', () => {
    expect(read({ ignored: 'nora@quillworks.example alderpoint.example' })).toEqual({
      relevance: { ...NO_RULES, ignoredDomains: ['alderpoint.example'] },
      badIgnored: ['nora@quillworks.example'],
      badExcluded: [],
      isValid: false,
      isEmpty: false,
    });
  });

  test('what is neither address nor domain is named as it was typed', () => {
    expect(read({ excluded: 'Quillworks nora@ quillworks.example' })).toEqual({
      relevance: { ...NO_RULES, excludedDomains: ['quillworks.example'] },
      badIgnored: [],
      badExcluded: ['Quillworks', 'nora@'],
      isValid: false,
      isEmpty: false,
    });
  });

  test('names of folders may have commas and spaces in them, and count once in any case', () => {
    expect(read({ folders: ' Private, and mine \n\nARCHIVE\narchive\nCafe\u0301\nCafé' })).toEqual({
      relevance: { ...NO_RULES, excludedFolders: ['private, and mine', 'archive', 'café'] },
      badIgnored: [],
      badExcluded: [],
      isValid: true,
      isEmpty: false,
    });
  });

  test.each([
    { knownContactsOnly: true },
    { leavesOutDrafts: true },
    { privateEvents: 'busyTimes' },
    { privateEvents: 'leftOut' },
    { lookBackDays: 30 },
    { retentionDays: 365 },
  ] satisfies readonly Partial<RuleSettings>[])('%j is a rule without any list', (change) => {
    expect(read({ settings: { ...NO_SETTINGS, ...change } })).toEqual({
      relevance: { ...NO_RULES, ...change },
      badIgnored: [],
      badExcluded: [],
      isValid: true,
      isEmpty: false,
    });
  });
});

test('a draft of rules reads as the same rules', () => {
  const relevance: RelevanceDocument = {
    ignoredDomains: ['alderpoint.example', 'fernhill.example'],
    excludedDomains: ['quillworks.example'],
    excludedAddresses: ['nora@fernhill.example'],
    excludedFolders: ['private', 'old mail'],
    ...SETTINGS_AT_FIRST,
    retentionDays: 90,
  };
  const draft = draftOfRules(relevance);

  expect(draft).toEqual({
    ignored: 'alderpoint.example\nfernhill.example',
    excluded: 'quillworks.example\nnora@fernhill.example',
    folders: 'private\nold mail',
    settings: { ...SETTINGS_AT_FIRST, retentionDays: 90 },
  });
  expect(readRules(draft).relevance).toEqual(relevance);
});
