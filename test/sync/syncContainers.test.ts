import { describe, expect, test } from '@jest/globals';
import { WELL_KNOWN_FOLDERS, type WellKnownFolder } from '../../src/domain/wellKnownFolders.ts';
import type { Container, GraphAnswer, GraphPort, Stream } from '../../src/sync/ports.ts';
import { syncContainers } from '../../src/sync/syncContainers.ts';
import { openRound } from '../../src/sync/roundContext.ts';
import { aDesiredStream, aListedFolder, aPlacedFolder, aStream } from '../support/buildStream.ts';
import { aFolder, lastPage, ok, pageBefore, partial, removed } from '../support/graphPages.ts';
import { inTurn } from '../support/recordedGraph.ts';
import { AT } from '../support/storedRecords.ts';
import { after, CAREERS, openSyncWorld, ROUND, type SyncScript } from '../support/syncWorld.ts';

const FOLDERS = aStream('mail', '', 'full', AT);
const CALENDARS = aStream('calendar', '', 'full', AT);
const KNOWN = ok(new Map<string, WellKnownFolder>([['f1', 'inbox']]));

async function read(stream: Stream, script: SyncScript) {
  const world = openSyncWorld({ ...script, state: { mailboxes: [CAREERS], ...script.state } });
  return { end: await syncContainers(world.context, stream), log: world.log, lists: world.lists };
}

type List = Awaited<ReturnType<GraphPort['containers']>>;
const answers = (...each: readonly List[]) => inTurn(...each);

const aCalendar = (id: string, change: Partial<Container> = {}) => ({
  ...aPlacedFolder(id, id, null),
  itemCount: 3,
  ...change,
});
const aMailFolder = (id: string, wellKnown: WellKnownFolder | null = null, parentId: string | null = null) => ({
  ...aPlacedFolder(id, id, parentId),
  itemCount: 3,
  wellKnown,
});

const PROGRESS = {
  kind: 'pageRead' as const,
  itemCount: 0,
  begunRound: ROUND,
  at: AT,
  nextAt: after(AT, 60),
  emptyPages: 0,
};

describe('the list of mail folders', () => {
  test('comes by delta, with the names that every mailbox has, which are asked for once', async () => {
    const graph = {
      containers: answers(
        ok(pageBefore('two', [aFolder('f1'), aFolder('f2', { parentId: 'f1' })])),
        ok(lastPage([aFolder('f3'), removed('f4')])),
      ),
      wellKnownFolders: inTurn(KNOWN),
    };

    expect(await read(FOLDERS, { graph })).toEqual({
      end: { kind: 'current' },
      log: [
        'list mail: from the beginning by 100',
        'well-known folders',
        'write mail:: more',
        'list mail: from two by 200',
        'write mail:: complete',
      ],
      lists: [
        {
          ...PROGRESS,
          stream: FOLDERS,
          cursor: 'two',
          end: 'more',
          resumesRound: ROUND,
          pageSize: 200,
          upserts: [aMailFolder('f1', 'inbox'), aMailFolder('f2', null, 'f1')],
          removals: [],
        },
        {
          ...PROGRESS,
          stream: FOLDERS,
          cursor: 'now',
          end: 'complete',
          resumesRound: null,
          pageSize: 400,
          upserts: [aMailFolder('f3')],
          removals: ['f4'],
        },
      ],
    });
  });

  test.each([
    ['present', [removed('f1'), aFolder('f1')], { upserts: [aMailFolder('f1', 'inbox')], removals: [] }],
    ['gone', [aFolder('f1'), removed('f1')], { upserts: [], removals: ['f1'] }],
  ])('that is named twice is %s, as its last word says', async (_what, changes, written) => {
    const graph = { containers: answers(ok(lastPage(changes))), wellKnownFolders: inTurn(KNOWN) };
    const { lists } = await read(FOLDERS, { graph });

    expect(lists).toMatchObject([written]);
  });

  test('asks for those names again only where it has a folder that was not there before', async () => {
    const current: Stream = { ...FOLDERS, stage: 'current', cursor: 'then' };
    const state = { containers: { mail: [aListedFolder('f1')] } };
    const renamed = await read(current, { state, graph: { containers: answers(ok(lastPage([aFolder('f1')]))) } });
    const added = await read(current, {
      state,
      graph: { containers: answers(ok(lastPage([aFolder('f1'), aFolder('f2')]))), wellKnownFolders: inTurn(KNOWN) },
    });
    const gone = await read(current, { state, graph: { containers: answers(ok(lastPage([removed('f9')]))) } });

    expect(renamed.lists[0]?.upserts).toEqual([aCalendar('f1')]);
    expect(added.lists[0]?.upserts).toEqual([aMailFolder('f1', 'inbox'), aMailFolder('f2')]);
    expect(gone.log).toEqual(['list mail: from then by 100', 'write mail:: current']);
  });

  test('is not committed without those names', async () => {
    const graph = {
      containers: answers(ok(lastPage([aFolder('f1')]))),
      wellKnownFolders: inTurn({ kind: 'throttled', retryAfterSeconds: 30 } as const),
    };
    const { end, lists } = await read(FOLDERS, { graph });

    expect(end).toEqual({ kind: 'failed', code: 'throttled', retryAfterSeconds: 30 });
    expect(lists).toEqual([]);
  });

  test('counts asking for those names as the requests that it is made of', async () => {
    const weights: (number | undefined)[] = [];
    const graph = { containers: answers(ok(lastPage([]))), wellKnownFolders: inTurn(KNOWN) };
    const world = openSyncWorld({ graph });
    const round = openRound(world.ports, world.state);
    await syncContainers(
      {
        ...round,
        callGraph: (scope, request, weight) => {
          weights.push(weight);
          return round.callGraph(scope, request, weight);
        },
      },
      FOLDERS,
    );

    expect(weights).toEqual([undefined, WELL_KNOWN_FOLDERS.length]);
  });
});

