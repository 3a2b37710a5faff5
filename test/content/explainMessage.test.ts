import { describe, expect, test } from '@jest/globals';
import { explainMessage } from '../../src/content/explainMessage.ts';
import type { Looked, FiledMessage, StoredMessage } from '../../src/content/ports.ts';
import { NO_RULES } from '../../src/domain/memberRules.ts';
import { NO_FILTERS } from '../../src/domain/relevance.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { type ContentWorld, contentPorts, MARA_NAME } from '../support/contentWorld.ts';
import { AT, HARBOR_REED, MARA } from '../support/storedRecords.ts';

const JONAS = 'jonas.keller@altenbach.example';

const AT_MICROSOFT: FiledMessage = {
  itemId: 'm1',
  folderId: 'inbox',
  at: AT,
  content: {
    subject: 'Board feedback',
    people: [
      { role: 'from', address: JONAS },
      { role: 'to', address: 'mara.ellis@harborreed.example' },
    ],
    conversationId: 'c1',
  },
};
const STORED: StoredMessage = { ...AT_MICROSOFT, stored: { level: 'full', storedAt: AT } };
const THERE: Looked<FiledMessage | null> = { kind: 'ok', value: AT_MICROSOFT };

const explain = (world: Partial<ContentWorld>) => explainMessage(contentPorts(world), MARA_NAME, '<id>');
const policy = (change: Partial<typeof NO_FILTERS>) => ({ ...NO_RULES, policy: { ...NO_FILTERS, ...change } });

describe('a message that is stored', () => {
  test('is told as synced, with its level, and Microsoft is not asked', async () => {
    const ports = contentPorts({ store: { message: () => Promise.resolve(STORED) } });

    expect(await explainMessage(ports, MARA_NAME, '<id>')).toEqual({
      verdict: 'synced',
      sender: JONAS,
      stored: STORED.stored,
    });
    expect(ports.asked).toEqual([]);
  });

  test('of her own offers no one to exclude', async () => {
    const people = [{ role: 'from' as const, address: 'Mara.Ellis@harborreed.example' }];
    const own = { ...STORED, content: { ...STORED.content, people } };

    expect(await explain({ store: { message: () => Promise.resolve(own) } })).toMatchObject({ sender: null });
  });
});

describe('a message that is not stored', () => {
  test('comes yet, where no rule excludes it', async () => {
    expect(await explain({ messages: { '': THERE } })).toEqual({ verdict: 'notYet', sender: JONAS });
  });

  test('could not be read, where it was set aside', async () => {
    const store = { isSetAside: () => Promise.resolve(true) };

    expect(await explain({ messages: { '': THERE }, store })).toEqual({ verdict: 'unreadable', sender: JONAS });
  });

  test.each([
    [{ kind: 'ok', value: null } as const, 'notInMailbox'],
    [{ kind: 'unavailable' } as const, 'notKnown'],
    [{ kind: 'refused' } as const, 'notKnown'],
    [{ kind: 'closed' } as const, 'notKnown'],
  ])('that Microsoft answers with %j is %s', async (looked, verdict) => {
    expect(await explain({ messages: { '': looked } })).toEqual({ verdict });
  });

  test.each([{ kind: 'lost' } as const, { kind: 'unavailable' } as const])(
    'without a token (%j) no one knows',
    async (token) => {
      expect(await explain({ token, messages: { '': THERE } })).toEqual({ verdict: 'notKnown' });
    },
  );

  test('is not asked for while mail is off, or paused', async () => {
    const off = { ...MARA, preference: EMPTY_SELECTION };
    const paused = { ...MARA, pauses: { mail: { until: null } } };

    expect(await explain({ member: off, messages: { '': THERE } })).toEqual({ verdict: 'mailOff' });
    expect(await explain({ member: paused, messages: { '': THERE } })).toEqual({ verdict: 'mailPaused' });
  });
});

