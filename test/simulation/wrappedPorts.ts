/** The engine's ports with every effect put in the scheduler's queue, under the name of the process that wants it. */
import type { ErasePorts } from '../../src/sync/erase.ts';
import type { ExpirePorts } from '../../src/sync/expire.ts';
import type { ReviewPorts } from '../../src/sync/review.ts';
import type { GraphPort, RoundState, Stream, SyncPorts, SyncStore } from '../../src/sync/ports.ts';
import type { Life, Scheduler } from './scheduler.ts';

/** What must hold whenever the engine does something that others can see. */
export interface Laws {
  /** Whoever writes holds the lease, and the category is on at that level. */
  mayWrite(state: RoundState, stream: Stream): Promise<void>;
  /** No one begins to ask Microsoft while it is known to want silence. */
  mayAsk(): void;
  quiet(until: Date): void;
  /** Something of a stream is asked of Microsoft now. */
  reads(life: Life, stream: Pick<Stream, 'key'>): void;
  /** A stream that was told of since it was read is due again as soon as it has caught up. */
  hasCaughtUp(life: Life, state: RoundState, stream: Stream): Promise<void>;
}

export function wrapStore(store: SyncStore, scheduler: Scheduler, life: Life, laws: Laws): SyncStore {
  const effect = <T>(name: string, run: () => Promise<T>) => scheduler.effect(life, name, run);
  return {
    claimDue: (owner, now, room) => effect('claimDue', () => store.claimDue(owner, now, room)),
    renewLease: (state) => effect('mayGoOn', () => store.renewLease(state)),
    release: (lease, next) => effect('release', () => store.release(lease, next)),
    recordRetryAfter: (lease, until) =>
      effect('quiet', async () => {
        await store.recordRetryAfter(lease, until);
        laws.quiet(until);
      }),
    load: (lease) => effect('load', () => store.load(lease)),
    containers: (state) => effect('containers', () => store.containers(state)),
    knownAmong: (state, addresses) => effect('knownAmong', () => store.knownAmong(state, addresses)),
    converge: (state, desired, now) => effect('converge', () => store.converge(state, desired, now)),
    readStream: (state, key) => effect('readStream', () => store.readStream(state, key)),
    commitPage: (state, page) =>
      effect(`commitPage ${page.stream.key}`, async () => {
        const answer = await store.commitPage(state, page);
        await (answer === 'written' ? laws.mayWrite(state, page.stream) : undefined);
        await (answer === 'written' && page.end !== 'more' ? laws.hasCaughtUp(life, state, page.stream) : undefined);
        return answer;
      }),
    commitContainers: (state, page) =>
      effect(`commitContainers ${page.stream.key}`, () => store.commitContainers(state, page)),
    restart: (state, stream, windowOn, now) =>
      effect(`restart ${stream.key}`, () => store.restart(state, stream, windowOn, now)),
    setPageSize: (state, stream, pageSize) =>
      effect(`setPageSize ${stream.key} ${pageSize}`, () => store.setPageSize(state, stream, pageSize)),
    lighten: (state, stream, now) => effect(`lighten ${stream.key}`, () => store.lighten(state, stream, now)),
    setAsideDue: (state, stream, limits) => effect('setAsideDue', () => store.setAsideDue(state, stream, limits)),
    versions: (state, stream, ids) => effect('versions', () => store.versions(state, stream, ids)),
    recordFailure: (state, stream, failure) =>
      effect(`recordFailure ${stream.key} ${failure.code}`, () => store.recordFailure(state, stream, failure)),
    deleteUnplaced: (state, category, at) =>
      effect(`sweepGone ${category}`, () => store.deleteUnplaced(state, category, at)),
    prepareSubscription: (state, desired, hash, at) =>
      effect(`prepareSubscription ${desired.resource}`, () => store.prepareSubscription(state, desired, hash, at)),
    changeSubscription: (state, resource, before, change) =>
      effect(`changeSubscription ${resource}`, () => store.changeSubscription(state, resource, before, change)),
    removeSubscription: (state, resource) =>
      effect(`removeSubscription ${resource}`, () => store.removeSubscription(state, resource)),
    setMailboxKind: (state, kind, at) => effect('setMailboxKind', () => store.setMailboxKind(state, kind, at)),
  };
}

