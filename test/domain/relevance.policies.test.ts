/** What a policy says as a whole: compared, counted, and asked whether it looks at folders, people or flags at all. */
import { describe, expect, test } from '@jest/globals';
import {
  AT_FIRST,
  countsOf,
  type EvaluationContext,
  evaluate,
  FILTERED_CATEGORIES,
  type Folder,
  folderExclusion,
  folderName,
  hasFolderRules,
  isLessRestrictive,
  keepsBusyTimes,
  mayExclude,
  needsContacts,
  NO_FILTERS,
  parseAddress,
  parseDomain,
  type RelevancePolicy,
  REVIEWED_CATEGORIES,
  RULES,
  type Rules,
  samePolicy,
} from '../../src/domain/relevance.ts';

const NOON = new Date('2026-11-22T12:00:00Z');
const DAY = 86_400_000;
const NORA = 'nora@quillworks.example';

type Change = Partial<RelevancePolicy>;

const policy = (change: Change): RelevancePolicy => ({ ...NO_FILTERS, ...change });
const rules = (organization: Change, member: Change = {}): Rules => ({
  organization: policy(organization),
  member: policy(member),
});

/** What holds of an organization's rule holds of a member's as well. */
function ofEither<Answer>(ask: (either: Rules) => Answer, change: Change): readonly Answer[] {
  return [ask(rules(change)), ask(rules({}, change))];
}

test('no filters leave nothing out, and an organization begins with two', () => {
  expect(NO_FILTERS).toEqual({
    ignoredDomains: [],
    excludedAddresses: [],
    excludedDomains: [],
    excludedFolderNames: [],
    excludedFolderIds: [],
    excludedConversations: [],
    knownContactsOnly: false,
    lookBackDays: null,
    retentionDays: null,
    leavesOutDrafts: false,
    privateEvents: 'whole',
  });
  expect(AT_FIRST).toEqual({ ...NO_FILTERS, leavesOutDrafts: true, privateEvents: 'busyTimes' });
});

test('rules about people are for mail and calendars; folders are what all have but files', () => {
  expect(FILTERED_CATEGORIES).toEqual(['mail', 'calendar']);
  expect(REVIEWED_CATEGORIES).toEqual(['mail', 'calendar', 'contacts', 'tasks']);
});

test('what comes first in the list of rules is what an item is excluded by', () => {
  const item = {
    participants: [NORA],
    at: NOON,
    conversationId: 'c',
    isDraft: true,
    isPrivate: true,
    isBusyTime: false,
  };
  const context: EvaluationContext = {
    now: new Date(NOON.getTime() + DAY * 9),
    connectedAt: new Date(NOON.getTime() + DAY * 9),
    isKnown: () => false,
  };
  const each: readonly Change[] = [
    { ignoredDomains: ['quillworks.example'] },
    { excludedAddresses: [NORA] },
    { excludedDomains: ['quillworks.example'] },
    { excludedConversations: ['c'] },
    { knownContactsOnly: true },
    { lookBackDays: 1 },
    { retentionDays: 1 },
    { leavesOutDrafts: true },
    { privateEvents: 'leftOut' },
  ];
  const verdicts = each.map((_rule, index) => {
    const verdict = evaluate(rules(Object.assign({}, ...each.slice(index))), item, context);
    return verdict.relevant ? null : verdict.rule;
  });

  expect(verdicts).toEqual(RULES.filter((rule) => rule !== 'excludedFolders'));
});

describe('ages', () => {
  const context: EvaluationContext = {
    now: NOON,
    connectedAt: new Date(NOON.getTime() - 10 * DAY),
    isKnown: () => true,
  };
  const isRelevant = (change: Change, at: Date | null) =>
    evaluate(
      rules(change),
      { participants: [], at, conversationId: undefined, isDraft: false, isPrivate: false, isBusyTime: false },
      context,
    ).relevant;
  const before = (days: number, milliseconds = 0) => new Date(NOON.getTime() - days * DAY - milliseconds);

  test.each([
    ['to the millisecond as old as is kept', { retentionDays: 30 }, before(30), true],
    ['a millisecond older', { retentionDays: 30 }, before(30, 1), false],
    ['to the millisecond as old as is looked back', { lookBackDays: 30 }, before(40), true],
    ['a millisecond older than that', { lookBackDays: 30 }, before(40, 1), false],
    ['of no age, where there is a limit', { retentionDays: 30, lookBackDays: 30 }, null, true],
    ['very old, where there is none', {}, new Date(0), true],
  ] as const)('something %s', (_what, change, at, relevant) => {
    expect(isRelevant(change, at)).toBe(relevant);
  });
});

