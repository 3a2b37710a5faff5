import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type EvaluationContext,
  NO_FILTERS,
  folderExclusion,
  isLessRestrictive,
  evaluate,
  type Evaluated,
  parseAddress,
  parseDomain,
  type RelevancePolicy,
  type Rules,
} from '../../src/domain/relevance.ts';
import { PRIVATE_EVENTS } from '../../src/domain/ruleSettings.ts';

const NOON = new Date('2026-11-22T12:00:00Z');
const NORA = 'nora@quillworks.example';
const MARA = 'mara@harborreed.example';
const CIRCUMSTANCES: EvaluationContext = {
  now: NOON,
  connectedAt: new Date('2026-11-01T12:00:00Z'),
  isKnown: (address) => address === NORA,
};

function rules(organization: Partial<RelevancePolicy>, member: Partial<RelevancePolicy> = {}): Rules {
  return { organization: { ...NO_FILTERS, ...organization }, member: { ...NO_FILTERS, ...member } };
}

function item(change: Partial<Evaluated>): Evaluated {
  const plain = { isDraft: false, isPrivate: false, isBusyTime: false };
  return { participants: [NORA, MARA], at: NOON, conversationId: undefined, ...plain, ...change };
}

function isRelevant(policy: Partial<RelevancePolicy>, change: Partial<Evaluated>): boolean {
  return evaluate(rules(policy), item(change), CIRCUMSTANCES).relevant;
}

