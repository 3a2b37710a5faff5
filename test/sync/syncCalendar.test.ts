import { describe, expect, test } from '@jest/globals';
import type { CalendarEvent, CalendarWindow, GraphPort, PageCommit, Stream } from '../../src/sync/ports.ts';
import { mergeOccurrence, syncCalendar } from '../../src/sync/syncCalendar.ts';
import { aStream } from '../support/buildStream.ts';
import {
  anEvent,
  aStub,
  each,
  lastPage,
  ok,
  pageBefore,
  partial,
  removed,
  unreadable,
  upsert,
  upsertEvent,
} from '../support/graphPages.ts';
import { inTurn } from '../support/recordedGraph.ts';
import { AT } from '../support/storedRecords.ts';
import { after, memberRules, openSyncWorld, ROUND, type SyncScript } from '../support/syncWorld.ts';

const TODAY = '2026-11-29';
const WORK: Stream = { ...aStream('calendar', 'work', 'full', AT), windowOn: TODAY };
const CURRENT: Stream = { ...WORK, stage: 'current', cursor: 'then', reconciledAt: AT };
/** A year back, and a year and eight days ahead of the day on which it was laid. */
const WINDOW: CalendarWindow = {
  start: new Date('2025-11-29T00:00:00.000Z'),
  end: new Date('2027-12-07T00:00:00.000Z'),
};
const TOO_HEAVY = { kind: 'tooHeavy', retryAfterSeconds: null } as const;

type Page = Awaited<ReturnType<GraphPort['calendarView']>>;
const answers = (...pages: readonly Page[]) => inTurn(...pages);
const QUIET = () => answers(ok(lastPage<CalendarEvent>([])));

/** Reads a calendar; `windows` has the window of every page that was asked for. */
async function read(stream: Stream, { graph = {}, ...script }: SyncScript, seconds = 0) {
  const windows: CalendarWindow[] = [];
  const { calendarDelta, calendarView } = graph;
  const world = openSyncWorld({
    ...script,
    graph: {
      ...graph,
      calendarDelta: (access, reading, window, cursor) => {
        windows.push(window);
        return calendarDelta?.(access, reading, window, cursor) ?? Promise.reject(new Error('No delta was scripted'));
      },
      calendarView: (access, reading, window, cursor) => {
        windows.push(window);
        return calendarView?.(access, reading, window, cursor) ?? Promise.reject(new Error('No view was scripted'));
      },
    },
  });
  world.pass(seconds);
  return { end: await syncCalendar(world.context, stream), log: world.log, pages: world.pages, windows };
}

/** What of a page is not what every one of these tests has. */
const upsertsOf = (pages: readonly PageCommit[]) => pages.map(({ upserts }) => upserts);