describe('folders', () => {
  const listed = (...folders: readonly Folder[]) => new Map(folders.map((folder) => [folder.id, folder]));

  test('are compared by name without regard to case, spaces around it, and how accents are composed', () => {
    expect(folderName('  Privé ')).toBe('privé');
    expect(folderName('Prive\u0301')).toBe(folderName('Privé'));
  });

  test('that are in a circle are in no folder', () => {
    const circle = listed({ id: 'a', name: 'A', parentId: 'b' }, { id: 'b', name: 'B', parentId: 'a' });

    expect(folderExclusion(rules({ excludedFolderNames: ['c'] }), 'a', circle)).toBeNull();
    expect(folderExclusion(rules({ excludedFolderNames: ['b'] }), 'a', circle)).toBe('organization');
  });

  test('of no name are excluded by what they are, or by their id', () => {
    const unnamed = listed({ id: 'a', name: null, parentId: null, wellKnown: 'drafts' });

    expect(folderExclusion(rules({ excludedFolderNames: ['private', 'drafts'] }), 'a', unnamed)).toBe('organization');
    expect(folderExclusion(rules({ excludedFolderNames: ['private'] }), 'a', unnamed)).toBeNull();
    expect(folderExclusion(rules({}, { excludedFolderIds: ['b', 'a'] }), 'a', unnamed)).toBe('member');
  });

  test('are looked at by a rule that names some, by name or by id', () => {
    expect(hasFolderRules(rules({}))).toBe(false);
    expect(ofEither(hasFolderRules, { excludedFolderNames: ['private'] })).toEqual([true, true]);
    expect(ofEither(hasFolderRules, { excludedFolderIds: ['a'] })).toEqual([true, true]);
    expect(hasFolderRules(rules({ excludedDomains: ['a.example'] }, { knownContactsOnly: true }))).toBe(false);
  });
});

test('contacts are needed where a rule asks who is known', () => {
  expect(needsContacts(rules({}))).toBe(false);
  expect(ofEither(needsContacts, { knownContactsOnly: true })).toEqual([true, true]);
});

test('of private events only times are kept, unless all rules keep them whole', () => {
  expect(keepsBusyTimes(rules({}))).toBe(false);
  expect(ofEither(keepsBusyTimes, { privateEvents: 'busyTimes' })).toEqual([true, true]);
  expect(ofEither(keepsBusyTimes, { privateEvents: 'leftOut' })).toEqual([true, true]);
});

describe('what cannot be read', () => {
  const plain = { isDraft: false, isPrivate: false };

  test.each<[Change, { readonly isDraft: boolean; readonly isPrivate: boolean }, boolean]>([
    [{}, { isDraft: true, isPrivate: true }, false],
    [{ leavesOutDrafts: true }, { ...plain, isDraft: true }, true],
    [{ leavesOutDrafts: true }, { ...plain, isPrivate: true }, false],
    [{ privateEvents: 'busyTimes' }, { ...plain, isPrivate: true }, true],
    [{ privateEvents: 'leftOut' }, { ...plain, isPrivate: true }, true],
    [{ privateEvents: 'leftOut' }, { ...plain, isDraft: true }, false],
    // Every other rule looks at what is not known then.
    [{ excludedAddresses: [NORA] }, plain, true],
    [{ excludedFolderIds: ['a'] }, plain, true],
    [{ retentionDays: 30 }, plain, true],
    [{ knownContactsOnly: true }, plain, true],
  ])('with %j, of %j may be excluded: %s', (change, flags, may) => {
    expect(ofEither((either) => mayExclude(either, flags), change)).toEqual([may, may]);
  });
});

