import { ReadableStream } from 'node:stream/web';
import { describe, expect, test } from '@jest/globals';
import { openFile } from '../../src/content/openFile.ts';
import type { StoredItem } from '../../src/content/ports.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { type ContentWorld, contentPorts, MARA_NAME } from '../support/contentWorld.ts';
import { AT, CONNECTED, MARA, READ } from '../support/storedRecords.ts';

const FILE: StoredItem = {
  itemId: 'f1',
  category: 'files',
  at: AT,
  folderId: 'root',
  level: 'full',
  content: { subject: 'Notes.docx', people: [], file: { isFolder: false, size: 12 } },
};
const body = new ReadableStream();
const READING: Partial<ContentWorld> = {
  member: { ...MARA, preference: { ...EMPTY_SELECTION, files: READ } },
  connection: { ...CONNECTED, scopes: ['Files.Read'] },
  store: { item: () => Promise.resolve(FILE) },
  file: { kind: 'ok', value: body },
};

const open = (world: Partial<ContentWorld> = {}) => openFile(contentPorts({ ...READING, ...world }), MARA_NAME, 'f1');

describe('a file', () => {
  test('that is synced is opened by its name', async () => {
    expect(await open()).toEqual({ kind: 'file', name: 'Notes.docx', body });
  });

  test('is opened with the permission that reading files needs', async () => {
    const ports = contentPorts(READING);
    await openFile(ports, MARA_NAME, 'f1');

    expect(ports.scopes).toEqual([['Files.Read']]);
  });

  const folder = { ...FILE, content: { ...FILE.content, file: { isFolder: true, size: 0 } } };
  const noFile = { ...FILE, content: { subject: '', people: [] } };

  test.each([
    ['files are off', { member: MARA }, 'files_not_read'],
    ['it is not stored', { store: {} }, 'not_found'],
    ['it is a folder', { store: { item: () => Promise.resolve(folder) } }, 'not_found'],
    ['it is no file', { store: { item: () => Promise.resolve(noFile) } }, 'not_found'],
    ['the connection is lost', { token: { kind: 'lost' } }, 'sign_in_again'],
    ['no token is to be had', { token: { kind: 'unavailable' } }, 'microsoft_unavailable'],
    ['Microsoft has it no more', { file: { kind: 'notFound' } }, 'not_found'],
    ['Microsoft refuses it', { file: { kind: 'refused' } }, 'microsoft_refused'],
    ['Microsoft does not answer', { file: { kind: 'unavailable' } }, 'microsoft_unavailable'],
    ['the drive is closed', { file: { kind: 'closed' } }, 'microsoft_unavailable'],
  ] as const)('is refused where %s', async (_when, world, code) => {
    expect(await open(world)).toEqual({ kind: 'problem', code });
  });
});