describe('a calendar', () => {
  test('is read by its delta, and proven complete by the view when that has brought something', async () => {
    const [one, two] = [anEvent('e1'), anEvent('e2')];
    const graph = {
      calendarDelta: answers(ok(pageBefore('d2', [upsertEvent(one)])), ok(lastPage([removed('e9')], 'd3'))),
      calendarView: answers(ok(lastPage([upsertEvent(one), upsertEvent(two)], null))),
    };
    const proven: Stream = { ...CURRENT, cursor: 'd3' };
    const { end, log, pages, windows } = await read(CURRENT, { graph, store: { readStream: inTurn(proven) } });
    const page = {
      kind: 'pageRead',
      stream: CURRENT,
      begunRound: ROUND,
      at: AT,
      nextAt: after(AT, 60),
      emptyPages: 0,
      upserts: [],
      removals: [],
      excluded: [],
      unreadable: [],
      seen: [],
      proves: WINDOW,
    };

    expect(end).toEqual({ kind: 'current' });
    expect(log).toEqual([
      'delta calendar:work from then by 100',
      'known among',
      'write calendar:work: more',
      'delta calendar:work from d2 by 200',
      'known among',
      'write calendar:work: current',
      'view calendar:work from the beginning by 100',
      'known among',
      'write calendar:work: complete',
    ]);
    expect(pages).toEqual([
      { ...page, cursor: 'd2', end: 'more', resumesRound: ROUND, pageSize: 200, itemCount: 1, upserts: [one.item] },
      { ...page, cursor: 'd3', end: 'current', resumesRound: null, pageSize: 400, itemCount: 0, removals: ['e9'] },
      {
        ...page,
        stream: { ...proven, generation: 2 },
        cursor: 'd3',
        end: 'complete',
        resumesRound: null,
        pageSize: 200,
        itemCount: 2,
        upserts: [one.item, two.item],
      },
    ]);
    expect(windows).toEqual([WINDOW, WINDOW, WINDOW]);
  });

  test.each([
    ['not proven again where the delta is silent', CURRENT, false],
    ['not proven after ten minutes to the second', { ...CURRENT, reconciledAt: after(AT, -600) }, false],
    ['proven after more than ten minutes', { ...CURRENT, reconciledAt: after(AT, -600.001) }, true],
    ['proven where it never was', { ...CURRENT, reconciledAt: null }, true],
    ['proven when it is read for the first time', { ...CURRENT, stage: 'baseline' }, true],
  ] as const)('is %s', async (_what, stream, isProven) => {
    const { end, log } = await read(stream, { graph: { calendarDelta: QUIET(), calendarView: QUIET() } });

    expect(end).toEqual({ kind: 'current' });
    expect(log.some((line) => line.startsWith('view'))).toBe(isProven);
  });

  test.each([
    ['fails', answers({ kind: 'notFound' }), { kind: 'failed', code: 'notFound', retryAfterSeconds: null }],
    ['must not be written', answers(ok(lastPage([upsertEvent(anEvent('e1'))]))), { kind: 'stopped' }],
  ] as const)('is not proven where its delta %s', async (_what, calendarDelta, end) => {
    const outcome = await read(CURRENT, { graph: { calendarDelta }, store: { commitPage: inTurn('stale' as const) } });

    expect(outcome.end).toEqual(end);
    expect(outcome.log.filter((line) => line.startsWith('view'))).toEqual([]);
  });

  test('is read by the view where its delta never ends, and that is told', async () => {
    const endless = ok({ ...pageBefore<CalendarEvent>('here', []), link: 'here' });
    const graph = {
      calendarDelta: answers(endless),
      calendarView: answers(ok(lastPage([upsertEvent(anEvent('e1'))], null))),
    };
    const { end, pages } = await read(CURRENT, { graph });
    const failing = await read(CURRENT, {
      graph: { calendarDelta: answers(endless), calendarView: answers({ kind: 'forbidden' }) },
    });

    expect(end).toEqual({ kind: 'failed', code: 'endlessPaging' });
    expect(pages).toMatchObject([{ end: 'complete', cursor: 'then', upserts: [anEvent('e1').item] }]);
    expect(failing.end).toEqual({ kind: 'failed', code: 'forbidden', retryAfterSeconds: null });
  });
});

describe('a calendar without a delta', () => {
  test.each([
    ['of which only basic details are read', { ...CURRENT, level: 'limited' }],
    ['that others share', { ...CURRENT, isShared: true }],
    ['whose events are too heavy for pages', { ...CURRENT, isLight: true }],
  ] as const)('%s is read by the view every time', async (_what, stream) => {
    const events = [upsertEvent(anEvent('e1')), partial('e2'), unreadable('e3')];
    const graph = {
      calendarView: answers(ok(lastPage(events, null))),
      eventsById: inTurn(each({ e2: ok([upsertEvent(anEvent('e2'))]) })),
    };
    const { end, log, pages } = await read(stream, { graph });

    expect(end).toEqual({ kind: 'current' });
    expect(log).toEqual([
      `view calendar:work from the beginning by 100${stream.isLight ? ' by name' : ''}`,
      'events e2',
      'known among',
      'write calendar:work: complete',
    ]);
    expect(pages).toMatchObject([
      {
        stream: { ...stream, generation: 2 },
        cursor: 'then',
        upserts: [anEvent('e1').item, anEvent('e2').item],
        unreadable: [{ itemId: 'e3' }],
        proves: WINDOW,
      },
    ]);
  });
});

