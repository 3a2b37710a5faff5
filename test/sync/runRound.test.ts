import { describe, expect, test } from '@jest/globals';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import type { Category } from '../../src/domain/categories/categories.ts';
import type { DecisionFacts } from '../../src/domain/decision.ts';
import type { GraphPort, Stream, Subscription } from '../../src/sync/ports.ts';
import { runRound } from '../../src/sync/runRound.ts';
import { aListedFolder, aStream } from '../support/buildStream.ts';
import { aFolder, lastPage, ok, pageBefore, removed } from '../support/graphPages.ts';
import { inTurn } from '../support/recordedGraph.ts';
import { AT, CHECKED, CONNECTED, HARBOR_REED, MARA, READ } from '../support/storedRecords.ts';
import { after, factsWith, memberRules, openSyncWorld, type SyncScript, type SyncWorld } from '../support/syncWorld.ts';

const MAIL_ONLY = factsWith({ member: { ...MARA, preference: { ...EMPTY_SELECTION, mail: READ } } });
const aStreamOf = (category: Category, container: string, change: Partial<Stream> = {}): Stream => ({
  ...aStream(category, container, 'full', AT),
  stage: 'current',
  cursor: 'then',
  ...change,
});
const LIST = aStreamOf('mail', '');
const INBOX = aStreamOf('mail', 'inbox');
const CONTACTS = aStreamOf('contacts', 'default');
const IDLE = after(AT, 15 * 60);
/** Subscriptions whose time comes later. */
const TOLD: readonly Subscription[] = [
  { category: 'mail', resource: 'messages', subscriptionId: 'm', expiresAt: IDLE, actAt: IDLE, failures: 0 },
  { category: 'contacts', resource: 'contacts', subscriptionId: 'c', expiresAt: IDLE, actAt: IDLE, failures: 0 },
];

/** A Graph in which nothing has changed. */
const QUIET: Partial<GraphPort> = {
  containers: () => Promise.resolve(ok(lastPage([]))),
  items: () => Promise.resolve(ok(lastPage([]))),
};

/** A round in which the store has these streams, and Graph tells of what is in them. */
async function run(streams: readonly Stream[], { graph = QUIET, state = {}, store = {}, ...script }: SyncScript = {}) {
  const subscriptions = TOLD.filter(({ category }) => streams.some((stream) => stream.category === category));
  const world = openSyncWorld({
    ...script,
    graph,
    state: { facts: MAIL_ONLY, subscriptions, ...state },
    store: { converge: () => Promise.resolve(streams), ...store },
  });
  await runRound(world.ports, world.state.lease);
  return world;
}

const asked = ({ log }: SyncWorld) => log.filter((line) => /^(?:list|items|delta|view|subscribe) /.test(line));
const NEXT = { dueAt: null, latestAt: IDLE, quietUntil: null };

