/** Where folders are known before a rule about folders is followed. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../../src/db/openDatabase.ts';
import { openSyncStore } from '../../../src/db/sync/syncStore.ts';
import type { PlacedContainer, RoundState, SyncStore } from '../../../src/sync/ports.ts';
import { connectMailbox } from '../../support/connectedMailbox.ts';
import { openTestDatabase } from '../../support/databases.ts';
import { memoryKeys } from '../../support/memoryKeys.ts';
import { aDesiredStream, aPlacedFolder } from '../../support/buildStream.ts';

const NOON = new Date('2026-11-22T12:00:00Z');

let database: Database;
let store: SyncStore;

beforeAll(async () => {
  database = await openTestDatabase();
  store = openSyncStore(database, await memoryKeys(() => NOON), () => NOON);
  await connectMailbox(database, NOON, { excludedFolderNames: ['private'] });
});
afterAll(() => database.close());

async function list(state: RoundState, upserts: readonly PlacedContainer[], isLast: boolean): Promise<void> {
  const stream = await store.readStream(state, 'mail:');
  if (stream === null) {
    throw new Error('The list has no stream');
  }
  await store.commitContainers(state, {
    kind: 'pageRead',
    itemCount: 0,
    stream,
    upserts,
    removals: [],
    cursor: 'next',
    end: isLast ? 'complete' : 'more',
    begunRound: state.lease.fence,
    resumesRound: isLast ? null : state.lease.fence,
    at: NOON,
    nextAt: NOON,
    pageSize: null,
    emptyPages: 0,
  });
}

test('a list that broke off between a folder and the one it is in makes no one read it', async () => {
  const [lease] = await store.claimDue('a worker', NOON, { all: 1, first: 1 });
  const state = lease === undefined ? null : await store.load(lease);
  if (state === null) {
    throw new Error('The mailbox is not due');
  }
  const list0 = aDesiredStream('mail', '');
  await store.converge(state, { streams: [list0], held: [] }, NOON);
  await list(state, [aPlacedFolder('letters', 'Letters', 'private'), aPlacedFolder('inbox', 'Inbox', 'root')], false);
  const partly = await store.containers(state);
  await list(state, [aPlacedFolder('private', 'Private', 'root')], true);
  const whole = await store.containers(state);

  expect(partly.mail ?? []).toEqual([]);
  expect((whole.mail ?? []).map(({ id }) => id)).toEqual(['inbox', 'letters', 'private']);
});
