/** Reads one stream that is due, by what it is a stream of, and records how that ended. */
import { isContainerList } from '../domain/streams.ts';
import { syncErrorTraits } from '../domain/syncErrors.ts';
import type { Stream } from './ports.ts';
import { syncCalendar } from './syncCalendar.ts';
import { syncContainers } from './syncContainers.ts';
import { syncItems } from './syncItems.ts';
import { retryDelay } from './retryDelay.ts';
import { isSharedMailbox, type RoundContext, type StreamEnd } from './roundContext.ts';
import { definitionOf } from '../domain/categories/categories.ts';

/** As after so many failures: every page on the way there was a success. */
const ENDLESS_BEGINS_AT = 6;

export async function syncStream(context: RoundContext, stream: Stream): Promise<StreamEnd> {
  const { ports, state } = context;
  const end = await readerOf(stream)(context, stream);
  if (end.kind !== 'failed') {
    return end;
  }
  // What never ends is restarted, later each time; everything else continues from the page that failed.
  const isEndless = syncErrorTraits(end.code).cursor === 'replaced';
  const failures = isEndless ? stream.endless + ENDLESS_BEGINS_AT : stream.failures;
  const seconds = retryDelay(failures, end.retryAfterSeconds ?? null, ports.random());
  const dueAt = new Date(ports.now().getTime() + seconds * 1000);
  await ports.store.recordFailure(state, stream, { code: end.code, dueAt });
  const isWholeMailbox = end.code === 'throttled' && !isSharedMailbox(stream);
  return { ...end, retryAfterSeconds: isWholeMailbox ? seconds : null };
}

function readerOf(stream: Stream): (context: RoundContext, stream: Stream) => Promise<StreamEnd> {
  if (isContainerList(stream)) {
    return syncContainers;
  }
  return definitionOf(stream.category).reading === 'window' ? syncCalendar : syncItems;
}