describe('a round', () => {
  test('converges, reads the lists, converges on what they have brought, and reads what is due of it', async () => {
    const later = aStreamOf('mail', 'archive', { dueAt: after(AT, 0.001) });
    const converge = inTurn<readonly Stream[]>([LIST, INBOX], [LIST, INBOX, later]);
    const containers = inTurn({ mail: [aListedFolder('inbox'), aListedFolder('archive')] });
    const { log, desired, rounds } = await run([INBOX], {
      state: { containers: { mail: [aListedFolder('inbox')] } },
      store: { converge, containers },
    });
    const keys = desired.map(({ streams }) => streams.map(({ key }) => key));

    expect(log).toEqual([
      'converge',
      'list mail: from then by 100',
      'write mail:: current',
      'converge',
      'items mail:inbox from then by 100',
      'known among',
      'write mail:inbox: current',
      'delete what no mail container has',
      'release',
    ]);
    expect(keys).toEqual([
      ['mail:', 'mail:inbox'],
      ['mail:', 'mail:inbox', 'mail:archive'],
    ]);
    expect(rounds).toEqual([NEXT]);
  });

  test('converges once where no list is due', async () => {
    const world = await run([{ ...LIST, dueAt: after(AT, 1) }, INBOX]);

    expect(world.desired).toHaveLength(1);
    expect(asked(world)).toEqual(['items mail:inbox from then by 100']);
  });

  test('without a connection does nothing but give the mailbox back', async () => {
    const { log, rounds } = await run([INBOX], { store: { load: inTurn(null) } });

    expect(log).toEqual(['release']);
    expect(rounds).toEqual([NEXT]);
  });

  test('makes subscriptions before it reads, and reads at once what they are about', async () => {
    const later = { ...INBOX, dueAt: after(AT, 60) };
    const createSubscription = inTurn(ok({ id: 'new', expiresAt: IDLE }));
    const made = await run([later], { state: { subscriptions: [] }, graph: { ...QUIET, createSubscription } });
    const kept = await run([later]);

    expect(asked(made)).toEqual([
      'subscribe to messages with a secret until 2026-12-05T09:00:00.000Z',
      'items mail:inbox from then by 100',
    ]);
    expect(asked(kept)).toEqual([]);
  });

  test('reads contacts before the mail that rules judge by them', async () => {
    const underWay: string[] = [];
    const items: GraphPort['items'] = async (_access, { key }) => {
      underWay.push(`${key} begins`);
      await Promise.resolve();
      underWay.push(`${key} ends`);
      return ok(lastPage([]));
    };
    const rules = memberRules({ knownContactsOnly: true });
    const judged = await run([INBOX, CONTACTS], { state: { facts: factsWith({}), rules }, graph: { ...QUIET, items } });

    expect(underWay).toEqual([
      'contacts:default begins',
      'contacts:default ends',
      'mail:inbox begins',
      'mail:inbox ends',
    ]);
    expect(judged.log.filter((line) => line.startsWith('write'))).toEqual([
      'write contacts:default: current',
      'write mail:inbox: current',
    ]);
  });

  test('reads contacts in turn with the rest where no rule asks for them', async () => {
    const world = await run([INBOX, CONTACTS], { state: { facts: factsWith({}) } });

    expect(asked(world)).toEqual(['items mail:inbox from then by 100', 'items contacts:default from then by 100']);
    expect(world.log.filter((line) => line.startsWith('delete'))).toEqual([
      'delete what no mail container has',
      'delete what no contacts container has',
    ]);
  });

  test('continues with the other streams where one has failed', async () => {
    const archive = aStreamOf('mail', 'archive');
    const items = inTurn<Awaited<ReturnType<GraphPort['items']>>>({ kind: 'notFound' }, ok(lastPage([removed('a')])));
    const { log, pages, rounds } = await run([INBOX, archive], { graph: { ...QUIET, items } });

    expect(log).toContain('mail:inbox failed: notFound, due at 2026-11-29T09:00:02.200Z');
    expect(pages.map(({ stream, removals }) => [stream.key, removals])).toEqual([['mail:archive', ['a']]]);
    expect(rounds).toEqual([NEXT]);
  });
});

describe('a round stops at once, and the mailbox is due for anyone, where the store knows better', () => {
  const stale = () => Promise.resolve('stale' as const);

  test.each<[string, SyncScript, readonly string[]]>([
    ['when it converges', { store: { converge: stale } }, ['converge', 'release']],
    [
      'when a list is committed',
      { store: { commitContainers: stale } },
      ['converge', 'list mail: from then by 100', 'write mail:: current', 'release'],
    ],
    [
      'when it converges on what a list has brought',
      { store: { converge: inTurn<readonly Stream[] | 'stale'>([LIST, INBOX], 'stale') } },
      ['converge', 'list mail: from then by 100', 'write mail:: current', 'converge', 'release'],
    ],
  ])('%s', async (_when, script, log) => {
    const world = await run([LIST, INBOX], script);

    expect(world.log).toEqual(log);
    expect(world.rounds).toEqual([{ ...NEXT, dueAt: AT }]);
  });

  test('when a subscription is prepared', async () => {
    const store = { prepareSubscription: stale };
    const world = await run([INBOX], { store, state: { subscriptions: [] } });

    expect(asked(world)).toEqual([]);
    expect(world.rounds).toEqual([{ ...NEXT, dueAt: AT }]);
  });

  test('when a page is committed', async () => {
    const world = await run([INBOX], { store: { commitPage: stale } });

    expect(world.rounds).toEqual([{ ...NEXT, dueAt: AT }]);
  });
});

describe('the next round', () => {
  test('is due at once where there is more to read than there was time', async () => {
    const items: GraphPort['items'] = () => {
      world.pass(31);
      return Promise.resolve(ok(pageBefore('more', [])));
    };
    const world = openSyncWorld({
      state: { facts: MAIL_ONLY, subscriptions: TOLD.slice(0, 1) },
      store: { converge: () => Promise.resolve([INBOX]) },
      graph: { items },
    });
    await runRound(world.ports, world.state.lease);
    const now = after(AT, 31);

    expect(world.rounds).toEqual([{ dueAt: now, latestAt: after(now, 15 * 60), quietUntil: null }]);
  });

  test('waits as long as the longest silence that Graph has asked for', async () => {
    const silence = (retryAfterSeconds: number) => ({ kind: 'throttled', retryAfterSeconds }) as const;
    const items = inTurn(silence(60), silence(120));
    const { rounds } = await run([INBOX, aStreamOf('mail', 'archive')], { graph: { items } });

    expect(rounds).toEqual([{ ...NEXT, quietUntil: after(AT, 120 * 1.1) }]);
  });

  test.each([
    ['when a pause ends before that', '2026-11-29T09:10:00.000Z', new Date('2026-11-29T09:10:00.000Z')],
    ['after a quarter of an hour where it ends later', '2026-11-29T12:00:00.000Z', IDLE],
    ['after a quarter of an hour where it does not end by itself', null, IDLE],
  ])('comes %s', async (_when, until, latestAt) => {
    const facts = factsWith({ member: { ...MARA, pauses: { mail: { until } } } });
    const { log, rounds } = await run([], { state: { facts } });

    expect(log.filter((line) => line.startsWith('items'))).toEqual([]);
    expect(rounds).toEqual([{ ...NEXT, latestAt }]);
  });
});

