import { describe, expect, test } from '@jest/globals';
import type { Attachment, SyncedItem } from '../../src/domain/items.ts';
import { commitItems } from '../../src/sync/commitItems.ts';
import type { CalendarWindow, Change, PageCommit, Stream } from '../../src/sync/ports.ts';
import { aStream } from '../support/buildStream.ts';
import { aMessage, anEvent, each, NORA, ok, partial, removed, unreadable, upsert } from '../support/graphPages.ts';
import { AT } from '../support/storedRecords.ts';
import { after, memberRules, openSyncWorld, ROUND, type SyncScript } from '../support/syncWorld.ts';

const INBOX = aStream('mail', 'inbox', 'full', AT);
const CALENDAR = aStream('calendar', 'work', 'full', AT);
const TASKS = aStream('tasks', 'list', 'full', AT);
const DAY_SECONDS = 86_400;
const TOM = 'tom.adeyemi@harborreed.example';

interface Script extends SyncScript {
  readonly stream?: Stream;
  readonly proves?: CalendarWindow | null;
}

async function commit(
  changes: readonly Change<SyncedItem>[],
  { stream = INBOX, proves = null, ...script }: Script = {},
) {
  const world = openSyncWorld(script);
  const progress = progressOf(stream);
  const answer = await commitItems(world.context, progress, changes, proves);
  return { answer, pages: world.pages, log: world.log };
}

function progressOf(stream: Stream) {
  return {
    kind: 'pageRead',
    stream,
    cursor: 'next',
    end: 'more',
    begunRound: ROUND,
    resumesRound: ROUND,
    at: AT,
    nextAt: after(AT, 60),
    pageSize: 100,
    emptyPages: 0,
  } as const;
}

/** A page of which nothing is to be written but what a test names. */
function page(stream: Stream, change: Partial<PageCommit>): PageCommit {
  const nothing = { upserts: [], removals: [], excluded: [], unreadable: [], seen: [], proves: null };
  const { upserts = [], seen = [] } = change;
  return { ...progressOf(stream), itemCount: upserts.length + seen.length, ...nothing, ...change };
}

const messageFrom = (id: string, address: string, change: Partial<SyncedItem> = {}) =>
  aMessage(id, { content: { subject: id, people: [{ address, role: 'from' }] }, ...change });

describe('a page of items', () => {
  test('is committed with its cursor, and with what it proves', async () => {
    const proves = { start: AT, end: after(AT, DAY_SECONDS) };
    const changes = [
      upsert(aMessage('a')),
      removed('b'),
      partial('c'),
      { kind: 'seen', id: 'd' } as const,
      unreadable('e'),
    ];
    const { answer, pages, log } = await commit(changes, { proves });

    expect(answer).toBe('written');
    expect(pages).toEqual([
      page(INBOX, {
        upserts: [aMessage('a')],
        removals: ['b'],
        seen: ['c', 'd'],
        unreadable: [{ itemId: 'e', reason: 'subject: invalid', raw: { id: 'e', of: 'the answer' } }],
        proves,
      }),
    ]);
    expect(log).toEqual(['known among', 'write mail:inbox: more']);
  });

  test('is told to be stale where the store knows better', async () => {
    const { answer } = await commit([], { store: { commitPage: () => Promise.resolve('stale') } });

    expect(answer).toBe('stale');
  });
});

describe('rules', () => {
  const old = messageFrom('old', NORA, { at: after(AT, -30 * DAY_SECONDS - 1) });
  const justWithin = messageFrom('within', NORA, { at: after(AT, -30 * DAY_SECONDS) });
  const undated = messageFrom('undated', NORA, { at: null });

  test.each([
    ['look back from when the member was connected', { lookBackDays: 30 }, { connectedAt: AT }],
    ['keep for a time that is counted from now', { retentionDays: 30 }, { connectedAt: after(AT, -90 * DAY_SECONDS) }],
  ] as const)('that %s exclude what is older, under its version', async (_what, policy, state) => {
    const { pages } = await commit([old, justWithin, undated].map(upsert), {
      state: { rules: memberRules(policy), ...state },
    });

    expect(pages).toEqual([
      page(INBOX, {
        upserts: [justWithin, undated],
        excluded: [{ itemId: 'old', modifiedAt: old.modifiedAt }],
      }),
    ]);
  });

  test('about known contacts ask once for everyone on the page, and for no one otherwise', async () => {
    const store = { knownAmong: () => Promise.resolve(new Set([NORA])) };
    const changes = [
      upsert(messageFrom('a', 'Nora@Quillworks.example')),
      upsert(messageFrom('b', TOM)),
      upsert(messageFrom('c', TOM)),
      removed('d'),
    ];
    const asked = await commit(changes, { store, state: { rules: memberRules({ knownContactsOnly: true }) } });
    const notAsked = await commit(changes, { store });

    expect(asked.log).toEqual([`known among ${NORA} ${TOM}`, 'write mail:inbox: more']);
    expect(asked.pages[0]).toMatchObject({
      upserts: [{ itemId: 'a' }],
      excluded: [{ itemId: 'b' }, { itemId: 'c' }],
      removals: ['d'],
    });
    expect(notAsked.log).toEqual(['known among', 'write mail:inbox: more']);
    expect(notAsked.pages[0]).toMatchObject({ upserts: [{ itemId: 'a' }, { itemId: 'b' }, { itemId: 'c' }] });
  });

  test('do not look at what is no mail and no event', async () => {
    const rules = memberRules({ retentionDays: 1, knownContactsOnly: true, excludedAddresses: [NORA] });

    expect(await commit([upsert(old)], { stream: TASKS, state: { rules } })).toEqual({
      answer: 'written',
      pages: [page(TASKS, { upserts: [old] })],
      log: ['write tasks:list: more'],
    });
  });
});

