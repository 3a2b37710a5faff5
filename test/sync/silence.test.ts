/** How long a mailbox is left alone when answers that were in progress together ask for different times. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../src/db/openDatabase.ts';
import { openSyncStore } from '../../src/db/sync/syncStore.ts';
import { openGraphPort } from '../../src/microsoft/graph/graphPort.ts';
import { GraphTransport } from '../../src/microsoft/graph/transport.ts';
import type { GraphAnswer, RoundState, SyncPorts } from '../../src/sync/ports.ts';
import { openRound } from '../../src/sync/roundContext.ts';
import { connectMailbox } from '../support/connectedMailbox.ts';
import { openTestDatabase } from '../support/databases.ts';
import { memoryKeys } from '../support/memoryKeys.ts';
import { GRAPH, ScriptedGraph } from '../support/scriptedGraph.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const ASKER = { category: 'mail', level: 'full', failures: 0 } as const;

let database: Database;
let ports: SyncPorts;
let state: RoundState;
let now = NOON;

beforeAll(async () => {
  database = await openTestDatabase();
  await connectMailbox(database, new Date(NOON));
  const keyring = await memoryKeys(() => new Date(now));
  const urls = { notifications: `${GRAPH}/notifications`, lifecycle: `${GRAPH}/lifecycle` };
  ports = {
    store: openSyncStore(database, keyring, () => new Date(now)),
    graph: openGraphPort(new GraphTransport(new ScriptedGraph(() => ({ body: {} })), GRAPH), urls),
    tokens: {
      get: ({ memberId }) =>
        Promise.resolve({ kind: 'token', access: { accessToken: 'a token', mailbox: 'me', memberId } }),
      renew: () => Promise.resolve(null),
    },
    now: () => new Date(now),
    wait: () => Promise.resolve(),
    isStopping: () => false,
    random: () => 0,
    secret: () => 'a secret',
  };
  const [lease] = await ports.store.claimDue('a worker', ports.now(), { all: 1, first: 1 });
  const loaded = lease === undefined ? null : await ports.store.load(lease);
  if (loaded === null) {
    throw new Error('There is no mailbox that is due.');
  }
  state = loaded;
});
afterAll(() => database.close());

test.each([
  ['the longest was asked for first', [30, 5, 12]],
  ['the longest was asked for last', [5, 12, 30]],
  ['the longest was asked for in between', [5, 30, 12]],
])('the longest silence counts where %s', async (_what, asked) => {
  now = NOON;
  const round = openRound(ports, state);
  const underWay = asked.map((retryAfterSeconds) => {
    const { promise: isAsked, resolve: ask } = Promise.withResolvers<void>();
    const { promise: answer, resolve } = Promise.withResolvers<GraphAnswer<string>>();
    const end = round.callGraph(ASKER, () => {
      ask();
      return answer;
    });
    return { isAsked, answer: () => resolve({ kind: 'throttled', retryAfterSeconds }), end };
  });
  await Promise.all(underWay.map(({ isAsked }) => isAsked));
  for (const { answer, end } of underWay) {
    answer();
    await end;
  }
  now = NOON + 29_000;
  const early = await round.callGraph(ASKER, () => Promise.resolve({ kind: 'ok', value: 'asked' }));
  now = NOON + 30_000;
  const later = await round.callGraph(ASKER, () => Promise.resolve({ kind: 'ok', value: 'asked' }));

  expect(early).toEqual({ kind: 'throttled', retryAfterSeconds: 1 });
  expect(later).toEqual({ kind: 'ok', value: 'asked' });
});
