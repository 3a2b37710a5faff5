/**
 * Reads one calendar within a window of a year back and a year ahead.
 *
 * The delta tells of changes, with occurrences as stubs that lack their series' fields: they are joined to
 * the series master, from the same page or fetched once a series and round. The delta does not report every
 * deleted occurrence, so a plain calendar view over the window proves the calendar complete. At level
 * `limited`, of calendars that others share, and where events are too heavy for pages, there is no delta: the plain
 * view is polled.
 *
 * Source  "Get incremental changes to events in a calendar view" (learn.microsoft.com/graph).
 */
import type { SyncedItem } from '../domain/items.ts';
import { askEach } from './askEach.ts';
import { commitItems } from './commitItems.ts';
import { completePage, passingFault } from './completePage.ts';
import { followPages } from './followPages.ts';
import { lighten } from './lighten.ts';
import { isRereadDue } from './contactReread.ts';
import type { CalendarEvent, CalendarWindow, Change, GraphPage, Reading, Stream } from './ports.ts';
import type { GraphCallResult, RoundContext, StreamEnd } from './roundContext.ts';

const DAY_MILLISECONDS = 86_400_000;
const WINDOW_DAYS = 365;
/** The window is laid again after this many days; until then it reaches as much further ahead. */
const WINDOW_LIFE_DAYS = 7;
/** How often the calendar is proven complete while the delta reports nothing. */
const PROOF_MILLISECONDS = 10 * 60_000;

export async function syncCalendar(context: RoundContext, stream: Stream): Promise<StreamEnd> {
  const { ports, state } = context;
  const isReread = isRereadDue(state, stream, ports.now());
  const laid =
    isWindowCurrent(stream, ports.now()) && !isReread
      ? stream
      : await ports.store.restart(state, stream, newWindow(ports.now(), ports.random()), ports.now());
  if (laid === 'stale') {
    return { kind: 'stopped' };
  }
  const end = await readLaid(context, laid);
  return lighten(context, laid, end, {
    probe: (reading) => fetchView(context, reading, null),
    read: (light) => readLaid(context, light),
  });
}

function readLaid(context: RoundContext, stream: Stream): Promise<StreamEnd> {
  const isPolled = stream.level === 'limited' || stream.isShared || stream.isLight;
  return isPolled ? readFullWindow(context, stream) : readDeltaThenVerify(context, stream);
}

/** The delta tells what has changed; the plain view is the truth, also where the delta never ends. */
async function readDeltaThenVerify(context: RoundContext, stream: Stream): Promise<StreamEnd> {
  const window = windowOf(stream);
  const follower = new Follower(context, window);
  const end = await followPages(context, stream, {
    readsAll: false,
    fetch: (current, cursor) => follower.fetch(current, cursor),
    commit: (progress, changes) => commitItems(context, progress, changes, window),
  });
  const age = context.ports.now().getTime() - (stream.reconciledAt?.getTime() ?? 0);
  const isDue = follower.sawChanges || stream.stage === 'baseline' || age > PROOF_MILLISECONDS;
  const isEndless = end.kind === 'failed' && end.code === 'endlessPaging';
  if (!isEndless && (end.kind !== 'current' || !isDue)) {
    return end;
  }
  const proof = await readFullWindow(context, await latest(context, stream));
  return isEndless && proof.kind === 'current' ? end : proof;
}

/** The stream as the delta left it: the proof must keep the newest cursor. */
async function latest({ ports, state }: RoundContext, stream: Stream): Promise<Stream> {
  return (await ports.store.readStream(state, stream.key)) ?? stream;
}

function isWindowCurrent({ windowOn }: Stream, now: Date): boolean {
  const age = windowOn === null ? -1 : now.getTime() - Date.parse(`${windowOn}T00:00:00Z`);
  return age >= 0 && age < (WINDOW_LIFE_DAYS + 1) * DAY_MILLISECONDS;
}

