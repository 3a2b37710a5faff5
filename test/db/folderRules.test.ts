/** Where folders are known before a rule about folders is followed. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openConsentStore } from '../../src/db/consentStore.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { openSyncStore } from '../../src/db/syncStore.ts';
import { EVERYTHING } from '../../src/domain/relevance.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import type { Container, RoundState, SyncStore } from '../../src/sync/ports.ts';
import { openTestDatabase } from '../support/databases.ts';
import { memoryKeys } from '../support/memoryKeys.ts';

const NOON = new Date('2026-11-22T12:00:00Z');
const READ = { sync: 'full', act: 'none', shared: false } as const;
const tenantId = randomUUID();
const memberId = randomUUID();

let database: Database;
let store: SyncStore;

beforeAll(async () => {
  database = await openTestDatabase('pglite');
  store = openSyncStore(database, await memoryKeys(() => NOON), () => NOON);
  await openConsentStore(database, () => NOON).transact(async (writer) => {
    await writer.addOrganization(tenantId, NOON);
    await writer.changeOrganization(tenantId, { relevance: { ...EVERYTHING, excludedFolderNames: ['private'] } });
    await writer.seeMember(
      { tenantId, memberId, name: null, loginHint: null, directoryRoles: [], isGuest: false },
      NOON,
    );
    await writer.setPreference(tenantId, memberId, { ...EMPTY_SELECTION, mail: READ });
    await writer.saveConnection({
      tenantId,
      memberId,
      connectionId: randomUUID(),
      scopes: ['Mail.Read'],
      personalScopes: [],
      revokedScopes: [],
      credential: null,
      at: NOON,
    });
    await writer.wakeMailbox(tenantId, memberId, NOON);
  });
});
afterAll(() => database.close());

function folder(id: string, name: string, parentId: string | null): Container {
  return { id, name, parentId, isShared: false, itemCount: null };
}

async function list(state: RoundState, upserts: readonly Container[], isLast: boolean): Promise<void> {
  const stream = await store.readStream(state, 'mail:');
  if (stream === null) {
    throw new Error('The list has no stream');
  }
  await store.commitContainers(state, {
    stream,
    upserts,
    removals: [],
    cursor: 'next',
    end: isLast ? 'complete' : 'more',
    begunRound: state.lease.fence,
    resumesRound: isLast ? null : state.lease.fence,
    at: NOON,
    nextAt: NOON,
  });
}

test('a list that broke off between a folder and the one it is in makes nobody read it', async () => {
  const [lease] = await store.claimDue('a worker', NOON, { all: 1, first: 1 });
  const state = lease === undefined ? null : await store.load(lease);
  if (state === null) {
    throw new Error('The mailbox is not due');
  }
  const list0 = { key: 'mail:', category: 'mail', container: '', level: 'full' } as const;
  await store.converge(state, { streams: [list0], held: [] }, NOON);
  await list(state, [folder('letters', 'Letters', 'private'), folder('inbox', 'Inbox', 'root')], false);
  const partly = await store.containers(state);
  await list(state, [folder('private', 'Private', 'root')], true);
  const whole = await store.containers(state);

  expect(partly.mail ?? []).toEqual([]);
  expect((whole.mail ?? []).map(({ id }) => id)).toEqual(['inbox', 'letters', 'private']);
});
