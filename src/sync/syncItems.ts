/**
 * Reads one container by its delta: mail, contacts, tasks, files. Content comes with the page; item by item only what
 * a page does not have whole, or cannot have.
 *
 * A periodic full read catches anything that delta missed; it comes sooner where known contacts have changed and the rules
 * ask for them.
 */
import { commitItems } from './commitItems.ts';
import { completePage } from './completePage.ts';
import { followPages } from './followPages.ts';
import { lighten } from './lighten.ts';
import type { GraphAccess, Reading, Stream } from './ports.ts';
import { isRereadDue } from './contactReread.ts';
import type { RoundContext, StreamEnd } from './roundContext.ts';
import { trySetAsideAgain } from './trySetAsideAgain.ts';

const DAY_MILLISECONDS = 86_400_000;
/** Between the two, each reading may be the one, so that not all of a fleet are reread at the same time. */
const FULL_READ_MIN_DAYS = 6;
const FULL_READ_MAX_DAYS = 7;
const FULL_READ_PROBABILITY = 0.01;

export async function syncItems(context: RoundContext, stream: Stream): Promise<StreamEnd> {
  const { ports, state } = context;
  const read = isFullReadDue(context, stream) ? await ports.store.restart(state, stream, null, ports.now()) : stream;
  if (read === 'stale') {
    return { kind: 'stopped' };
  }
  const end = await follow(context, read);
  return lighten(context, read, end, {
    probe: (reading) => fetchPage(context, reading, null),
    read: (light) => follow(context, light),
  });
}

function follow(context: RoundContext, stream: Stream): Promise<StreamEnd> {
  const { graph } = context.ports;
  return followPages(context, stream, {
    readsAll: false,
    fetch: async (reading, cursor) => {
      const answer = await fetchPage(context, reading, cursor);
      if (answer.kind !== 'ok') {
        return answer;
      }
      const read = (access: GraphAccess, ids: readonly string[]) => graph.itemsById(access, reading, ids);
      const whole = await completePage(context, reading, answer.value, read);
      return whole.kind === 'ok'
        ? { kind: 'ok', value: await trySetAsideAgain(context, reading, whole.value, read) }
        : whole;
    },
    commit: (progress, changes) => commitItems(context, progress, changes, null),
  });
}

function fetchPage(context: RoundContext, reading: Stream & Reading, cursor: string | null) {
  return context.callGraph(reading, (access) => context.ports.graph.items(access, reading, cursor));
}

function isFullReadDue({ ports, state }: RoundContext, stream: Stream): boolean {
  const { stage, reconciledAt } = stream;
  if (isRereadDue(state, stream, ports.now())) {
    return true;
  }
  if (stage === 'baseline' || reconciledAt === null) {
    return false;
  }
  const days = (ports.now().getTime() - reconciledAt.getTime()) / DAY_MILLISECONDS;
  return days > FULL_READ_MAX_DAYS || (days > FULL_READ_MIN_DAYS && ports.random() < FULL_READ_PROBABILITY);
}