describe('two policies', () => {
  test('are the same where they say the same, whatever an earlier version wrote of them', () => {
    const { leavesOutDrafts: _unknown, ...written } = policy({ excludedDomains: ['a.example'] });

    expect(samePolicy(policy({ excludedDomains: ['a.example'] }), policy({ excludedDomains: ['a.example'] }))).toBe(
      true,
    );
    expect(samePolicy(policy({ excludedDomains: ['a.example'] }), { ...NO_FILTERS, ...written })).toBe(true);
    expect(samePolicy(policy({ excludedDomains: ['a.example'] }), policy({ excludedDomains: ['b.example'] }))).toBe(
      false,
    );
    expect(samePolicy(NO_FILTERS, AT_FIRST)).toBe(false);
  });

  test.each(['ignoredDomains', 'excludedAddresses', 'excludedDomains', 'excludedConversations'] as const)(
    'of which one leaves out less by %s',
    (list) => {
      const both = policy({ [list]: ['a', 'b'] });

      expect(isLessRestrictive(policy({ [list]: ['a'] }), both)).toBe(true);
      expect(isLessRestrictive(policy({ [list]: ['a', 'c'] }), both)).toBe(true);
      expect(isLessRestrictive(NO_FILTERS, both)).toBe(true);
      expect(isLessRestrictive(policy({ [list]: ['b', 'a'] }), both)).toBe(false);
      expect(isLessRestrictive(policy({ [list]: ['a', 'b', 'c'] }), both)).toBe(false);
    },
  );

  test.each(['excludedFolderNames', 'excludedFolderIds'] as const)(
    'whose %s differ restart nothing: folders come by themselves',
    (list) => {
      expect(isLessRestrictive(NO_FILTERS, policy({ [list]: ['a'] }))).toBe(false);
    },
  );

  test('of which one has a wider setting', () => {
    expect(isLessRestrictive(NO_FILTERS, policy({ retentionDays: 30 }))).toBe(true);
    expect(isLessRestrictive(policy({ retentionDays: 30 }), NO_FILTERS)).toBe(false);
  });
});

test('a policy is told in numbers, and in what it sets, without a name', () => {
  const named = policy({
    ignoredDomains: ['harborreed.example'],
    excludedAddresses: [NORA, 'tom@altenbach.example'],
    excludedConversations: ['c'],
    retentionDays: 365,
    knownContactsOnly: true,
    privateEvents: 'leftOut',
  });

  expect(countsOf(named)).toEqual({
    ignoredDomains: 1,
    excludedAddresses: 2,
    excludedDomains: 0,
    excludedFolderNames: 0,
    excludedFolderIds: 0,
    excludedConversations: 1,
    knownContactsOnly: true,
    lookBackDays: null,
    retentionDays: 365,
    leavesOutDrafts: false,
    privateEvents: 'leftOut',
  });
});

describe('what a person types', () => {
  const label = 'a'.repeat(61);
  const longest = `${label}.${label}.${label}.${'b'.repeat(59)}.example`;

  test.each([
    [longest, longest],
    [`a${longest}`, null],
    ['4you.example', '4you.example'],
    ['mail.harborreed.co.example', 'mail.harborreed.co.example'],
    ['-a.example', null],
    ['a-.example', null],
    ['a--b.example', 'a--b.example'],
    ['a_b.example', null],
    ['harborreed.4you', null],
    ['harborreed.e', null],
    ['harborreed.example/path', null],
    ['x harborreed.example', null],
    ['harborreed.example x', null],
    ['１２.example', '１２.example'],
  ])('as a domain, %s, is %s', (typed, domain) => {
    expect(parseDomain(typed)).toBe(domain);
  });

  test.each([
    [`${'n'.repeat(301)}@quillworks.example`, `${'n'.repeat(301)}@quillworks.example`],
    [`${'n'.repeat(302)}@quillworks.example`, null],
    ['"a@b"@quillworks.example', null],
    ['a@b@quillworks.example', null],
    ['nora@@quillworks.example', null],
    ['no\uD800ra@quillworks.example', null],
    ['nora;tom@quillworks.example', null],
    ['n@', null],
    ['@', null],
    ['n', null],
  ])('as an address, %s, is %s', (typed, address) => {
    expect(parseAddress(typed)).toBe(address);
  });
});

describe('a domain of an address', () => {
  const isExcluded = (domain: string, address: string) =>
    !evaluate(
      rules({ excludedDomains: [domain] }),
      {
        participants: [address],
        at: null,
        conversationId: undefined,
        isDraft: false,
        isPrivate: false,
        isBusyTime: false,
      },
      { now: NOON, connectedAt: NOON, isKnown: () => false },
    ).relevant;

  test.each([
    ['quillworks.example', 'a@b@quillworks.example', true],
    ['quillworks.example', 'quillworks.example', false],
    ['quillworks.example', '@quillworks.example', true],
    // What is no host can't be written in ASCII, and is compared as it is.
    ['bü cher.example', 'nora@bü cher.example', true],
    ['bü cher.example', 'nora@bücher.example', false],
    ['bücher.example', 'nora@BÜCHER.example', true],
  ])('%j, of %j, is excluded: %s', (domain, address, excluded) => {
    expect(isExcluded(domain, address)).toBe(excluded);
  });
});
