import { describe, expect, test } from '@jest/globals';
import { changeRuleSettings, exclude, include, listExclusions } from '../../src/content/exclusions.ts';
import { NO_RULES } from '../../src/domain/memberRules.ts';
import { AT_FIRST, NO_FILTERS } from '../../src/domain/relevance.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { aListedFolder } from '../support/buildStream.ts';
import { contentPorts, MARA_NAME } from '../support/contentWorld.ts';
import { AT, HARBOR_REED, MARA } from '../support/storedRecords.ts';

const INBOX = { ...aListedFolder('inbox'), name: 'Inbox', category: 'mail' } as const;
const PRIVATE = { ...aListedFolder('private', { parentId: 'inbox' }), name: 'Private', category: 'mail' } as const;
const store = { namedContainers: () => Promise.resolve([INBOX, PRIVATE]) };

describe('the list', () => {
  test('names rules of both, every folder, and those that can still be excluded', async () => {
    const rules = { ...NO_RULES, policy: { ...NO_FILTERS, excludedFolderIds: ['private'] } };
    const review = { startedAt: AT, endedAt: null, looked: 3, removed: 1 };

    expect(
      await listExclusions(
        contentPorts({ rules, store: { ...store, review: () => Promise.resolve(review) } }),
        MARA_NAME,
      ),
    ).toEqual({
      organization: NO_FILTERS,
      own: rules,
      folders: [INBOX, PRIVATE],
      includedFolders: [INBOX],
      review,
    });
  });
});

test('the list has the rules that hold at first, where an organization has none, and leaves out folders below others', async () => {
  const rules = { ...NO_RULES, policy: { ...NO_FILTERS, excludedFolderIds: ['inbox'] } };
  const ports = contentPorts({ rules, store });
  const records = { ...ports.records, organization: () => Promise.resolve(null) };

  expect(await listExclusions({ ...ports, records }, MARA_NAME)).toEqual({
    organization: AT_FIRST,
    own: rules,
    folders: [INBOX, PRIVATE],
    includedFolders: [],
    review: null,
  });
});

describe('excluding', () => {
  test.each([
    ['address', ' Jonas.Keller@Altenbach.example ', 'jonas.keller@altenbach.example'],
    ['domain', 'Altenbach.example', 'altenbach.example'],
    ['folder', 'private', 'private'],
  ] as const)('%s %j', async (kind, value, stored) => {
    const ports = contentPorts({ store });

    expect(await exclude(ports, MARA_NAME, { kind, value })).toEqual({ kind: 'changed' });
    expect(ports.changes).toEqual([{ kind: 'exclude', what: { kind, value: stored } }]);
  });

  test.each([
    ['address', 'no address', 'no_address'],
    ['domain', '', 'no_address'],
    ['address', 'mara.ellis@harborreed.example', 'own_address'],
    ['address', 'Mara.Ellis@HarborReed.example', 'own_address'],
    ['domain', 'harborreed.example', 'own_address'],
    ['folder', 'somewhere', 'not_found'],
    ['conversation', '<nowhere>', 'not_found'],
  ] as const)('%s %j is refused: %s', async (kind, value, code) => {
    const ports = contentPorts({ store });

    expect(await exclude(ports, MARA_NAME, { kind, value })).toEqual({ kind: 'problem', code });
    expect(ports.changes).toEqual([]);
  });

  test('a domain above the own one would exclude everything, too', async () => {
    const ports = contentPorts({ member: { ...MARA, account: 'mara.ellis@eu.harborreed.example' } });

    expect(await exclude(ports, MARA_NAME, { kind: 'domain', value: 'harborreed.example' })).toEqual({
      kind: 'problem',
      code: 'own_address',
    });
    expect(await exclude(ports, MARA_NAME, { kind: 'domain', value: 'us.harborreed.example' })).toEqual({
      kind: 'changed',
    });
  });

  test('someone whose own address is not known may be anyone', async () => {
    const ports = contentPorts({ member: { ...MARA, account: null } });

    expect(await exclude(ports, MARA_NAME, { kind: 'domain', value: 'harborreed.example' })).toEqual({
      kind: 'changed',
    });
  });

  test('a conversation is found by one of its messages, and keeps its subject', async () => {
    const message = {
      itemId: 'm1',
      folderId: 'inbox',
      at: AT,
      content: { subject: 'Board feedback', people: [], conversationId: 'c1' },
    };
    const ports = contentPorts({ messages: { '': { kind: 'ok', value: message } } });

    expect(await exclude(ports, MARA_NAME, { kind: 'conversation', value: '<id>' })).toEqual({ kind: 'changed' });
    expect(ports.changes).toEqual([
      { kind: 'exclude', what: { kind: 'conversation', value: 'c1', subject: 'Board feedback' } },
    ]);
  });

  test('a message that is in no conversation cannot be excluded with one', async () => {
    const message = { itemId: 'm1', folderId: 'inbox', at: AT, content: { subject: 'Board feedback', people: [] } };
    const ports = contentPorts({ messages: { '': { kind: 'ok', value: message } } });

    expect(await exclude(ports, MARA_NAME, { kind: 'conversation', value: '<id>' })).toEqual({
      kind: 'problem',
      code: 'not_found',
    });
    expect(ports.changes).toEqual([]);
  });

  test('a conversation cannot be found while mail is paused', async () => {
    const ports = contentPorts({ member: { ...MARA, pauses: { mail: { until: null } } } });

    expect(await exclude(ports, MARA_NAME, { kind: 'conversation', value: '<id>' })).toEqual({
      kind: 'problem',
      code: 'mail_not_read',
    });
    expect(ports.asked).toEqual([]);
    expect(ports.changes).toEqual([]);
  });

  test('a conversation cannot be found while mail is off, or Microsoft does not answer', async () => {
    const off = contentPorts({ member: { ...MARA, preference: EMPTY_SELECTION } });
    const silent = contentPorts({ messages: { '': { kind: 'unavailable' } } });
    const conversation = { kind: 'conversation', value: '<id>' } as const;

    expect(await exclude(off, MARA_NAME, conversation)).toEqual({ kind: 'problem', code: 'mail_not_read' });
    expect(await exclude(silent, MARA_NAME, conversation)).toEqual({ kind: 'problem', code: 'microsoft_unavailable' });
  });
});

describe('including again', () => {
  test.each([
    ['address', 'Jonas.Keller@altenbach.example', 'jonas.keller@altenbach.example'],
    ['domain', 'altenbach.example', 'altenbach.example'],
    ['folder', 'gone', 'gone'],
    ['conversation', 'c1', 'c1'],
    ['address', 'what is listed', 'what is listed'],
  ] as const)('%s %j, also what is not there any more', async (kind, value, stored) => {
    const ports = contentPorts();
    await include(ports, MARA_NAME, { kind, value });

    expect(ports.changes).toEqual([{ kind: 'include', what: { kind, value: stored, subject: '' } }]);
  });
});

test('settings of rules are changed as they are given', async () => {
  const ports = contentPorts({ organization: HARBOR_REED });
  await changeRuleSettings(ports, MARA_NAME, { lookBackDays: 30 });

  expect(ports.changes).toEqual([{ kind: 'settings', settings: { lookBackDays: 30 } }]);
});