describe('a mailbox', () => {
  const mailbox = (value: DecisionFacts['mailbox']['value'], checkedAt: Date) =>
    factsWith({ member: { ...MARA, mailbox: { value, checkedAt: checkedAt.toISOString() } } });
  const lists = [LIST, aStreamOf('calendar', '', { level: 'limited' }), aStreamOf('tasks', '')];
  const missing: Partial<GraphPort> = { containers: () => Promise.resolve({ kind: 'mailboxUnavailable' }) };
  const round = (facts: DecisionFacts, graph: Partial<GraphPort>) => run(lists, { state: { facts }, graph });

  test('that may not be there is asked for one list, and for no other where it is not', async () => {
    expect(asked(await round(mailbox('unknown', CHECKED), missing))).toEqual(['list mail: from then by 100']);
    expect(asked(await round(mailbox('unknown', CHECKED), QUIET))).toHaveLength(3);
  });

  test('that is there is asked for all of its lists at once', async () => {
    const containers = inTurn<Awaited<ReturnType<GraphPort['containers']>>>(
      { kind: 'notFound' },
      ok(lastPage([aFolder('c1')], null)),
      ok(lastPage([])),
    );

    expect(asked(await round(mailbox('cloud', CHECKED), { containers }))).toHaveLength(3);
  });

  test.each([
    ['for six hours', after(AT, -6 * 3_600), []],
    ['and not longer', after(AT, -6 * 3_600 - 0.001), ['mail:']],
  ] as const)('that was not there is believed not to be %s', async (_time, checkedAt, wanted) => {
    const { desired } = await run([], { state: { facts: mailbox('none', checkedAt) } });

    expect(desired.map(({ streams }) => streams.map(({ key }) => key))).toEqual([wanted]);
  });
});

describe('a permission that is lacking', () => {
  /** When a token has shown it last: five minutes ago, and a moment more. */
  const OLD = after(AT, -300.001);
  const connection = { ...CONNECTED, scopes: [], scopesCheckedAt: OLD };
  const renewals = async (state: Parameters<typeof run>[1]) =>
    (await run([], state)).log.filter((line) => line === 'renew the token').length;

  test.each([
    ['is looked for in a new token', { connection }, null, 1],
    [
      'is not looked for within five minutes',
      { connection: { ...connection, scopesCheckedAt: after(AT, -300) } },
      null,
      0,
    ],
    [
      'is looked for at once where an admin has granted since',
      { connection: { ...connection, scopesCheckedAt: CHECKED } },
      after(CHECKED, 1),
      1,
    ],
    [
      'is not looked for where an admin granted before',
      { connection: { ...connection, scopesCheckedAt: CHECKED } },
      CHECKED,
      0,
    ],
    ['is not looked for where the connection is lost', { connection: { ...connection, status: 'lost' } }, null, 0],
    ['is not looked for where the member has left', { connection: { ...connection, status: 'removed' } }, null, 0],
    ['is not looked for where nothing needs it', { connection: { ...connection, scopes: ['Mail.Read'] } }, null, 0],
    ['is not looked for where all is off', { connection, organization: { ...HARBOR_REED, enabled: false } }, null, 0],
  ] as const)('%s', async (_what, change, grantedAt, times) => {
    const facts = factsWith({ member: { ...MARA, preference: { ...EMPTY_SELECTION, mail: READ } }, ...change });

    expect(await renewals({ state: { facts, grantedAt } })).toBe(times);
  });
});

describe('what is thrown', () => {
  const broken = new Error('The database is away');

  test('ends the round and is thrown on; the mailbox is left alone for a minute', async () => {
    const world = openSyncWorld({ store: { converge: () => Promise.reject(broken) } });
    const dueAt = after(AT, 60);

    await expect(runRound(world.ports, world.state.lease)).rejects.toBe(broken);
    expect(world.rounds).toEqual([{ dueAt, latestAt: dueAt, quietUntil: null }]);
  });

  test('is told with the failure to give the mailbox back, where that fails as well', async () => {
    const refused = new Error('The database is gone');
    const world = openSyncWorld({
      store: { converge: () => Promise.reject(broken), release: () => Promise.reject(refused) },
    });
    const failure: unknown = await runRound(world.ports, world.state.lease).catch((error: unknown) => error);

    expect(failure).toMatchObject({ errors: [broken, refused], cause: refused });
  });
});
