import { describe, expect, test } from '@jest/globals';
import { findMessage } from '../../src/content/findMessage.ts';
import type { FiledMessage } from '../../src/content/ports.ts';
import { NO_RULES } from '../../src/domain/memberRules.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { type ContentWorld, contentPorts, MARA_NAME } from '../support/contentWorld.ts';
import { AT, CONNECTED, MARA, READ } from '../support/storedRecords.ts';

const MESSAGE: FiledMessage = {
  itemId: 'm1',
  folderId: 'inbox',
  at: AT,
  content: { subject: 'Board feedback', people: [] },
};
const THERE = { kind: 'ok', value: MESSAGE } as const;
const CAREERS = { id: 'one', address: 'careers@harborreed.example', closed: [] } as const;
const PRESS = { id: 'two', address: 'press@harborreed.example', closed: [] } as const;
const READS_SHARED: Partial<ContentWorld> = {
  member: { ...MARA, preference: { ...EMPTY_SELECTION, mail: { ...READ, shared: true } } },
  connection: { ...CONNECTED, scopes: ['Mail.Read', 'Mail.Read.Shared'] },
  rules: { ...NO_RULES, mailboxes: [CAREERS, PRESS] },
};

async function find(world: Partial<ContentWorld>) {
  const ports = contentPorts(world);
  return { found: await findMessage(ports, MARA_NAME, '<id>'), asked: ports.asked, scopes: ports.scopes };
}

describe('a message', () => {
  test('that is stored is found as it is, and neither a token nor Microsoft is asked for', async () => {
    const stored = { ...MESSAGE, stored: { level: 'full', storedAt: AT } } as const;

    expect(await find({ store: { message: () => Promise.resolve(stored) } })).toEqual({
      found: { kind: 'found', ...stored },
      asked: [],
      scopes: [],
    });
  });

  test('that is not stored is found at Microsoft, with the permission of its level', async () => {
    const preference = { ...EMPTY_SELECTION, mail: { ...READ, sync: 'limited' as const } };

    expect(await find({ member: { ...MARA, preference }, messages: { '': THERE } })).toEqual({
      found: { kind: 'found', ...MESSAGE, stored: null },
      asked: [''],
      scopes: [['Mail.ReadBasic']],
    });
  });

  test.each([
    ['off', { member: { ...MARA, preference: EMPTY_SELECTION } }, 'mailOff'],
    ['paused', { member: { ...MARA, pauses: { mail: { until: null } } } }, 'mailPaused'],
    ['lost', { connection: { ...CONNECTED, status: 'lost' } }, 'mailOff'],
  ] as const)('is not looked for where mail is %s', async (_what, world, kind) => {
    expect(await find({ ...world, messages: { '': THERE } })).toEqual({ found: { kind }, asked: [], scopes: [] });
  });

  test('is not looked for on behalf of a member who is not known', async () => {
    const ports = contentPorts({ messages: { '': THERE } });
    const records = { ...ports.records, decisionFacts: () => Promise.resolve(null) };

    expect(await findMessage({ ...ports, records }, MARA_NAME, '<id>')).toEqual({ kind: 'mailOff' });
    expect(ports.asked).toEqual([]);
  });
});

describe('a message in a shared mailbox', () => {
  const there = (address: string): Partial<ContentWorld> => ({ ...READS_SHARED, messages: { [address]: THERE } });

  test('is found there, after the own one was asked, and its folder is told from the own ones', async () => {
    expect(await find(there(CAREERS.address))).toEqual({
      found: { kind: 'found', ...MESSAGE, folderId: '~one/inbox', stored: null },
      asked: ['', CAREERS.address],
      scopes: [['Mail.Read', 'Mail.Read.Shared']],
    });
  });

  test('is looked for in each, in turn, beyond one that is closed', async () => {
    const messages = { [CAREERS.address]: { kind: 'closed' }, [PRESS.address]: THERE } as const;

    expect(await find({ ...READS_SHARED, messages })).toMatchObject({
      found: { kind: 'found', folderId: '~two/inbox' },
      asked: ['', CAREERS.address, PRESS.address],
    });
  });

  test('is in none where all were asked, and those that are closed say nothing', async () => {
    const messages = { [CAREERS.address]: { kind: 'closed' } } as const;

    expect(await find({ ...READS_SHARED, messages })).toMatchObject({
      found: { kind: 'notInMailbox' },
      asked: ['', CAREERS.address, PRESS.address],
    });
  });

  test.each([
    ['the own one is closed', { '': { kind: 'closed' } }, ['']],
    ['the own one does not answer', { '': { kind: 'unavailable' } }, ['']],
    ['a shared one does not answer', { [CAREERS.address]: { kind: 'unavailable' } }, ['', CAREERS.address]],
    ['a shared one refuses', { [CAREERS.address]: { kind: 'refused' } }, ['', CAREERS.address]],
  ] as const)('may be anywhere where %s: the rest is not asked', async (_where, messages, asked) => {
    expect(await find({ ...READS_SHARED, messages })).toMatchObject({ found: { kind: 'notKnown' }, asked });
  });

  test('is not looked for where sharing is off', async () => {
    expect(await find({ rules: { ...NO_RULES, mailboxes: [CAREERS] } })).toEqual({
      found: { kind: 'notInMailbox' },
      asked: [''],
      scopes: [['Mail.Read']],
    });
  });
});
