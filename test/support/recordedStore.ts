/** A store that writes down what it is asked for, and agrees to everything that a test does not script otherwise. */
import type { DesiredSet } from '../../src/domain/streams.ts';
import type {
  ContainerCommit,
  NextRound,
  PageCommit,
  RoundState,
  Stream,
  SubscriptionChange,
  SyncStore,
} from '../../src/sync/ports.ts';

/** Everything that the store was asked to write, whole. */
export interface Written {
  readonly pages: PageCommit[];
  readonly lists: ContainerCommit[];
  readonly desired: DesiredSet[];
  readonly subscriptions: SubscriptionChange[];
  readonly rounds: NextRound[];
}

export function nothingWritten(): Written {
  return { pages: [], lists: [], desired: [], subscriptions: [], rounds: [] };
}

const WRITTEN = Promise.resolve('written' as const);
const DONE = Promise.resolve();

/** `log` has a line for each write, and for each question but whether the round may go on. */
export function recordedStore(
  script: Partial<SyncStore>,
  state: RoundState | null,
  log: string[],
  written: Written,
): SyncStore {
  return {
    ...roundsOf(script, state, log, written),
    ...streamsOf(script, log, written),
    ...subscriptionsOf(script, log, written),
  };
}

type OfRounds =
  | 'claimDue'
  | 'renewLease'
  | 'release'
  | 'recordRetryAfter'
  | 'load'
  | 'containers'
  | 'converge'
  | 'deleteUnplaced'
  | 'setMailboxKind';

function roundsOf(
  script: Partial<SyncStore>,
  loaded: RoundState | null,
  log: string[],
  { desired, rounds }: Written,
): Pick<SyncStore, OfRounds> {
  return {
    claimDue: () => Promise.resolve([]),
    renewLease: (state) => script.renewLease?.(state) ?? Promise.resolve(true),
    release: (lease, next) => {
      log.push('release');
      rounds.push(next);
      return script.release?.(lease, next) ?? DONE;
    },
    recordRetryAfter: (lease, until) => {
      log.push(`silence until ${until.toISOString()}`);
      return script.recordRetryAfter?.(lease, until) ?? DONE;
    },
    load: (lease) => script.load?.(lease) ?? Promise.resolve(loaded),
    containers: (state) => script.containers?.(state) ?? Promise.resolve(state.containers),
    converge: (state, wanted, now) => {
      log.push('converge');
      desired.push(wanted);
      return script.converge?.(state, wanted, now) ?? Promise.resolve([]);
    },
    deleteUnplaced: (state, category, at) => {
      log.push(`delete what no ${category} container has`);
      return script.deleteUnplaced?.(state, category, at) ?? WRITTEN;
    },
    setMailboxKind: (state, kind, at) => {
      log.push(`mailbox is ${kind}`);
      return script.setMailboxKind?.(state, kind, at) ?? DONE;
    },
  };
}

type OfSubscriptions = 'prepareSubscription' | 'changeSubscription' | 'removeSubscription';

function subscriptionsOf(
  script: Partial<SyncStore>,
  log: string[],
  { subscriptions }: Written,
): Pick<SyncStore, OfSubscriptions> {
  return {
    prepareSubscription: (state, wanted, hash, at) => {
      log.push(`prepare ${wanted.resource} with ${Buffer.from(hash).toString('hex').slice(0, 8)}`);
      return script.prepareSubscription?.(state, wanted, hash, at) ?? WRITTEN;
    },
    changeSubscription: (state, resource, before, change) => {
      log.push(`change ${resource}, which was ${before ?? 'none'}`);
      subscriptions.push(change);
      return script.changeSubscription?.(state, resource, before, change) ?? WRITTEN;
    },
    removeSubscription: (state, resource) => {
      log.push(`forget ${resource}`);
      return script.removeSubscription?.(state, resource) ?? WRITTEN;
    },
  };
}

function streamsOf(
  script: Partial<SyncStore>,
  log: string[],
  { pages, lists }: Written,
): Pick<SyncStore, Exclude<keyof SyncStore, OfRounds | OfSubscriptions>> {
  return {
    knownAmong: (state, addresses) => {
      log.push(`known among ${addresses.join(' ')}`.trim());
      return script.knownAmong?.(state, addresses) ?? Promise.resolve(new Set());
    },
    readStream: (state, key) => script.readStream?.(state, key) ?? Promise.resolve(null),
    commitPage: (state, page) => {
      log.push(`write ${page.stream.key}: ${page.end}`);
      pages.push(page);
      return script.commitPage?.(state, page) ?? WRITTEN;
    },
    commitContainers: (state, page) => {
      log.push(`write ${page.stream.key}: ${page.end}`);
      lists.push(page);
      return script.commitContainers?.(state, page) ?? WRITTEN;
    },
    restart: (state, stream, windowOn, now) => {
      log.push(`restart ${stream.key}${windowOn === null ? '' : `, its window laid on ${windowOn}`}`);
      return script.restart?.(state, stream, windowOn, now) ?? Promise.resolve({ ...begunAgain(stream), windowOn });
    },
    setPageSize: (state, stream, pageSize) => {
      log.push(`remember ${pageSize} for ${stream.key}`);
      return script.setPageSize?.(state, stream, pageSize) ?? WRITTEN;
    },
    lighten: (state, stream, now) => {
      log.push(`lighten ${stream.key}`);
      const light = { ...begunAgain(stream), isLight: true, pageSize: null };
      return script.lighten?.(state, stream, now) ?? Promise.resolve(light);
    },
    versions: (state, stream, ids) => {
      log.push(`versions of ${ids.join(' ')}`);
      return script.versions?.(state, stream, ids) ?? Promise.resolve(new Map());
    },
    setAsideDue: (state, stream, limits) => script.setAsideDue?.(state, stream, limits) ?? Promise.resolve([]),
    recordFailure: (state, stream, failure) => {
      log.push(`${stream.key} failed: ${failure.code}, due at ${failure.dueAt.toISOString()}`);
      return script.recordFailure?.(state, stream, failure) ?? WRITTEN;
    },
  };
}

function begunAgain(stream: Stream): Stream {
  const { generation } = stream;
  return { ...stream, cursor: null, generation: generation + 1, stage: 'baseline', begunRound: null, isLight: false };
}