/** Today, or for half of them yesterday, so that not all of a fleet are laid again on the same day. */
function newWindow(now: Date, chance: number): string {
  return new Date(now.getTime() - chance * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

function windowOf(stream: Stream): CalendarWindow {
  const day = Date.parse(`${stream.windowOn ?? ''}T00:00:00Z`);
  return {
    start: new Date(day - WINDOW_DAYS * DAY_MILLISECONDS),
    end: new Date(day + (WINDOW_DAYS + WINDOW_LIFE_DAYS + 1) * DAY_MILLISECONDS),
  };
}

/** Reads the whole window page by page; what it does not meet is gone. The delta's cursor is kept. */
async function readFullWindow(context: RoundContext, stream: Stream): Promise<StreamEnd> {
  const window = windowOf(stream);
  const proof: Stream = { ...stream, generation: stream.generation + 1 };
  return followPages(context, proof, {
    readsAll: true,
    fetch: async (reading, cursor) => withoutStubs(await fetchView(context, reading, cursor)),
    commit: (progress, changes) => commitItems(context, progress, changes, window),
  });
}

async function fetchView(
  context: RoundContext,
  reading: Stream & Reading,
  cursor: string | null,
): Promise<GraphCallResult<GraphPage<CalendarEvent>>> {
  const { graph } = context.ports;
  const answer = await context.callGraph(reading, (access) =>
    graph.calendarView(access, reading, windowOf(reading), cursor),
  );
  return answer.kind === 'ok'
    ? completePage(context, reading, answer.value, (access, ids) => graph.eventsById(access, ids))
    : answer;
}

/** The delta's pages, with every stub completed from its series. */
class Follower {
  sawChanges = false;
  readonly #context: RoundContext;
  readonly #window: CalendarWindow;
  readonly #masters = new Map<string, SyncedItem | null>();

  constructor(context: RoundContext, window: CalendarWindow) {
    this.#context = context;
    this.#window = window;
  }

  async fetch(stream: Stream & Reading, cursor: string | null): Promise<GraphCallResult<GraphPage<SyncedItem>>> {
    const { graph } = this.#context.ports;
    const answer = await this.#context.callGraph(stream, (access) =>
      graph.calendarDelta(access, stream, this.#window, cursor),
    );
    if (answer.kind !== 'ok') {
      return answer;
    }
    this.sawChanges ||= answer.value.changes.length > 0;
    const whole = await completePage(this.#context, stream, answer.value, (access, ids) =>
      graph.eventsById(access, ids),
    );
    return whole.kind === 'ok' ? this.#join(stream, whole.value) : whole;
  }

  async #join(stream: Stream, page: GraphPage<CalendarEvent>): Promise<GraphCallResult<GraphPage<SyncedItem>>> {
    const missing = await this.#learnSeries(stream, page);
    if (missing.kind !== 'ok') {
      return missing;
    }
    const changes = page.changes.flatMap((change): readonly Change<SyncedItem>[] =>
      change.kind === 'upsert' ? this.#joined(change.item) : [change],
    );
    return { kind: 'ok', value: { ...page, changes } };
  }

  /** The masters of all series that the page names, from the page itself or asked for. */
  async #learnSeries(stream: Stream, page: GraphPage<CalendarEvent>): Promise<GraphCallResult<unknown>> {
    const events = page.changes.flatMap((change) => (change.kind === 'upsert' ? [change.item] : []));
    for (const { type, item } of events) {
      if (type === 'seriesMaster') {
        this.#masters.set(item.itemId, item);
      }
    }
    const named = events.flatMap(({ isStub, seriesMasterId }) => (isStub ? (seriesMasterId ?? []) : []));
    const unknown = [...new Set(named)].filter((id) => !this.#masters.has(id));
    const { graph } = this.#context.ports;
    const answer = await askEach(this.#context, stream, unknown, (access, ids) => graph.eventsById(access, ids));
    if (answer.kind !== 'ok') {
      return answer;
    }
    for (const [id, each] of answer.value) {
      const fault = passingFault(each, stream);
      if (fault !== null) {
        return fault;
      }
      // A series that is gone takes its occurrences along, and one that cannot be had by itself is left to the view.
      const [event] = each.kind === 'ok' ? each.value : [];
      this.#masters.set(id, event?.kind === 'upsert' ? event.item.item : null);
    }
    return answer;
  }

  #joined(event: CalendarEvent): readonly Change<SyncedItem>[] {
    if (event.type === 'seriesMaster') {
      return [];
    }
    return event.isStub && event.seriesMasterId !== null
      ? mergeOccurrence(event.item, this.#masters.get(event.seriesMasterId) ?? null)
      : [{ kind: 'upsert', id: event.item.itemId, item: event.item }];
  }
}

/** An occurrence has its own id and times, and everything else from its series. */
export function mergeOccurrence(stub: SyncedItem, master: SyncedItem | null): readonly Change<SyncedItem>[] {
  if (master === null) {
    return [];
  }
  const { start, end, isAllDay, eventType, seriesMasterId } = stub.content;
  const { iCalUId: _ofSeries, ...shared } = master.content;
  const own = { start, end, isAllDay: isAllDay ?? shared.isAllDay, eventType, seriesMasterId };
  const content = { ...shared, ...own };
  const changeKey = stub.changeKey ?? master.changeKey;
  const modifiedAt = stub.modifiedAt ?? master.modifiedAt;
  return [{ kind: 'upsert', id: stub.itemId, item: { ...stub, changeKey, modifiedAt, content } }];
}

/** The plain view's pages: no stubs to complete. */
function withoutStubs(answer: GraphCallResult<GraphPage<CalendarEvent>>): GraphCallResult<GraphPage<SyncedItem>> {
  if (answer.kind !== 'ok') {
    return answer;
  }
  const changes = answer.value.changes.map((change): Change<SyncedItem> =>
    change.kind === 'upsert' ? { ...change, item: change.item.item } : change,
  );
  return { kind: 'ok', value: { ...answer.value, changes } };
}
