/** What Graph may say that no one expects, from the wire to the database: nothing is lost, doubled or half applied. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readItems } from '../../src/db/content/items.ts';
import type { Keyring } from '../../src/db/keys/keyring.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { openSyncStore } from '../../src/db/sync/syncStore.ts';
import { openGraphPort } from '../../src/microsoft/graph/graphPort.ts';
import { GraphTransport } from '../../src/microsoft/graph/transport.ts';
import type { SyncPorts } from '../../src/sync/ports.ts';
import { runRound } from '../../src/sync/runRound.ts';
import { connectMailbox } from '../support/connectedMailbox.ts';
import { ENGINES, openTestDatabase } from '../support/databases.ts';
import { wholeFolder, wholeMessage } from '../support/graphEntries.ts';
import { memoryKeys } from '../support/memoryKeys.ts';
import { GRAPH, type Scripted, ScriptedGraph } from '../support/scriptedGraph.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const DAY = 86_400_000;
const FOLDER = 'AAMk+in/box==';
const MESSAGES = `${GRAPH}/v1.0/me/mailFolders/AAMk%2Bin%2Fbox%3D%3D/messages/delta`;

const next = (token: string) => `${MESSAGES}?$skiptoken=${token}`;
const delta = (token: string) => `${MESSAGES}?$deltatoken=${token}`;
const page = (value: readonly object[], links: object) => ({ body: { value, ...links } });
const last = (value: readonly object[], token = 'now') => page(value, { '@odata.deltaLink': delta(token) });

describe.each(ENGINES)('on %s', (engine) => {
  let database: Database;
  let keyring: Keyring;
  let owner: { tenantId: string; memberId: string; category: 'mail' };
  let graph: ScriptedGraph;
  let ports: SyncPorts;
  let now = NOON;
  /** What each address of the folder's messages answers; `first` is the beginning. */
  let script: Record<string, Scripted>;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    now = NOON;
    script = {};
    keyring = await memoryKeys(() => new Date(now));
    const tenantId = await connectMailbox(database, new Date(now));
    const { member_id: memberId } = await database.kysely
      .selectFrom('members')
      .select('member_id')
      .where('tenant_id', '=', tenantId)
      .executeTakeFirstOrThrow();
    owner = { tenantId, memberId, category: 'mail' };
    graph = new ScriptedGraph(answer);
    const urls = { notifications: `${GRAPH}/notifications`, lifecycle: `${GRAPH}/lifecycle` };
    ports = {
      store: openSyncStore(database, keyring, () => new Date(now)),
      graph: openGraphPort(new GraphTransport(graph, GRAPH), urls),
      tokens: {
        get: ({ memberId: of }) =>
          Promise.resolve({ kind: 'token', access: { accessToken: 'a token', mailbox: 'me', memberId: of } }),
        renew: () => Promise.resolve(null),
      },
      now: () => new Date(now),
      wait: () => Promise.resolve(),
      isStopping: () => false,
      random: () => 0.5,
      secret: () => 'a secret',
    };
  });

  function answer(url: URL): Scripted {
    if (url.pathname.endsWith('/mailFolders/delta')) {
      const folders = url.search.includes('deltatoken') ? [] : [wholeFolder(FOLDER, 'Inbox')];
      const link = `${GRAPH}/v1.0/me/mailFolders/delta?$deltatoken=folders`;
      return { body: { value: folders, '@odata.deltaLink': link } };
    }
    if (url.pathname.endsWith('/messages/delta')) {
      const token = url.searchParams.get('$skiptoken') ?? url.searchParams.get('$deltatoken') ?? 'first';
      return script[token] ?? last([], token);
    }
    return script[url.pathname] ?? { status: 403, body: { error: { code: 'ErrorAccessDenied' } } };
  }

  async function round(): Promise<void> {
    const { kysely } = database;
    await kysely
      .updateTable('mailboxes')
      .set({ due_at: new Date(now + DAY * 365) })
      .where('tenant_id', '<>', owner.tenantId)
      .execute();
    await kysely
      .updateTable('mailboxes')
      .set({ due_at: new Date(now) })
      .where('tenant_id', '=', owner.tenantId)
      .execute();
    const [lease] = await ports.store.claimDue('a worker', new Date(now), { all: 1, first: 1 });
    if (lease === undefined) {
      throw new Error('The mailbox is not due');
    }
    await runRound(ports, lease);
    now += 20 * 60_000;
  }

  async function stored() {
    const key = await keyring.forReading({ ...owner, purpose: 'mail' });
    const { items } = key === null ? { items: [] } : await readItems(database.kysely, owner, key, null, 10_000);
    return items;
  }

  const ids = async () => (await stored()).map(({ itemId }) => itemId).toSorted();

  async function told(): Promise<readonly string[]> {
    const rows = await database.kysely
      .selectFrom('outbox')
      .select(['kind', 'item_id'])
      .where('tenant_id', '=', owner.tenantId)
      .orderBy('sequence')
      .execute();
    return rows.map(({ kind, item_id: id }) => `${kind} ${id}`);
  }

  function stream() {
    return database.kysely
      .selectFrom('streams')
      .select(['cursor', 'error'])
      .where('tenant_id', '=', owner.tenantId)
      .where('container', '=', FOLDER)
      .executeTakeFirstOrThrow();
  }

  test('SYN-09 fifty empty pages that do end are followed to what comes after them', async () => {
    script['first'] = page([], { '@odata.nextLink': next('1') });
    for (let each = 1; each < 50; each += 1) {
      script[`${each}`] = page([], { '@odata.nextLink': next(`${each + 1}`) });
    }
    script['50'] = last([wholeMessage('m')]);
    await round();

    expect(await ids()).toEqual(['m']);
    expect(await stream()).toEqual({ cursor: delta('now'), error: null });
  });

  test.each<[string, Scripted]>([
    ['SYN-15 JSON that breaks off', { body: '{"value":[{"id":"n","subject":"Ha' }],
    ['SYN-15 JSON that is cut behind its items', { body: JSON.stringify({ value: [wholeMessage('n')] }) }],
    ['SYN-15 a page of HTML', { body: '<html><body>Please sign in</body></html>', type: 'text/html' }],
    ['SYN-15 nothing', { body: '' }],
    ['SYN-15 a list where a page should be', { body: '[]' }],
    ['SYN-16 neither a next nor a delta link', page([wholeMessage('n')], {})],
  ])('%s is an error, and the next page is asked for again where it was', async (_what, broken) => {
    script['first'] = page([wholeMessage('m')], { '@odata.nextLink': next('2') });
    script['2'] = broken;
    await round();
    const met = await stream();
    const before = await ids();
    script['2'] = last([wholeMessage('n')]);
    await round();

    expect(met).toEqual({ cursor: next('2'), error: 'unexpectedAnswer' });
    expect(before).toEqual(['m']);
    expect(await ids()).toEqual(['m', 'n']);
    expect(await stream()).toEqual({ cursor: delta('now'), error: null });
    expect(await told()).toEqual(['upserted m', 'upserted n']);
  });

  test('SYN-17 the strangest contents are stored as they are, and nothing around them is lost', async () => {
    const recipients = Array.from({ length: 10_000 }, (_, index) => ({
      emailAddress: { name: `Person ${index}`, address: `person${index}@quillworks.example` },
    }));
    const subjects = {
      nul: 'before \u0000 after',
      surrogate: 'half a \ud83d pair',
      'right to left': '\u202eevil\u202c שלום',
      'no width': 'a\u200bb\ufeff',
      long: 'x'.repeat(5_000),
    };
    const attachments = [{ name: 'film.mov', contentType: 'video/quicktime', size: 157_286_400, isInline: false }];
    script['/v1.0/me/messages/heavy/attachments'] = { body: { value: attachments } };
    script['first'] = last([
      wholeMessage('plain'),
      ...Object.entries(subjects).map(([id, subject]) => wholeMessage(id, { subject })),
      wholeMessage('crowd', { toRecipients: recipients }),
      wholeMessage('heavy', { body: { contentType: 'text', content: 'y'.repeat(4_000_000) }, hasAttachments: true }),
      wholeMessage('NUL\u0000in its id'),
    ]);
    await round();
    const found = new Map((await stored()).map(({ itemId, content }) => [itemId, content]));
    const aside = await database.kysely
      .selectFrom('quarantine')
      .select('reason')
      .where('tenant_id', '=', owner.tenantId)
      .execute();

    for (const [id, subject] of Object.entries(subjects)) {
      expect(found.get(id)?.subject).toBe(subject);
    }
    expect(found.get('crowd')?.people).toHaveLength(10_002);
    expect(found.get('heavy')?.body?.content).toHaveLength(4_000_000);
    expect(found.get('heavy')?.attachments).toMatchObject([{ name: 'film.mov', size: 157_286_400 }]);
    expect(found.size).toBe(8);
    expect(aside).toEqual([{ reason: expect.stringContaining('id') }]);
    expect(await stream()).toEqual({ cursor: delta('now'), error: null });
  });

  test('SYN-23 ids that differ in case only are two; what is special in an address is written once', async () => {
    script['first'] = last([wholeMessage('AAkAb+/='), wholeMessage('AAkAB+/='), wholeMessage('AAkAb%2B%2F%3D')]);
    await round();

    expect(await ids()).toEqual(['AAkAB+/=', 'AAkAb%2B%2F%3D', 'AAkAb+/='].toSorted());
    expect(graph.asked.filter((path) => path.includes('/messages/delta'))).toEqual([
      expect.stringContaining('/v1.0/me/mailFolders/AAMk%2Bin%2Fbox%3D%3D/messages/delta?'),
    ]);
  });

  test('SYN-24 what moves to the archive mailbox is gone, and what comes out of it is new', async () => {
    script['first'] = last([wholeMessage('m'), wholeMessage('stays')]);
    await round();
    script['now'] = last([{ id: 'm', '@removed': { reason: 'deleted' } }], 'later');
    await round();
    await round();
    const archived = await ids();
    script['later'] = last([wholeMessage('m anew')], 'end');
    await round();

    expect(archived).toEqual(['stays']);
    expect(await ids()).toEqual(['m anew', 'stays']);
    expect(await told()).toEqual(['upserted m', 'upserted stays', 'removed m', 'upserted m anew']);
  });

  test('SYN-40 the page before, a day later once more, changes nothing and tells no one', async () => {
    const changed = wholeMessage('m', {
      subject: 'Changed',
      changeKey: 'second',
      lastModifiedDateTime: '2026-11-22T11:00:00Z',
    });
    script['first'] = last([wholeMessage('m'), wholeMessage('gone')]);
    await round();
    script['now'] = last([changed, { id: 'gone', '@removed': { reason: 'deleted' } }], 'later');
    await round();
    await round();
    const before = await told();
    now += DAY;
    script['later'] = last([changed, { id: 'gone', '@removed': { reason: 'deleted' } }], 'again');
    await round();
    script['again'] = last([wholeMessage('m')], 'end');
    await round();
    await round();

    expect(before).toEqual(['upserted m', 'upserted gone', 'upserted m', 'removed gone']);
    expect(await told()).toEqual(before);
    expect((await stored()).map(({ content }) => content.subject)).toEqual(['Changed']);
  });

  test('SYN-03 a cursor of ten generations ago, as from a backup: nothing is lost, and no ghost stays', async () => {
    script['first'] = last([wholeMessage('m'), wholeMessage('ghost')]);
    await round();
    script['first'] = last([wholeMessage('m'), wholeMessage('new')], 'fresh');
    script['now'] = { status: 410, body: { error: { code: 'SyncStateNotFound', message: 'Too old.' } } };
    await round();
    await round();

    expect(await ids()).toEqual(['m', 'new']);
    expect(await stream()).toEqual({ cursor: delta('fresh'), error: null });
    expect(await told()).toEqual(['upserted m', 'upserted ghost', 'upserted new', 'removed ghost']);
  });
});