describe('the window', () => {
  const laidOn = async (windowOn: string | null, chance = 0) => {
    const graph = { calendarDelta: QUIET(), calendarView: QUIET() };
    const { log, windows } = await read({ ...CURRENT, windowOn }, { graph, ports: { random: () => chance } });
    return { first: log[0], window: windows[0] };
  };

  test.each([
    ['eight days back', '2026-11-21'],
    ['tomorrow', '2026-11-30'],
    ['never', null],
  ])('that was laid %s is laid again, today', async (_when, windowOn) => {
    expect(await laidOn(windowOn)).toEqual({
      first: `restart calendar:work, its window laid on ${TODAY}`,
      window: WINDOW,
    });
  });

  test('is kept until eight days are over, to the millisecond', async () => {
    const untilMidnight = 15 * 3_600;
    const firstAfter = async (seconds: number) => {
      const graph = { calendarDelta: QUIET(), calendarView: QUIET() };
      const stream = { ...CURRENT, windowOn: '2026-11-22' };
      return (await read(stream, { graph, ports: { random: () => 0 } }, seconds)).log[0];
    };

    expect(await firstAfter(untilMidnight - 0.001)).toBe('delta calendar:work from then by 100');
    expect(await firstAfter(untilMidnight)).toBe('restart calendar:work, its window laid on 2026-11-30');
    expect((await laidOn(TODAY)).first).toBe('delta calendar:work from then by 100');
  });

  test.each([
    [0.375, TODAY],
    [0.376, '2026-11-28'],
    [1, '2026-11-28'],
  ])('is laid yesterday for some, by chance (%d)', async (chance, day) => {
    expect((await laidOn(null, chance)).first).toBe(`restart calendar:work, its window laid on ${day}`);
  });

  test('is laid again where known contacts have changed that a rule asks for', async () => {
    const graph = { calendarDelta: QUIET(), calendarView: QUIET() };
    const state = { rules: memberRules({ knownContactsOnly: true }) };
    const { log } = await read({ ...CURRENT, rereadAt: AT }, { graph, state, ports: { random: () => 0 } });

    expect(log[0]).toBe(`restart calendar:work, its window laid on ${TODAY}`);
  });

  test('is not laid where the store knows better: nothing is asked then', async () => {
    const store = { restart: inTurn('stale' as const) };
    const { end, log } = await read({ ...CURRENT, windowOn: null }, { store, ports: { random: () => 0 } });

    expect(end).toEqual({ kind: 'stopped' });
    expect(log).toEqual([`restart calendar:work, its window laid on ${TODAY}`]);
  });
});