describe('ignored domains', () => {
  test.each([
    ['everyone is inside', [MARA, 'owen@harborreed.example'], false],
    ['everyone is inside, one in a subdomain', [MARA, 'bot@mail.harborreed.example'], false],
    ['one is outside', [MARA, NORA], true],
    ['a look-alike is outside', [MARA, 'x@notharborreed.example'], true],
    ['the domain is only the end of another', ['x@evil-harborreed.example'], true],
    ['case does not matter', ['MARA@HarborReed.Example'], false],
    ['nobody is on it', [], true],
    ['an address has no domain', ['undisclosed-recipients'], true],
  ])('when %s', (_when, participants, relevant) => {
    expect(isRelevant({ ignoredDomains: ['harborreed.example'] }, { participants })).toBe(relevant);
  });

  test.each([
    ['bücher.example', 'nora@xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'nora@bücher.example'],
    ['bücher.example', 'nora@verlag.bücher.example'],
  ])('%s covers %s, however either is written', (domain, address) => {
    expect(isRelevant({ ignoredDomains: [domain] }, { participants: [address] })).toBe(false);
  });

  test('someone outside of every listed domain always keeps an item', () => {
    fc.assert(
      fc.property(fc.array(fc.emailAddress()), fc.array(fc.domain()), (participants, ignoredDomains) => {
        const everybody = [...participants, 'nora@quillworks.invalid.'];
        expect(isRelevant({ ignoredDomains }, { participants: everybody })).toBe(true);
      }),
    );
  });
});

describe('rules that drop', () => {
  test.each<[string, Partial<RelevancePolicy>, Partial<Evaluated>, boolean]>([
    ['an excluded address takes part', { excludedAddresses: [NORA] }, {}, false],
    ['it is written in capitals', { excludedAddresses: [NORA] }, { participants: [NORA.toUpperCase()] }, false],
    ['it does not take part', { excludedAddresses: [NORA] }, { participants: [MARA] }, true],
    ['anybody of an excluded domain takes part', { excludedDomains: ['quillworks.example'] }, {}, false],
    ['a subdomain of it does', { excludedDomains: ['example'] }, {}, false],
    ['a look-alike does', { excludedDomains: ['works.example'] }, {}, true],
    ['it is of an excluded conversation', { excludedConversations: ['c'] }, { conversationId: 'c' }, false],
    ['it is of another', { excludedConversations: ['c'] }, { conversationId: 'd' }, true],
    ['it is of none', { excludedConversations: ['c'] }, {}, true],
    ['somebody is known', { knownContactsOnly: true }, {}, true],
    ['nobody is known', { knownContactsOnly: true }, { participants: [MARA] }, false],
    ['nobody takes part where somebody must be known', { knownContactsOnly: true }, { participants: [] }, false],
    ['it is older than what is looked back', { lookBackDays: 30 }, { at: new Date('2026-10-01T12:00:00Z') }, false],
    ['it is within, as of the connection', { lookBackDays: 30 }, { at: new Date('2026-10-03T12:00:00Z') }, true],
    ['it is older than what is kept', { retentionDays: 30 }, { at: new Date('2026-10-23T11:00:00Z') }, false],
    ['it is kept still', { retentionDays: 30 }, { at: new Date('2026-10-23T13:00:00Z') }, true],
  ])('when %s', (_when, policy, change, relevant) => {
    expect(isRelevant(policy, change)).toBe(relevant);
  });

  test('who excludes first is named: the organization, then the member', () => {
    const own = { excludedAddresses: [NORA] };

    expect(evaluate(rules({ knownContactsOnly: true }, own), item({}), CIRCUMSTANCES)).toEqual({
      relevant: false,
      rule: 'excludedAddresses',
      by: 'member',
    });
    expect(evaluate(rules(own, own), item({}), CIRCUMSTANCES)).toMatchObject({ by: 'organization' });
  });
});

describe('folders', () => {
  const folders = new Map(
    [
      { id: 'inbox', name: 'Inbox', parentId: 'root' },
      { id: 'private', name: 'Private', parentId: 'inbox' },
      { id: 'doctor', name: 'Doctor', parentId: 'private' },
      { id: 'odd', name: 'Odd', parentId: 'odd' },
    ].map((folder) => [folder.id, folder] as const),
  );

  test.each([
    ['private', 'organization'],
    ['doctor', 'organization'],
    ['inbox', null],
    ['odd', null],
    ['unknown', null],
  ])('an organization that excludes "private": %s is excluded by %s', (id, by) => {
    expect(folderExclusion(rules({ excludedFolderNames: ['private'] }), id, folders)).toBe(by);
  });

  test.each([
    ['junk email', 'junkemail', 'Junk-E-Mail'],
    ['junkemail', 'junkemail', 'Courrier indésirable'],
    ['deleted items', 'deleteditems', 'Gelöschte Elemente'],
    ['drafts', 'drafts', 'Entwürfe'],
  ] as const)(
    'K6 a rule for "%s" means the folder that every mailbox has, called "%s" by Graph',
    (rule, wellKnown, name) => {
      const german = new Map([
        ['f', { id: 'f', name, parentId: null, wellKnown }],
        ['below', { id: 'below', name: 'x', parentId: 'f', wellKnown: null }],
        ['other', { id: 'other', name: 'Projekte', parentId: null, wellKnown: null }],
      ]);
      const organization = rules({ excludedFolderNames: [rule] });

      expect(['f', 'below', 'other'].map((id) => folderExclusion(organization, id, german))).toEqual([
        'organization',
        'organization',
        null,
      ]);
    },
  );

  test('a member excludes a folder and what is below it by its id', () => {
    const own = rules({}, { excludedFolderIds: ['inbox'] });

    expect(['inbox', 'doctor', 'odd'].map((id) => folderExclusion(own, id, folders))).toEqual([
      'member',
      'member',
      null,
    ]);
  });
});

const policies: fc.Arbitrary<RelevancePolicy> = fc.record({
  ignoredDomains: fc.subarray(['quillworks.example', 'harborreed.example']),
  excludedAddresses: fc.subarray([NORA, MARA]),
  excludedDomains: fc.subarray(['quillworks.example', 'elsewhere.example']),
  excludedFolderNames: fc.constant([]),
  excludedFolderIds: fc.constant([]),
  excludedConversations: fc.subarray(['c', 'd']),
  knownContactsOnly: fc.boolean(),
  lookBackDays: fc.constantFrom(null, 1, 30, 365),
  retentionDays: fc.constantFrom(null, 1, 30, 365),
  leavesOutDrafts: fc.boolean(),
  privateEvents: fc.constantFrom(...PRIVATE_EVENTS),
});
const items: fc.Arbitrary<Evaluated> = fc.record({
  participants: fc.subarray([NORA, MARA, 'x@elsewhere.example']),
  at: fc.integer({ min: 0, max: 800 }).map((days) => new Date(NOON.getTime() - days * 86_400_000)),
  conversationId: fc.constantFrom(undefined, 'c', 'd'),
  isDraft: fc.boolean(),
  isPrivate: fc.boolean(),
  isBusyTime: fc.boolean(),
});

describe('what is private, and what is not sent', () => {
  test.each([
    ['a draft, where drafts are left out', { leavesOutDrafts: true }, { isDraft: true }, false],
    ['a draft, where they are not', {}, { isDraft: true }, true],
    ['what is sent, where drafts are left out', { leavesOutDrafts: true }, {}, true],
    ['a private event as any other', {}, { isPrivate: true }, true],
    ['a whole private event among busy times', { privateEvents: 'busyTimes' }, { isPrivate: true }, false],
    ['its busy time', { privateEvents: 'busyTimes' }, { isPrivate: true, isBusyTime: true }, true],
    ['its busy time, where it is left out', { privateEvents: 'leftOut' }, { isPrivate: true, isBusyTime: true }, false],
    ['an event that is not private', { privateEvents: 'leftOut' }, {}, true],
  ] as const)('%s', (_what, policy, change, relevant) => {
    expect(isRelevant(policy, change)).toBe(relevant);
  });

  test('a busy time says nothing of who takes part, so no rule about people judges it again', () => {
    const stored = { isPrivate: true, isBusyTime: true, participants: [] };

    expect(isRelevant({ knownContactsOnly: true, privateEvents: 'busyTimes' }, stored)).toBe(true);
  });
});

describe('a change of rules', () => {
  test('another rule never brings an item back, no matter who made it', () => {
    fc.assert(
      fc.property(policies, policies, items, (organization, member, evaluated) => {
        const alone = evaluate({ organization, member: NO_FILTERS }, evaluated, CIRCUMSTANCES);
        const both = evaluate({ organization, member }, evaluated, CIRCUMSTANCES);
        expect(alone.relevant || !both.relevant).toBe(true);
      }),
    );
  });

  test('what is not called wider makes nothing relevant that was not', () => {
    fc.assert(
      fc.property(policies, policies, items, (before, after, evaluated) => {
        const was = evaluate(rules(before), evaluated, CIRCUMSTANCES).relevant;
        const is = evaluate(rules(after), evaluated, CIRCUMSTANCES).relevant;
        expect(isLessRestrictive(after, before) || was || !is).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('parseDomain', () => {
  test.each([
    ['HarborReed.Example', 'harborreed.example'],
    ['@harborreed.example', 'harborreed.example'],
    [' harborreed.example. ', 'harborreed.example'],
    ['bücher.example', 'bücher.example'],
    ['localhost', null],
    ['mara@harborreed.example', null],
    ['https://harborreed.example', null],
    ['harborreed..example', null],
    ['', null],
    ['a'.repeat(300) + '.example', null],
  ])('reads %j as %j', (typed, domain) => {
    expect(parseDomain(typed)).toBe(domain);
  });
});

describe('parseAddress', () => {
  test.each([
    [' Nora@QuillWorks.Example ', NORA],
    ['"Nora" <nora@quillworks.example>', null],
    ['root@localhost', 'root@localhost'],
    ['nora@', null],
    ['no\u0000ra@quillworks.example', null],
    ['@quillworks.example', null],
    ['nora quill@quillworks.example', null],
    ['', null],
    [`${'n'.repeat(400)}@quillworks.example`, null],
  ])('reads %j as %j', (typed, address) => {
    expect(parseAddress(typed)).toBe(address);
  });
});