describe('a message that a rule excludes', () => {
  test('names the rule and whose it is; the organization cannot be undone', async () => {
    const organization = { ...HARBOR_REED, relevance: { ...NO_FILTERS, excludedDomains: ['altenbach.example'] } };

    expect(await explain({ organization, messages: { '': THERE } })).toEqual({
      verdict: 'excludedDomains',
      by: 'organization',
      sender: JONAS,
      exclusion: null,
    });
  });

  test.each([
    [{ excludedAddresses: [JONAS] }, 'excludedAddresses', { kind: 'address', value: JONAS }],
    [{ excludedConversations: ['c1'] }, 'excludedConversations', { kind: 'conversation', value: 'c1' }],
    [{ excludedDomains: ['altenbach.example'] }, 'excludedDomains', null],
  ] as const)("of the member's own, %j, can be undone where it names one thing", async (rules, verdict, exclusion) => {
    expect(await explain({ rules: policy(rules), messages: { '': THERE } })).toEqual({
      verdict,
      by: 'member',
      sender: JONAS,
      exclusion,
    });
  });

  test('sees of a message at Microsoft what sync sees of it', async () => {
    const draft = { ...AT_MICROSOFT, content: { ...AT_MICROSOFT.content, isDraft: true } };
    const rules = policy({ leavesOutDrafts: true });

    expect(await explain({ rules, messages: { '': { kind: 'ok', value: draft } } })).toEqual({
      verdict: 'drafts',
      by: 'member',
      sender: JONAS,
      exclusion: null,
    });
  });

  test('about known contacts asks who is known, and only then', async () => {
    const lookedUp: (readonly string[])[] = [];
    const store = {
      knownContacts: (_member: unknown, addresses: readonly string[]) => {
        lookedUp.push(addresses);
        return Promise.resolve(new Set([JONAS]));
      },
    };

    expect(await explain({ rules: policy({ knownContactsOnly: true }), messages: { '': THERE }, store })).toEqual({
      verdict: 'notYet',
      sender: JONAS,
    });
    expect(await explain({ messages: { '': THERE }, store })).toEqual({ verdict: 'notYet', sender: JONAS });
    expect(lookedUp).toEqual([[JONAS, 'mara.ellis@harborreed.example'], []]);
  });
});

test('rules that no one has decided on hold as they are at first', async () => {
  const draft = { ...AT_MICROSOFT, content: { ...AT_MICROSOFT.content, isDraft: true } };
  const ports = contentPorts({ messages: { '': { kind: 'ok', value: draft } } });
  const records = { ...ports.records, organization: () => Promise.resolve(null) };

  expect(await explainMessage({ ...ports, records }, MARA_NAME, '<id>')).toEqual({
    verdict: 'drafts',
    by: 'organization',
    sender: JONAS,
    exclusion: null,
  });
});

test.each([
  ['is from before the connection', new Date(AT.getTime() - 86_400_001), 'lookBack'],
  ['is from the day before it, to the millisecond', new Date(AT.getTime() - 86_400_000), null],
  ['has no date that anyone knows', null, null],
] as const)('a message that %s is judged by when the member was connected', async (_what, at, rule) => {
  const messages = { '': { kind: 'ok', value: { ...AT_MICROSOFT, at } } } as const;
  const rules = policy({ lookBackDays: 1 });
  const excluded = { verdict: rule, by: 'member', sender: JONAS, exclusion: null };

  expect(await explain({ messages, rules })).toEqual(rule === null ? { verdict: 'notYet', sender: JONAS } : excluded);
});

test('of several people whom a member excludes, the one that is named can be included again', async () => {
  const tom = 'tom.adeyemi@harborreed.example';
  const people = [
    { role: 'from' as const, address: JONAS },
    { role: 'cc' as const, address: 'Tom.Adeyemi@HarborReed.example' },
  ];
  const messages = { '': { kind: 'ok', value: { ...AT_MICROSOFT, content: { subject: '', people } } } } as const;

  expect(await explain({ messages, rules: policy({ excludedAddresses: [tom] }) })).toEqual({
    verdict: 'excludedAddresses',
    by: 'member',
    sender: JONAS,
    exclusion: { kind: 'address', value: tom },
  });
});
