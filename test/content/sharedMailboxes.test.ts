import { describe, expect, test } from '@jest/globals';
import { addSharedMailbox, removeSharedMailbox } from '../../src/content/sharedMailboxes.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { type ContentWorld, contentPorts, MARA_NAME } from '../support/contentWorld.ts';
import { CONNECTED, MARA, READ } from '../support/storedRecords.ts';

const CAREERS = 'careers@harborreed.example';
const SHARED = { ...READ, shared: true };
const SHARING: Partial<ContentWorld> = {
  member: { ...MARA, preference: { ...EMPTY_SELECTION, mail: SHARED, contacts: SHARED } },
  connection: {
    ...CONNECTED,
    scopes: ['Mail.Read', 'Mail.Read.Shared', 'Contacts.Read', 'Contacts.Read.Shared'],
  },
};

const add = async (world: Partial<ContentWorld>, typed = CAREERS) => {
  const ports = contentPorts(world);
  return { result: await addSharedMailbox(ports, MARA_NAME, typed), ...ports };
};

describe('naming a shared mailbox', () => {
  test('takes it up once it was seen to be open, in every category that shares', async () => {
    const { result, changes, asked, scopes } = await add(SHARING, ' Careers@HarborReed.example ');

    expect(result).toEqual({ kind: 'changed' });
    expect(asked).toEqual([`mail of ${CAREERS}`, `contacts of ${CAREERS}`]);
    expect(scopes).toEqual([['Mail.Read', 'Mail.Read.Shared', 'Contacts.Read', 'Contacts.Read.Shared']]);
    expect(changes).toEqual([{ kind: 'share', mailbox: { id: 'new-id', address: CAREERS, closed: [] } }]);
  });

  test.each([
    ['no address', {}, 'no_address'],
    ['mara.ellis@harborreed.example', {}, 'own_mailbox'],
    [CAREERS, { member: MARA }, 'shared_off'],
    [CAREERS, { open: { kind: 'ok', value: false } }, 'mailbox_not_open'],
    [CAREERS, { open: { kind: 'unavailable' } }, 'microsoft_unavailable'],
    [CAREERS, { token: { kind: 'lost' } }, 'sign_in_again'],
    [CAREERS, { token: { kind: 'unavailable' } }, 'microsoft_unavailable'],
  ] as const)('%j with %j is refused: %s', async (typed, world, code) => {
    const { result, changes } = await add({ ...SHARING, ...world }, typed);

    expect(result).toEqual({ kind: 'problem', code });
    expect(changes).toEqual([]);
  });

  test.each([
    ['no address', {}],
    ['Mara.Ellis@HarborReed.example', {}],
    [CAREERS, { member: MARA }],
    [CAREERS, { token: { kind: 'lost' } }],
  ] as const)('%j with %j is refused before Microsoft is asked', async (typed, world) => {
    const { asked } = await add({ ...SHARING, ...world }, typed);

    expect(asked).toEqual([]);
  });

  test('is refused by a member who is not known', async () => {
    const ports = contentPorts(SHARING);
    const records = { ...ports.records, decisionFacts: () => Promise.resolve(null) };

    expect(await addSharedMailbox({ ...ports, records }, MARA_NAME, CAREERS)).toEqual({
      kind: 'problem',
      code: 'shared_off',
    });
    expect({ changes: ports.changes, scopes: ports.scopes }).toEqual({ changes: [], scopes: [] });
  });

  test('is not taken up for half of what was asked, where Microsoft answers about that only', async () => {
    const ports = contentPorts(SHARING);
    const isOpen: typeof ports.microsoft.isOpen = (_access, _address, category) =>
      Promise.resolve(category === 'mail' ? { kind: 'ok', value: true } : { kind: 'unavailable' });

    expect(await addSharedMailbox({ ...ports, microsoft: { ...ports.microsoft, isOpen } }, MARA_NAME, CAREERS)).toEqual(
      { kind: 'problem', code: 'microsoft_unavailable' },
    );
    expect(ports.changes).toEqual([]);
  });

  test('that is open for contacts only is taken up, closed for mail', async () => {
    const ports = contentPorts(SHARING);
    const microsoft = {
      ...ports.microsoft,
      isOpen: (_access: unknown, _address: string, category: string) =>
        Promise.resolve({ kind: 'ok', value: category === 'contacts' } as const),
    };
    await addSharedMailbox({ ...ports, microsoft }, MARA_NAME, CAREERS);

    expect(ports.changes).toEqual([{ kind: 'share', mailbox: { id: 'new-id', address: CAREERS, closed: ['mail'] } }]);
  });
});

test('a mailbox is removed by its id', async () => {
  const ports = contentPorts();

  expect(await removeSharedMailbox(ports, MARA_NAME, 'one')).toEqual({ kind: 'changed' });
  expect(ports.changes).toEqual([{ kind: 'unshare', mailboxId: 'one' }]);
});