export function wrapGraph(graph: GraphPort, scheduler: Scheduler, life: Life, laws: Laws): GraphPort {
  const effect = <T>(name: string, run: () => Promise<T>) => {
    laws.mayAsk();
    return scheduler.effect(life, `graph ${name}`, run);
  };
  return {
    wellKnownFolders: (access) => effect('wellKnownFolders', () => graph.wellKnownFolders(access)),
    containers: (access, reading, cursor) =>
      effect(`containers ${reading.category}`, () => graph.containers(access, reading, cursor)),
    container: (access, category, id) => effect(`container ${category}`, () => graph.container(access, category, id)),
    items: (access, reading, cursor) =>
      effect(`items ${reading.key} ×${reading.pageSize}`, () => {
        laws.reads(life, reading);
        return graph.items(access, reading, cursor);
      }),
    calendarDelta: (access, reading, window, cursor) =>
      effect('calendarDelta', () => {
        laws.reads(life, reading);
        return graph.calendarDelta(access, reading, window, cursor);
      }),
    calendarView: (access, reading, window, cursor) =>
      effect('calendarView', () => {
        laws.reads(life, reading);
        return graph.calendarView(access, reading, window, cursor);
      }),
    itemsById: (access, stream, ids) => effect('itemsById', () => graph.itemsById(access, stream, ids)),
    eventsById: (access, ids) => effect('eventsById', () => graph.eventsById(access, ids)),
    attachments: (access, ids) => effect('attachments', () => graph.attachments(access, ids)),
    createSubscription: (access, asked) =>
      effect(`createSubscription ${asked.resource}`, () => graph.createSubscription(access, asked)),
    renewSubscription: (access, id, expiresAt) =>
      effect('renewSubscription', () => graph.renewSubscription(access, id, expiresAt)),
    deleteSubscription: (access, id) => effect('deleteSubscription', () => graph.deleteSubscription(access, id)),
    listSubscriptions: (access, resource) =>
      effect(`listSubscriptions ${resource}`, () => graph.listSubscriptions(access, resource)),
    flagsOf: graph.flagsOf,
  };
}

export function wrapSync(ports: SyncPorts, scheduler: Scheduler, life: Life, laws: Laws): SyncPorts {
  return {
    ...ports,
    store: wrapStore(ports.store, scheduler, life, laws),
    graph: wrapGraph(ports.graph, scheduler, life, laws),
    wait: (milliseconds) => scheduler.effect(life, 'wait', () => ports.wait(milliseconds)),
  };
}

export function wrapErase(ports: ErasePorts, scheduler: Scheduler, life: Life): ErasePorts {
  const effect = <T>(name: string, run: () => Promise<T>) => scheduler.effect(life, name, run);
  return {
    openErasures: () => effect('openErasures', () => ports.openErasures()),
    destroyKey: (erasure) => effect(`destroyKey ${erasure.category}`, () => ports.destroyKey(erasure)),
    deleteBatch: (erasure) => effect(`deleteBatch ${erasure.category}`, () => ports.deleteBatch(erasure)),
    forgetTold: (erasure) => effect(`forgetTold ${erasure.category}`, () => ports.forgetTold(erasure)),
    finish: (erasure, at) => effect(`finish ${erasure.category}`, () => ports.finish(erasure, at)),
    now: () => ports.now(),
  };
}

export function wrapReview(ports: ReviewPorts, scheduler: Scheduler, life: Life): ReviewPorts {
  const effect = <T>(name: string, run: () => Promise<T>) => scheduler.effect(life, name, run);
  return {
    openReviews: (now) => effect('openReviews', () => ports.openReviews(now)),
    reviewBatch: (review, at) => effect(`reviewBatch ${review.category}`, () => ports.reviewBatch(review, at)),
    // A lost answer is the scheduler's doing, and no failure of the review.
    postponeReview: (_review, error) => Promise.reject(error instanceof Error ? error : new Error(String(error))),
    now: () => ports.now(),
  };
}

export function wrapExpire(ports: ExpirePorts, scheduler: Scheduler, life: Life): ExpirePorts {
  const effect = <T>(name: string, run: () => Promise<T>) => scheduler.effect(life, name, run);
  return {
    findExpired: (now) => effect('expired', () => ports.findExpired(now)),
    deleteExpired: (expired, at) => effect(`deleteExpired ${expired.category}`, () => ports.deleteExpired(expired, at)),
    now: () => ports.now(),
  };
}
