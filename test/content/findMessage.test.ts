import { describe, expect, test } from '@jest/globals';
import { findMessage } from '../../src/content/findMessage.ts';
import type { FiledMessage, Looked, StoredMessage } from '../../src/content/ports.ts';
import { NO_RULES } from '../../src/domain/memberRules.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { type ContentWorld, contentPorts, MARA_NAME } from '../support/contentWorld.ts';
import { AT, CONNECTED, MARA, READ } from '../support/storedRecords.ts';

const MESSAGE: FiledMessage = {
  itemId: 'm1',
  folderId: 'inbox',
  at: AT,
  content: { subject: 'Board feedback', people: [{ role: 'from', address: 'jonas.keller@altenbach.example' }] },
};
const STORED: StoredMessage = { ...MESSAGE, stored: { level: 'full', storedAt: AT } };
const THERE: Looked<FiledMessage | null> = { kind: 'ok', value: MESSAGE };
const CAREERS = { id: 'one', address: 'careers@harborreed.example', closed: [] } as const;
const BOARD = { id: 'two', address: 'board@harborreed.example', closed: [] } as const;
const SHARING: Partial<ContentWorld> = {
  member: { ...MARA, preference: { ...EMPTY_SELECTION, mail: { ...READ, shared: true } } },
  connection: { ...CONNECTED, scopes: ['Mail.Read', 'Mail.Read.Shared'] },
  rules: { ...NO_RULES, mailboxes: [CAREERS, BOARD] },
};

async function find(world: Partial<ContentWorld>) {
  const ports = contentPorts(world);
  return { found: await findMessage(ports, MARA_NAME, '<id>'), asked: ports.asked, scopes: ports.scopes };
}

describe('what is stored', () => {
  test('is found without a token, and without asking Microsoft', async () => {
    expect(await find({ store: { message: () => Promise.resolve(STORED) } })).toEqual({
      found: { kind: 'found', ...STORED },
      asked: [],
      scopes: [],
    });
  });

  test('is found while mail is off: it is still there', async () => {
    const off = { ...MARA, preference: EMPTY_SELECTION };

    expect((await find({ member: off, store: { message: () => Promise.resolve(STORED) } })).found.kind).toBe('found');
  });
});

describe('what is not stored', () => {
  test('is looked for in the own mailbox with what reading mail needs', async () => {
    expect(await find({ messages: { '': THERE } })).toEqual({
      found: { kind: 'found', ...MESSAGE, stored: null },
      asked: [''],
      scopes: [['Mail.Read']],
    });
  });

  test('is not looked for on behalf of a member whom no one knows', async () => {
    const ports = contentPorts({ messages: { '': THERE } });
    const records = { ...ports.records, decisionFacts: () => Promise.resolve(null) };

    expect(await findMessage({ ...ports, records }, MARA_NAME, '<id>')).toEqual({ kind: 'mailOff' });
    expect(ports.asked).toEqual([]);
  });
});

describe('several mailboxes', () => {
  test('are asked one after the other, the own one first, until one has it', async () => {
    expect(await find({ ...SHARING, messages: { [BOARD.address]: THERE } })).toEqual({
      found: { kind: 'found', ...MESSAGE, folderId: '~two/inbox', stored: null },
      asked: ['', CAREERS.address, BOARD.address],
      scopes: [['Mail.Read', 'Mail.Read.Shared']],
    });
    expect((await find({ ...SHARING, messages: { [CAREERS.address]: THERE } })).asked).toEqual(['', CAREERS.address]);
  });

  test('of which one is closed are asked further', async () => {
    const messages = { [CAREERS.address]: { kind: 'closed' }, [BOARD.address]: THERE } as const;

    expect((await find({ ...SHARING, messages })).found).toMatchObject({ kind: 'found', folderId: '~two/inbox' });
  });

  test.each(['unavailable', 'refused'] as const)('of which one is %s leave open where it is', async (kind) => {
    const messages = { [CAREERS.address]: { kind }, [BOARD.address]: THERE } as const;

    expect(await find({ ...SHARING, messages })).toMatchObject({
      found: { kind: 'notKnown' },
      asked: ['', CAREERS.address],
    });
  });

  test('that none has it says so', async () => {
    expect((await find(SHARING)).found).toEqual({ kind: 'notInMailbox' });
  });
});
