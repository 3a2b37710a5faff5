/** Graph as a test scripts it: what is asked is written down, and what was not scripted fails. */
import type { GraphAccess, GraphPort, Reading } from '../../src/sync/ports.ts';

/** Gives its answers one after another, and fails when it is asked once more. */
export function inTurn<T>(...answers: readonly T[]): () => Promise<T> {
  const left = [...answers];
  return () => {
    const [next] = left.splice(0, 1);
    return next === undefined ? Promise.reject(new Error('Asked more often than was scripted')) : Promise.resolve(next);
  };
}

export function recordedGraph(script: Partial<GraphPort>, log: string[]): GraphPort {
  const ask = <T>(access: GraphAccess, request: string, scripted: () => Promise<T> | undefined): Promise<T> => {
    log.push(access.mailbox === 'me' ? request : `${request} in ${access.mailbox}`);
    return scripted() ?? Promise.reject(new Error(`Nothing was scripted for: ${request}`));
  };
  return {
    containers: (access, reading, cursor) =>
      ask(access, `list ${placeOf(reading, cursor)}`, () => script.containers?.(access, reading, cursor)),
    items: (access, reading, cursor) =>
      ask(access, `items ${placeOf(reading, cursor)}`, () => script.items?.(access, reading, cursor)),
    calendarDelta: (access, reading, window, cursor) =>
      ask(access, `delta ${placeOf(reading, cursor)}`, () => script.calendarDelta?.(access, reading, window, cursor)),
    calendarView: (access, reading, window, cursor) =>
      ask(access, `view ${placeOf(reading, cursor)}`, () => script.calendarView?.(access, reading, window, cursor)),
    container: (access, category, id) =>
      ask(access, `container ${category}:${id}`, () => script.container?.(access, category, id)),
    wellKnownFolders: (access) => ask(access, 'well-known folders', () => script.wellKnownFolders?.(access)),
    itemsById: (access, stream, ids) =>
      ask(access, `each of ${stream.key}: ${ids.join(' ')}`, () => script.itemsById?.(access, stream, ids)),
    eventsById: (access, ids) => ask(access, `events ${ids.join(' ')}`, () => script.eventsById?.(access, ids)),
    attachments: (access, ids) =>
      ask(access, `attachments of ${ids.join(' ')}`, () => script.attachments?.(access, ids)),
    createSubscription: (access, asked) =>
      ask(
        access,
        `subscribe to ${asked.resource} with ${asked.clientState} until ${asked.expiresAt.toISOString()}`,
        () => script.createSubscription?.(access, asked),
      ),
    renewSubscription: (access, id, expiresAt) =>
      ask(access, `renew ${id} until ${expiresAt.toISOString()}`, () =>
        script.renewSubscription?.(access, id, expiresAt),
      ),
    deleteSubscription: (access, id) => ask(access, `end ${id}`, () => script.deleteSubscription?.(access, id)),
    listSubscriptions: (access, resource) =>
      ask(access, `subscriptions to ${resource}`, () => script.listSubscriptions?.(access, resource)),
    flagsOf: (raw) => script.flagsOf?.(raw) ?? { isDraft: false, isPrivate: false },
  };
}

function placeOf({ key, pageSize, isLight }: Reading, cursor: string | null): string {
  return `${key} from ${cursor ?? 'the beginning'} by ${pageSize}${isLight ? ' by name' : ''}`;
}
