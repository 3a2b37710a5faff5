/** Two folders are read in any order and at the same time: a message that moves between them stays one message. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { openConsentStore } from '../../../src/db/consent/consentStore.ts';
import type { Keyring } from '../../../src/db/keys/keyring.ts';
import type { Database } from '../../../src/db/openDatabase.ts';
import { openRelevanceStore } from '../../../src/db/content/relevanceStore.ts';
import { openSyncStore } from '../../../src/db/sync/syncStore.ts';
import { NO_FILTERS } from '../../../src/domain/relevance.ts';
import type { RoundState, Stream, SyncStore } from '../../../src/sync/ports.ts';
import { ENGINES, openTestDatabase } from '../../support/databases.ts';
import { connectMailbox } from '../../support/connectedMailbox.ts';
import { memoryKeys } from '../../support/memoryKeys.ts';
import { aDesiredStream, aPlacedFolder } from '../../support/buildStream.ts';

const NOON = new Date('2026-11-21T12:00:00Z');
const LATER = new Date('2026-11-21T12:05:00Z');

describe.each(ENGINES)('on %s', (engine) => {
  let database: Database;
  let keyring: Keyring;
  let store: SyncStore;
  let tenantId: string;
  let state: RoundState;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    keyring = await memoryKeys(() => NOON);
    store = openSyncStore(database, keyring, () => NOON);
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    tenantId = await connectMailbox(database, NOON);
    state = await nextRound();
    await store.converge(state, { streams: [stream('inbox'), stream('clients')], held: [] }, NOON);
  });

  test.each([['inbox first'], ['clients first']])(
    'a move that both folders tell of in one round, %s',
    async (order) => {
      await read('inbox', ['m']);
      state = await nextRound();
      const steps = [() => read('inbox', [], ['m']), () => read('clients', ['m'])];
      for (const step of order === 'inbox first' ? steps : steps.toReversed()) {
        await step();
      }
      await store.deleteUnplaced(state, 'mail', NOON);

      expect(await stored()).toEqual(['m in clients']);
      expect(await told()).not.toContain('removed');
    },
  );

  test('a page of the old folder that was asked for before the move and comes after it', async () => {
    await read('clients', ['m']);
    await read('inbox', ['m']);
    state = await nextRound();
    await read('inbox', [], ['m']);
    await read('clients', []);
    state = await nextRound();
    await read('inbox', []);
    await read('clients', []);
    await store.deleteUnplaced(state, 'mail', NOON);

    expect(await stored()).toEqual(['m in clients']);
    expect(await told()).not.toContain('removed');
  });

  test('an older page than what is known changes nothing, wherever it comes from', async () => {
    await read('clients', ['m'], [], LATER);
    await read('inbox', ['m'], [], NOON);

    expect(await stored()).toEqual(['m in clients']);
    expect(await told()).toEqual(['upserted']);
  });

  test('what one folder has lost waits until all were read since, and goes then', async () => {
    await read('inbox', ['m']);
    await read('clients', []);
    state = await nextRound();
    await read('inbox', [], ['m']);
    await store.deleteUnplaced(state, 'mail', NOON);
    const waiting = await told();
    state = await nextRound();
    await read('clients', []);
    await read('inbox', []);
    await store.deleteUnplaced(state, 'mail', NOON);

    expect(waiting).toEqual(['upserted']);
    expect(await told()).toEqual(['upserted', 'removed']);
    expect(await stored()).toEqual([]);
  });

  test('there and back between two readings: it is not taken for gone while it was on its way', async () => {
    await read('inbox', ['m']);
    await read('clients', []);
    state = await nextRound();
    await read('inbox', [], ['m']);
    state = await nextRound();
    await read('inbox', []);
    await read('clients', [], ['m']);
    await store.deleteUnplaced(state, 'mail', NOON);
    state = await nextRound();
    await read('inbox', ['m']);
    await read('clients', []);
    await store.deleteUnplaced(state, 'mail', NOON);

    expect(await stored()).toEqual(['m in inbox']);
    expect(await told()).not.toContain('removed');
  });

  test('a folder that is gone takes along what is in no other', async () => {
    await read('inbox', ['m', 'n']);
    await read('clients', ['n']);
    await store.converge(state, { streams: [stream('clients')], held: [] }, NOON);
    state = await nextRound();
    await read('clients', []);
    await store.deleteUnplaced(state, 'mail', NOON);

    expect(await stored()).toEqual(['n in clients']);
  });

  test('a folder that a rule begins to leave out does not keep what another one loses later', async () => {
    await store.converge(state, { streams: [stream(''), stream('inbox'), stream('clients')], held: [] }, NOON);
    await list('inbox');
    await read('inbox', ['m']);
    await read('clients', ['m']);
    await leaveOut('inbox');
    state = await nextRound();
    await read('clients', [], ['m']);
    await store.deleteUnplaced(state, 'mail', NOON);
    state = await nextRound();
    await list('inbox');
    await read('clients', []);
    await store.deleteUnplaced(state, 'mail', NOON);

    expect(await stored()).toEqual([]);
    expect(await told()).toContain('removed');
  });

  test('a mailbox that had two names keeps what it has under the other one', async () => {
    await store.converge(state, { streams: [stream('inbox'), stream('inbox', 'alias')], held: [] }, NOON);
    await read('inbox', ['m', 'n']);
    await read('~alias/inbox', ['m', 'o']);
    await leaveOut(null);

    expect(await stored()).toEqual(['m in inbox', 'n in inbox']);
    expect(await told()).not.toContain('removed');
  });

  test('SYN-39 a page of five thousand, which no one asked for, is written whole and told once', async () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => `m${index}`);
    await read('inbox', ids);
    await read('inbox', ids);
    const { rows } = await sql<{ items: number; told: number }>`
      select (select count(*)::int from items where tenant_id = ${tenantId}) as items,
        (select count(*)::int from outbox where tenant_id = ${tenantId}) as told
    `.execute(database.kysely);

    expect(rows).toEqual([{ items: 5_000, told: 5_000 }]);
  });

  test('SYN-18 an item that the database does not take is set aside, and the rest of its page is there', async () => {
    const endOfTime = new Date(8.64e15);
    await read('inbox', ['m', 'n', 'o'], [], NOON, (id) => (id === 'n' ? endOfTime : NOON));
    await read('inbox', ['m', 'n', 'o'], [], NOON, (id) => (id === 'n' ? endOfTime : NOON));
    const rows = await database.kysely
      .selectFrom('quarantine')
      .select(['item_id', 'reason'])
      .where('tenant_id', '=', tenantId)
      .execute();

    expect(await stored()).toEqual(['m in inbox', 'o in inbox']);
    expect(rows).toEqual([{ item_id: 'n', reason: expect.stringContaining('the database refused it') }]);
    expect(await told()).toEqual(['upserted']);
  });

  async function nextRound(): Promise<RoundState> {
    const { kysely } = database;
    await kysely
      .updateTable('mailboxes')
      .set({ due_at: NOON, lease_until: null })
      .where('tenant_id', '=', tenantId)
      .execute();
    await kysely.updateTable('mailboxes').set({ due_at: LATER }).where('tenant_id', '<>', tenantId).execute();
    const [lease] = await store.claimDue('a worker', NOON, { all: 5, first: 5 });
    const loaded = lease === undefined ? null : await store.load(lease);
    if (loaded === null) {
      throw new Error('There is no round to be had');
    }
    return loaded;
  }

  /** Notes a folder as listed, and the list as read to its end. */
  async function list(folder: string): Promise<void> {
    const known = await store.readStream(state, 'mail:');
    if (known === null) {
      throw new Error('There is no list');
    }
    await store.commitContainers(state, {
      kind: 'pageRead',
      itemCount: 0,
      stream: known,
      upserts: [aPlacedFolder(folder, folder, null)],
      removals: [],
      cursor: 'next',
      end: 'complete',
      begunRound: state.lease.fence,
      resumesRound: null,
      at: NOON,
      nextAt: LATER,
      pageSize: null,
      emptyPages: 0,
    });
  }

  /** As an admin's rule does, with the review that follows it; without a folder only the review. */
  async function leaveOut(folder: string | null): Promise<void> {
    const excludedFolderNames = folder === null ? [] : [folder];
    await openConsentStore(database, () => NOON).transact(async (writer) => {
      await writer.changeOrganization(tenantId, { relevance: { ...NO_FILTERS, excludedFolderNames } });
      await writer.startReview(tenantId, null, { id: randomUUID(), isWider: false, at: NOON });
    });
    const store = openRelevanceStore(
      database,
      keyring,
      () => NOON,
      () => undefined,
    );
    for (const review of await store.openReviews(NOON)) {
      await store.reviewBatch(review, NOON);
    }
  }

  async function read(
    folder: string,
    ids: readonly string[],
    removals: readonly string[] = [],
    modifiedAt = NOON,
    at: (id: string) => Date = () => NOON,
  ) {
    const known = await store.readStream(state, `mail:${folder}`);
    if (known === null) {
      throw new Error(`There is no stream ${folder}`);
    }
    const progress = {
      cursor: 'next',
      begunRound: state.lease.fence,
      resumesRound: null,
      at: NOON,
      nextAt: LATER,
      pageSize: null,
      emptyPages: 0,
    };
    await store.commitPage(state, {
      ...progress,
      kind: 'pageRead',
      itemCount: ids.length,
      stream: asCurrent(known),
      end: 'current',
      upserts: ids.map((itemId) => ({
        itemId,
        changeKey: modifiedAt.toISOString(),
        modifiedAt,
        at: at(itemId),
        content: { subject: itemId, people: [] },
      })),
      removals,
      excluded: [],
      unreadable: [],
      seen: [],
      proves: null,
    });
  }

  async function stored(): Promise<readonly string[]> {
    const rows = await database.kysely
      .selectFrom('items')
      .select(['item_id', 'folder_id'])
      .where('tenant_id', '=', tenantId)
      .where('gone_round', 'is', null)
      .orderBy('item_id')
      .execute();
    return rows.map((row) => `${row.item_id} in ${row.folder_id}`);
  }

  /** What the feed says of the first message. */
  async function told(): Promise<readonly string[]> {
    const rows = await database.kysely
      .selectFrom('outbox')
      .select('kind')
      .where('tenant_id', '=', tenantId)
      .where('item_id', '=', 'm')
      .orderBy('sequence')
      .execute();
    return rows.map(({ kind }) => kind);
  }
});

function stream(container: string, sharedMailbox: string | null = null) {
  return aDesiredStream('mail', container, 'full', sharedMailbox);
}

function asCurrent(known: Stream): Stream {
  return { ...known, stage: 'current' };
}