describe('an entry that is not whole', () => {
  const graphWith = (...each: readonly GraphAnswer<Container>[]) => ({
    containers: answers(ok(lastPage([partial('f1'), aFolder('f2'), partial('f3')]))),
    container: inTurn(...each),
    wellKnownFolders: inTurn(KNOWN),
  });
  const whole = ok({ id: 'f1', name: 'f1', parentId: null, isShared: false, itemCount: 3 });

  test('is asked for by itself, and what is gone by then is left out', async () => {
    const { log, lists } = await read(FOLDERS, { graph: graphWith(whole, { kind: 'notFound' }) });

    expect(log.slice(0, 3)).toEqual(['list mail: from the beginning by 100', 'container mail:f1', 'container mail:f3']);
    expect(lists[0]?.upserts).toEqual([aMailFolder('f1', 'inbox'), aMailFolder('f2')]);
    expect(lists[0]?.removals).toEqual([]);
  });

  test('ends the reading where it cannot be had now, and nothing is committed', async () => {
    const { end, log, lists } = await read(FOLDERS, { graph: graphWith({ kind: 'forbidden' }) });

    expect(end).toEqual({ kind: 'failed', code: 'forbidden', retryAfterSeconds: null });
    expect(log).toEqual(['list mail: from the beginning by 100', 'container mail:f1', 'renew the token']);
    expect(lists).toEqual([]);
  });
});

describe('the list of calendars', () => {
  const stream: Stream = { ...CALENDARS, stage: 'current', generation: 4 };

  test('is read whole every time, so that what it does not name is gone; names of mail folders are not asked for', async () => {
    const graph = { containers: answers(ok(pageBefore('two', [aFolder('c1')])), ok(lastPage([aFolder('c2')], null))) };
    const { log, lists } = await read(stream, { graph });
    const page = { ...PROGRESS, stream: { ...stream, generation: 5 }, cursor: null, resumesRound: null, removals: [] };

    expect(log).toEqual([
      'list calendar: from the beginning by 100',
      'write calendar:: more',
      'list calendar: from two by 200',
      'write calendar:: complete',
    ]);
    expect(lists).toEqual([
      { ...page, end: 'more', pageSize: 200, upserts: [aCalendar('c1')] },
      { ...page, end: 'complete', pageSize: 400, upserts: [aCalendar('c2')] },
    ]);
  });

  test('takes the last word on one that it names twice', async () => {
    const twice = [aFolder('c1', { name: 'Old' }), aFolder('c2'), aFolder('c1', { name: 'New' }), removed('c2')];
    const { lists } = await read(stream, { graph: { containers: answers(ok(lastPage(twice))) } });

    expect(lists[0]?.upserts).toEqual([aCalendar('c1', { name: 'New' })]);
    expect(lists[0]?.removals).toEqual(['c2']);
  });

  test('keeps what others share as theirs', async () => {
    const graph = { containers: answers(ok(lastPage([aFolder('c1', { isShared: true })]))) };
    const { lists } = await read(stream, { graph });

    expect(lists[0]?.upserts).toEqual([aCalendar('c1', { isShared: true })]);
  });
});

test('in a shared mailbox every folder is told from those of the member, and belongs to others', async () => {
  const stream = { ...FOLDERS, ...aDesiredStream('mail', '', 'full', CAREERS.id) };
  const graph = {
    containers: answers(ok(lastPage([aFolder('f1'), aFolder('f2', { parentId: 'f1' }), removed('f3')]))),
    wellKnownFolders: inTurn(KNOWN),
  };
  const { log, lists } = await read(
    { ...stream, stage: 'current' },
    {
      graph,
      state: { containers: { mail: [aListedFolder('f1'), aListedFolder('f2')] } },
    },
  );
  const placed = (id: string) => ({ ...aMailFolder(id), id: `~one/${id}`, sharedMailbox: 'one', isShared: true });

  expect(log).toEqual([
    'list mail:~one/ from the beginning by 100 in users/careers%40harborreed.example',
    'well-known folders in users/careers%40harborreed.example',
    'write mail:~one/: current',
  ]);
  expect(lists[0]?.upserts).toEqual([
    { ...placed('f1'), wellKnown: 'inbox' },
    { ...placed('f2'), parentId: '~one/f1' },
  ]);
  expect(lists[0]?.removals).toEqual(['~one/f3']);
});

describe('a list that cannot be had', () => {
  test('even entry by entry is not too heavy: it is Microsoft that does not answer', async () => {
    const containers = answers({ kind: 'tooHeavy', retryAfterSeconds: 20 });

    expect((await read({ ...FOLDERS, pageSize: 1 }, { graph: { containers } })).end).toEqual({
      kind: 'failed',
      code: 'microsoftUnavailable',
      retryAfterSeconds: 20,
    });
  });

  test('is told with the code of what Graph said', async () => {
    const { end, lists } = await read(FOLDERS, { graph: { containers: answers({ kind: 'notFound' }) } });

    expect(end).toEqual({ kind: 'failed', code: 'notFound', retryAfterSeconds: null });
    expect(lists).toEqual([]);
  });

  test('is left at once where the store knows better', async () => {
    const { end, log } = await read(CALENDARS, {
      graph: { containers: answers(ok(pageBefore('two', [aFolder('c1')]))) },
      store: { commitContainers: inTurn('stale' as const) },
    });

    expect(end).toEqual({ kind: 'stopped' });
    expect(log).toEqual(['list calendar: from the beginning by 100', 'write calendar:: more']);
  });
});
