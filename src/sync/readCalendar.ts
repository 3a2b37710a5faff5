/**
 * Reads one calendar within a window of a year back and a year ahead.
 *
 * The delta tells of changes, with occurrences as stubs that lack their series' fields: they are joined to
 * the series master, from the same page or fetched once a series and round. The delta does not report every
 * deleted occurrence, so a plain calendar view over the window proves the calendar complete. At level
 * `limited`, and of calendars that others share, there is no delta: the plain view is polled.
 *
 * Source  "Get incremental changes to events in a calendar view" (learn.microsoft.com/graph).
 */
import type { SyncedItem } from '../domain/items.ts';
import { commitItems } from './commitItems.ts';
import { followPages } from './followPages.ts';
import { isRejudgeDue } from './rejudging.ts';
import type { CalendarEvent, CalendarWindow, Change, GraphPage, Stream } from './ports.ts';
import type { AskAnswer, RoundContext, StreamEnd } from './roundContext.ts';

const DAY_MILLISECONDS = 86_400_000;
const WINDOW_DAYS = 365;
/** The window is laid anew after this many days; until then it reaches as much further ahead. */
const WINDOW_LIFE_DAYS = 7;
/** How often the calendar is proven complete while the delta reports nothing. */
const PROOF_MILLISECONDS = 10 * 60_000;

export async function readCalendar(context: RoundContext, stream: Stream): Promise<StreamEnd> {
  const { ports, state } = context;
  const isRejudged = isRejudgeDue(state, stream, ports.now());
  const laid =
    isWindowFresh(stream, ports.now()) && !isRejudged
      ? stream
      : await ports.store.restart(state, stream, newWindow(ports.now(), ports.chance()), ports.now());
  if (laid === 'stale') {
    return { kind: 'stopped' };
  }
  return laid.level === 'limited' || laid.isShared ? prove(context, laid) : followThenProve(context, laid);
}

/** The delta tells what has changed; the plain view is the truth, also where the delta never ends. */
async function followThenProve(context: RoundContext, stream: Stream): Promise<StreamEnd> {
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
  const proof = await prove(context, await latest(context, stream));
  return isEndless && proof.kind === 'current' ? end : proof;
}

/** The stream as the delta left it: the proof must keep the newest cursor. */
async function latest({ ports, state }: RoundContext, stream: Stream): Promise<Stream> {
  return (await ports.store.readStream(state, stream.key)) ?? stream;
}

function isWindowFresh({ windowOn }: Stream, now: Date): boolean {
  const age = windowOn === null ? -1 : now.getTime() - Date.parse(`${windowOn}T00:00:00Z`);
  return age >= 0 && age < (WINDOW_LIFE_DAYS + 1) * DAY_MILLISECONDS;
}

/** Today, or for half of them yesterday, so that not all of a fleet are laid anew on the same day. */
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
async function prove(context: RoundContext, stream: Stream): Promise<StreamEnd> {
  const { graph } = context.ports;
  const window = windowOf(stream);
  const proof: Stream = { ...stream, generation: stream.generation + 1 };
  return followPages(context, proof, {
    readsAll: true,
    fetch: async (current, cursor) =>
      plain(await context.ask(current, (access) => graph.calendarView(access, current, window, cursor))),
    commit: (progress, changes) => commitItems(context, progress, changes, window),
  });
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

  async fetch(stream: Stream, cursor: string | null): Promise<AskAnswer<GraphPage<SyncedItem>>> {
    const { graph } = this.#context.ports;
    const answer = await this.#context.ask(stream, (access) =>
      graph.calendarDelta(access, stream.container, this.#window, cursor),
    );
    if (answer.kind !== 'ok') {
      return answer;
    }
    this.sawChanges ||= answer.value.changes.length > 0;
    return this.#complete(stream, answer.value);
  }

  async #complete(stream: Stream, page: GraphPage<CalendarEvent>): Promise<AskAnswer<GraphPage<SyncedItem>>> {
    this.#remember(page);
    const changes: Change<SyncedItem>[] = [];
    for (const change of page.changes) {
      if (change.kind !== 'upsert') {
        changes.push(change);
        continue;
      }
      const joined = await this.#join(stream, change.item);
      if (joined.kind !== 'ok') {
        return joined;
      }
      changes.push(...joined.value);
    }
    return { kind: 'ok', value: { ...page, changes } };
  }

  #remember(page: GraphPage<CalendarEvent>): void {
    for (const change of page.changes) {
      if (change.kind === 'upsert' && change.item.type === 'seriesMaster') {
        this.#masters.set(change.item.item.itemId, change.item.item);
      }
    }
  }

  async #join(stream: Stream, event: CalendarEvent): Promise<AskAnswer<readonly Change<SyncedItem>[]>> {
    if (event.type === 'seriesMaster') {
      return { kind: 'ok', value: [] };
    }
    if (!event.isStub || event.seriesMasterId === null) {
      return { kind: 'ok', value: [{ kind: 'upsert', id: event.item.itemId, item: event.item }] };
    }
    const master = await this.#master(stream, event.seriesMasterId);
    return master.kind === 'ok' ? { kind: 'ok', value: joinOccurrence(event.item, master.value) } : master;
  }

  async #master(stream: Stream, masterId: string): Promise<AskAnswer<SyncedItem | null>> {
    const known = this.#masters.get(masterId);
    if (known !== undefined) {
      return { kind: 'ok', value: known };
    }
    const { graph } = this.#context.ports;
    const answer = await this.#context.ask(stream, (access) => graph.event(access, masterId));
    if (answer.kind !== 'ok' && answer.kind !== 'notFound') {
      return answer;
    }
    // A series that is gone takes its occurrences along; the delta says so on a later page.
    const master = answer.kind === 'ok' ? answer.value.item : null;
    this.#masters.set(masterId, master);
    return { kind: 'ok', value: master };
  }
}

/** An occurrence has its own id and times, and everything else from its series. */
export function joinOccurrence(stub: SyncedItem, master: SyncedItem | null): readonly Change<SyncedItem>[] {
  if (master === null) {
    return [];
  }
  const { start, end, isAllDay } = stub.content;
  const content = { ...master.content, start, end, isAllDay: isAllDay ?? master.content.isAllDay };
  const changeKey = stub.changeKey ?? master.changeKey;
  const modifiedAt = stub.modifiedAt ?? master.modifiedAt;
  return [{ kind: 'upsert', id: stub.itemId, item: { ...stub, changeKey, modifiedAt, content } }];
}

/** The plain view's pages: no stubs to complete. */
function plain(answer: AskAnswer<GraphPage<CalendarEvent>>): AskAnswer<GraphPage<SyncedItem>> {
  if (answer.kind !== 'ok') {
    return answer;
  }
  const changes = answer.value.changes.map((change) =>
    change.kind === 'upsert' ? { ...change, item: change.item.item } : change,
  );
  return { kind: 'ok', value: { ...answer.value, changes } };
}