describe('a private event', () => {
  const open = anEvent('open').item;
  const secret: SyncedItem = {
    ...open,
    itemId: 'secret',
    content: { ...open.content, sensitivity: 'private', showAs: 'busy' },
  };
  const { start, end, isAllDay } = secret.content;
  const busyTime: SyncedItem = {
    ...secret,
    changeKey: 'key of open busyTime',
    content: {
      subject: '',
      people: [],
      start,
      end,
      isAllDay,
      showAs: 'busy',
      sensitivity: 'private',
      isBusyTime: true,
    },
  };

  test.each([
    ['whole', [open, secret], []],
    ['busyTimes', [open, busyTime], []],
    ['leftOut', [open], [{ itemId: 'secret', modifiedAt: secret.modifiedAt }]],
  ] as const)('is kept as the rules say: %s', async (privateEvents, upserts, excluded) => {
    const { pages } = await commit([upsert(open), upsert(secret)], {
      stream: CALENDAR,
      state: { rules: memberRules({ privateEvents }) },
    });

    expect(pages).toEqual([page(CALENDAR, { upserts, excluded })]);
  });

  test('is judged by who takes part before that is forgotten', async () => {
    const { pages } = await commit([upsert(secret)], {
      stream: CALENDAR,
      state: { rules: memberRules({ privateEvents: 'busyTimes', excludedAddresses: [NORA] }) },
    });

    expect(pages).toEqual([page(CALENDAR, { excluded: [{ itemId: 'secret', modifiedAt: secret.modifiedAt }] })]);
  });
});

describe('of what cannot be read', () => {
  const flags = { isDraft: true, isPrivate: false };

  test.each([
    [
      'nothing but its id is kept where it may be a draft that a rule leaves out',
      { leavesOutDrafts: true },
      flags,
      null,
    ],
    ['everything is kept where it is no draft', { leavesOutDrafts: true }, { ...flags, isDraft: false }, 'whole'],
    ['everything is kept where no rule leaves out drafts', {}, flags, 'whole'],
    ['nothing but its id is kept where a rule asks for what it does not say', { retentionDays: 30 }, flags, null],
  ] as const)('%s', async (_what, policy, told, kept) => {
    const raw = { id: 'a', of: 'the answer' };
    const { pages } = await commit([unreadable('a')], {
      graph: { flagsOf: () => told },
      state: { rules: memberRules(policy) },
    });

    expect(pages).toEqual([
      page(INBOX, { unreadable: [{ itemId: 'a', reason: 'subject: invalid', raw: kept === null ? null : raw }] }),
    ]);
  });
});

describe('what is attached', () => {
  const LETTER: Attachment = { name: 'Letter.pdf', contentType: 'application/pdf', size: 4096, isInline: false };
  const attached = (id: string, change: Partial<SyncedItem> = {}) => aMessage(id, { hasAttachments: true, ...change });
  const withLetter = (item: SyncedItem) => ({ ...item, content: { ...item.content, attachments: [LETTER] } });

  test('is asked for where a message has something that is not stored in this version', async () => {
    const messages = [
      aMessage('none', { hasAttachments: false }),
      aMessage('event'),
      attached('new'),
      attached('changed'),
      attached('same'),
      attached('unversioned', { changeKey: null }),
    ];
    const versions = new Map([
      ['changed', 'an older key'],
      ['same', 'key of same'],
      ['unversioned', 'a key'],
    ]);
    const list = ok([LETTER]);
    const { pages, log } = await commit(messages.map(upsert), {
      store: { versions: () => Promise.resolve(versions) },
      graph: { attachments: () => Promise.resolve(each({ new: list, changed: list, unversioned: list })) },
    });

    expect(pages[0]?.upserts).toEqual(
      messages.map((item) => (['new', 'changed', 'unversioned'].includes(item.itemId) ? withLetter(item) : item)),
    );
    expect(log).toEqual([
      'known among',
      'versions of new changed same unversioned',
      'attachments of new changed unversioned',
      'write mail:inbox: more',
    ]);
  });

  test('is not asked for of what a rule excludes', async () => {
    const { log } = await commit([upsert(attached('a'))], {
      state: { rules: memberRules({ excludedAddresses: [NORA] }) },
    });

    expect(log).toEqual(['known among', 'write mail:inbox: more']);
  });

  test('of a message that it cannot be had of is left out, and the message is kept', async () => {
    const answers = each({ a: { kind: 'notFound' }, b: ok([LETTER]), c: ok<readonly Attachment[]>([]) });
    const messages = ['a', 'b', 'c'].map((id) => attached(id));
    const { answer, pages } = await commit(messages.map(upsert), {
      graph: { attachments: () => Promise.resolve(answers) },
    });

    expect(answer).toBe('written');
    expect(pages[0]?.upserts).toEqual([attached('a'), withLetter(attached('b')), attached('c')]);
  });

  test.each([
    [
      { kind: 'throttled', retryAfterSeconds: 600 },
      { kind: 'throttled', retryAfterSeconds: 600 },
    ],
    [{ kind: 'unauthorized' }, { kind: 'unauthorized' }],
    [{ kind: 'cursorLost' }, { kind: 'failed', code: 'cursorLost' }],
  ] as const)('is waited for where Graph says %j of all: nothing is committed before', async (said, answer) => {
    const outcome = await commit([upsert(attached('a'))], { graph: { attachments: () => Promise.resolve(said) } });

    expect(outcome.answer).toEqual(answer);
    expect(outcome.pages).toEqual([]);
  });
});
