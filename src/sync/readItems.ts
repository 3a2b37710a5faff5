/** Reads one container by its delta: mail, contacts, tasks, files. Content comes with the page, never item by item. */
import { followPages } from './followPages.ts';
import { commitItems } from './commitItems.ts';
import type { Stream } from './ports.ts';
import type { RoundContext, StreamEnd } from './roundContext.ts';

export function readItems(context: RoundContext, stream: Stream): Promise<StreamEnd> {
  const { graph } = context.ports;
  return followPages(context, stream, {
    readsAll: false,
    fetch: (current, cursor) => context.ask(current, (access) => graph.items(access, current, cursor)),
    commit: (progress, changes) => commitItems(context, progress, changes, null),
  });
}
