/**
 * Deltas over a collection: first everything, page by page, then what has changed.
 *
 * Source  "Use delta query to track changes in Microsoft Graph data": a next link while there is more, a delta link at
 *         the end, and `@removed` (in drives the `deleted` facet) for what is there no more.
 */
import type { FastifyRequest } from 'fastify';
import type { Collection, Contained } from './collection.ts';
import type { GraphContext } from './graphContext.ts';
import { link, pageRequest, selected } from './paging.ts';

export interface DeltaRequest<T extends Contained> {
  readonly context: GraphContext;
  readonly request: FastifyRequest;
  readonly collection: Collection<T>;
  /** Which container, for `null` all of them. */
  readonly container: string | null;
  /** The mailbox's newest change. */
  readonly sequence: number;
  /** The path of the delta itself, for the links. */
  readonly path: string;
  readonly present: (item: T) => Record<string, unknown>;
  readonly presentRemoved?: (id: string) => object;
}

export function collectionDelta<T extends Contained>(asked: DeltaRequest<T>): object {
  const { context, request, collection, container, path } = asked;
  const of = `${path} ${container ?? ''}`;
  const generation = context.generation();
  const { cursor, select, limit } = pageRequest(request, of, generation);
  const removed = asked.presentRemoved ?? ((id: string) => ({ id, '@removed': { reason: 'deleted' } }));
  const base = { of, generation, select };
  const answer = (value: readonly object[], next: { after: number; position?: number }, isLast: boolean) => {
    const name = isLast ? '$deltatoken' : '$skiptoken';
    const address = link(context.origin, path, name, { ...base, ...next });
    return { value, [isLast ? '@odata.deltaLink' : '@odata.nextLink']: address };
  };
  if (cursor === null || cursor.position !== undefined) {
    const after = cursor?.after ?? asked.sequence;
    const { items, next } = collection.page(container, cursor?.position ?? 0, limit);
    const page = items.map((item) => selected(asked.present(item), select));
    return answer(page, next === null ? { after } : { after, position: next }, next === null);
  }
  const changes = [...collection.changes(container, cursor.after)].sort((a, b) => a.sequence - b.sequence);
  const page = changes.slice(0, limit);
  const isLast = page.length === changes.length;
  const value = page.map(({ id, item }) => (item === null ? removed(id) : selected(asked.present(item), select)));
  return answer(value, { after: isLast ? asked.sequence : (page.at(-1)?.sequence ?? cursor.after) }, isLast);
}
