/**
 * Reads the list of a category's containers; each of them becomes a stream of its own.
 *
 * Mail folders and contact folders come by delta. Calendars and task lists are listed whole every time: the delta of
 * task lists wants a permission to write.
 */
import type { Category } from '../domain/selection.ts';
import { placedAt, placeIn } from '../domain/sharedMailboxes.ts';
import { followPages } from './followPages.ts';
import type { Change, Container, Stream } from './ports.ts';
import type { RoundContext, StreamEnd } from './roundContext.ts';

const LISTED_WHOLE: readonly Category[] = ['calendar', 'tasks'];

export function readContainers(context: RoundContext, stream: Stream): Promise<StreamEnd> {
  const { store, graph } = context.ports;
  const readsAll = LISTED_WHOLE.includes(stream.category);
  const read = readsAll ? { ...stream, generation: stream.generation + 1 } : stream;
  const { mailbox } = placedAt(stream.container);
  return followPages<Container>(context, read, {
    readsAll,
    fetch: (current, cursor) => context.ask(current, (access) => graph.containers(access, current.category, cursor)),
    commit: (progress, changes) =>
      store.commitContainers(context.state, {
        ...progress,
        upserts: upsertsIn(changes).map((container) => placed(mailbox, container)),
        removals: changes.flatMap((change) => (change.kind === 'removed' ? [placeIn(mailbox, change.id)] : [])),
      }),
  });
}

/** What is in a mailbox of others is named so that it is told from one's own. */
function placed(mailbox: string | null, container: Container): Container {
  const { id, parentId } = container;
  return mailbox === null
    ? container
    : {
        ...container,
        id: placeIn(mailbox, id),
        parentId: parentId === null ? null : placeIn(mailbox, parentId),
        isShared: true,
      };
}

/** Of a container that is named twice, the last word counts. */
function upsertsIn(changes: readonly Change<Container>[]): readonly Container[] {
  const last = new Map(changes.map((change) => [change.id, change]));
  return [...last.values()].flatMap((change) => (change.kind === 'upsert' ? [change.item] : []));
}