describe('an occurrence', () => {
  const master = anEvent('series', { type: 'seriesMaster' });
  const [first, second] = [aStub('o1', 'series'), aStub('o2', 'series')];
  const whole = (stub: CalendarEvent) => ({
    ...stub.item,
    changeKey: master.item.changeKey,
    modifiedAt: master.item.modifiedAt,
    content: { ...master.item.content, start: stub.item.content.start, end: stub.item.content.end },
  });
  const graphWith = (pages: readonly Page[], eventsById: GraphPort['eventsById']) => ({
    calendarDelta: answers(...pages),
    calendarView: QUIET(),
    eventsById,
  });

  test('gets everything but its times from its series on the same page, which is no event of its own', async () => {
    const page = ok(lastPage([upsertEvent(first), upsertEvent(master), upsertEvent(second)]));
    const { log, pages } = await read(WORK, { graph: graphWith([page], inTurn()) });

    expect(upsertsOf(pages)).toEqual([[whole(first), whole(second)], []]);
    expect(log.filter((line) => line.startsWith('events'))).toEqual([]);
  });

  test('of a series that the page lacks has it asked for, once for all pages', async () => {
    const answer = each({ series: ok([upsertEvent(master)]) });
    const sent = [ok(pageBefore('two', [upsertEvent(first)])), ok(lastPage([upsertEvent(second)]))];
    const { log, pages } = await read(WORK, { graph: graphWith(sent, inTurn(answer)) });

    expect(upsertsOf(pages)).toEqual([[whole(first)], [whole(second)], []]);
    expect(log.filter((line) => line.startsWith('events'))).toEqual(['events series']);
  });

  test.each([
    ['is gone', { kind: 'notFound' }],
    ['cannot be read', ok([unreadable('series')])],
    ['is refused for good', { kind: 'badRequest' }],
  ] as const)('of a series that %s is left to the view', async (_what, said) => {
    const graph = graphWith(
      [ok(lastPage([upsertEvent(first), upsertEvent(anEvent('e1'))]))],
      inTurn(each({ series: said })),
    );
    const { end, pages } = await read(WORK, { graph });

    expect(end).toEqual({ kind: 'current' });
    expect(upsertsOf(pages)).toEqual([[anEvent('e1').item], []]);
  });

  test.each([
    ['of one', each<never>({ series: { kind: 'failed', code: 'microsoftUnavailable' } }), 'microsoftUnavailable'],
    ['of all', { kind: 'unauthorized' }, 'unauthorized'],
  ] as const)('is not committed without its series where that may be had soon: %s', async (_what, said, code) => {
    const { end, pages } = await read(WORK, { graph: graphWith([ok(lastPage([upsertEvent(first)]))], inTurn(said)) });

    expect(end).toEqual({ kind: 'failed', code, retryAfterSeconds: null });
    expect(pages).toEqual([]);
  });

  test('that is an exception is whole, and asks for no series', async () => {
    const exception = anEvent('o3', { type: 'exception', seriesMasterId: 'series' });
    const { log, pages } = await read(WORK, { graph: graphWith([ok(lastPage([upsertEvent(exception)]))], inTurn()) });

    expect(upsertsOf(pages)).toEqual([[exception.item], []]);
    expect(log.filter((line) => line.startsWith('events'))).toEqual([]);
  });

  test('keeps what it says of itself', () => {
    const own = { changeKey: 'own', modifiedAt: AT, content: { ...first.item.content, isAllDay: true } };

    expect(mergeOccurrence({ ...first.item, ...own }, master.item)).toEqual([
      upsert({ ...whole(first), ...own, content: { ...whole(first).content, isAllDay: true } }),
    ]);
    expect(mergeOccurrence(first.item, null)).toEqual([]);
  });
});

describe('a calendar of which not one page can be had', () => {
  const stream = { ...CURRENT, pageSize: 1 };

  test('is read by the view, by name, from then on', async () => {
    const graph = {
      calendarDelta: answers(TOO_HEAVY),
      calendarView: answers(ok(lastPage([], null)), ok(lastPage([upsertEvent(anEvent('e1'))], null))),
    };
    const { end, log, pages } = await read(stream, { graph });

    expect(end).toEqual({ kind: 'current' });
    expect(log).toEqual([
      'delta calendar:work from then by 1',
      'view calendar:work from the beginning by 1 by name',
      'lighten calendar:work',
      'view calendar:work from the beginning by 100 by name',
      'known among',
      'write calendar:work: complete',
    ]);
    expect(upsertsOf(pages)).toEqual([[anEvent('e1').item]]);
  });

  test('is left for later where Microsoft does not answer by name, either', async () => {
    const graph = { calendarDelta: answers(TOO_HEAVY), calendarView: answers(TOO_HEAVY) };

    expect((await read(stream, { graph })).end).toEqual({
      kind: 'failed',
      code: 'microsoftUnavailable',
      retryAfterSeconds: null,
    });
  });
});
