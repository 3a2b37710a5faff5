/** What the sync use cases need: a store whose every write is fenced, and readers of Graph. */
import type { DecisionFacts, MailboxKind } from '../domain/decision.ts';
import type { Attachment, SyncedItem } from '../domain/items.ts';
import type { Mode } from '../domain/mode.ts';
import type { Folder, ItemFlags, Rules } from '../domain/relevance.ts';
import type { Category } from '../domain/categories/categories.ts';
import type { SharedMailbox } from '../domain/sharedMailboxes.ts';
import type { DesiredSubscription } from '../domain/desiredSubscriptions.ts';
import type { Containers, DesiredSet, DesiredStream, ListedContainer } from '../domain/streams.ts';
import type { WellKnownFolder } from '../domain/wellKnownFolders.ts';
import { type SyncErrorCode } from '../domain/syncErrors.ts';
import { type PageRead, type StreamState } from '../domain/streamLife.ts';

/** The right to work on one mailbox; a later holder has a higher fence and every write compares it. */
export interface Lease {
  readonly tenantId: string;
  readonly mailboxId: string;
  readonly owner: string;
  readonly fence: number;
  /** Whether something in the mailbox was never read to its end. */
  readonly isFirst: boolean;
}

/** What a round works with; every write compares the epochs and is refused when one has risen. */
export interface RoundState {
  readonly lease: Lease;
  readonly connectionId: string;
  readonly connectionEpoch: number;
  readonly organizationEpoch: number;
  readonly rules: Rules;
  /** Shared mailboxes that the member names. */
  readonly mailboxes: readonly SharedMailbox[];
  /** When the connection was made. */
  readonly connectedAt: Date;
  readonly facts: DecisionFacts;
  /** When an admin last granted for everyone; a token from before cannot show it. */
  readonly grantedAt: Date | null;
  readonly containers: Containers;
  readonly subscriptions: readonly Subscription[];
}

export interface Stream extends DesiredStream, StreamState {
  /** Someone else's, shared with the member. */
  readonly isShared: boolean;
  readonly stage: 'baseline' | 'current';
  readonly reconciledAt: Date | null;
  readonly dueAt: Date;
  /** When it is reread, because someone has become known; `null` where nothing asks for it. */
  readonly rereadAt: Date | null;
  /** The round in which the reading in progress began; `null` between readings. */
  readonly begunRound: number | null;
  /** `null` until it was read to its end for the first time. */
  readonly succeededAt: Date | null;
  /** How many items are asked for at once; `null` until an answer has shown how heavy they are. */
  readonly pageSize: number | null;
  /** Whether pages name items only, and each is read by itself, for some cannot be had with others. */
  readonly isLight: boolean;
  /** Pages without anything on them, one after another, over all rounds. */
  readonly emptyPages: number;
}

/** What a page means for its stream, before it is known what of it is stored. */
export interface PageProgress extends Omit<PageRead, 'itemCount'> {
  readonly stream: Stream;
}

/** An item that a rule excludes, as of the version that was evaluated: a newer one from elsewhere may be another matter. */
export interface Excluded {
  readonly itemId: string;
  readonly modifiedAt: Date | null;
}

/** A page as it is written. */
export interface PageCommit extends PageProgress, PageRead {
  readonly upserts: readonly SyncedItem[];
  /** Ids that are no longer in this stream's container. */
  readonly removals: readonly string[];
  /** What must not be stored, in whatever container. */
  readonly excluded: readonly Excluded[];
  readonly unreadable: readonly Unreadable[];
  /** Ids of what is there as it is stored. */
  readonly seen: readonly string[];
  /** With `complete`: only what lies in this window is known to be gone; `null`: everything not met. */
  readonly proves: CalendarWindow | null;
}

/** The same among all that a member's streams read. */
export type PlacedContainer = Container & ListedContainer;

export interface ContainerCommit extends PageProgress, PageRead {
  readonly upserts: readonly PlacedContainer[];
  readonly removals: readonly string[];
}

/** A mail folder, a calendar, a contact folder or a task list, as Graph lists it in its mailbox. */
export interface Container extends Folder {
  readonly name: string;
  /** Someone else's, shared with the member. */
  readonly isShared: boolean;
  readonly itemCount: number | null;
}

export interface Unreadable {
  readonly itemId: string;
  readonly reason: string;
  readonly raw: unknown;
}

/** How many mailboxes a worker can take. */
export interface WorkerCapacity {
  readonly all: number;
  /** How many of them may be first syncs, which are long. */
  readonly first: number;
}

export interface NextRound {
  /** `null`: when the first of its streams is due. */
  readonly dueAt: Date | null;
  /** When it is looked at again whatever its streams say. */
  readonly latestAt: Date;
  readonly quietUntil: Date | null;
}

export interface StreamFailure {
  readonly code: SyncErrorCode;
  readonly dueAt: Date;
}

export interface Subscription extends Omit<DesiredSubscription, 'lifeDays'> {
  /** `null` where Graph has none, or not yet. */
  readonly subscriptionId: string | null;
  readonly expiresAt: Date | null;
  /** When it is to be made, looked at or renewed. */
  readonly actAt: Date;
  readonly failures: number;
}

export type SubscriptionChange = Pick<Subscription, 'subscriptionId' | 'expiresAt' | 'actAt' | 'failures'> & {
  readonly error: SyncErrorCode | null;
};

export type WriteAnswer = 'written' | 'stale';

export interface SyncStore {
  claimDue(owner: string, now: Date, room: WorkerCapacity): Promise<readonly Lease[]>;
  /** Keeps the lease and says whether the round may go on: lease and epochs are still the ones it began with. */
  renewLease(state: RoundState): Promise<boolean>;
  release(lease: Lease, next: NextRound): Promise<void>;
  /** Notes until when Graph asked for silence. */
  recordRetryAfter(lease: Lease, until: Date): Promise<void>;
  /** `null` when the mailbox has no connection. */
  load(lease: Lease): Promise<RoundState | null>;
  /** As they were listed last. */
  containers(state: RoundState): Promise<Containers>;
  /** Of the addresses those that are known, in lower case. */
  knownAmong(state: RoundState, addresses: readonly string[]): Promise<ReadonlySet<string>>;
  /** Adds and removes streams until they are the desired ones, and holds what is paused; answers those to be read. */
  converge(state: RoundState, desired: DesiredSet, now: Date): Promise<readonly Stream[] | 'stale'>;
  readStream(state: RoundState, key: string): Promise<Stream | null>;
  commitPage(state: RoundState, page: PageCommit): Promise<WriteAnswer>;
  commitContainers(state: RoundState, page: ContainerCommit): Promise<WriteAnswer>;
  /** Begins a stream again: the cursor is forgotten, rows stay until the new generation has passed over them. */
  restart(state: RoundState, stream: Stream, windowOn: string | null, now: Date): Promise<Stream | 'stale'>;
  /** Remembers how many items are asked for at once. */
  setPageSize(state: RoundState, stream: Stream, pageSize: number): Promise<WriteAnswer>;
  /** Begins a stream again whose pages name items only. */
  lighten(state: RoundState, stream: Stream, now: Date): Promise<Stream | 'stale'>;
  /** The change keys of items as they are stored in the stream's container, at its level. */
  versions(state: RoundState, stream: Stream, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Items of a stream that could not be read and are to be tried again: an hour after they were set aside, then
   * when twice the time has passed, at least once a day.
   */
  setAsideDue(
    state: RoundState,
    stream: Stream,
    limits: { readonly now: Date; readonly limit: number },
  ): Promise<readonly Omit<Unreadable, 'reason'>[]>;
  recordFailure(state: RoundState, stream: Stream, failure: StreamFailure): Promise<WriteAnswer>;
  /** Removes what no container has any more; answers when nothing is left to remove. */
  deleteUnplaced(state: RoundState, category: Category, at: Date): Promise<WriteAnswer>;
  setMailboxKind(state: RoundState, kind: MailboxKind, at: Date): Promise<void>;
  /** Writes down what Graph is about to be asked for, so that no notification comes unexpected. */
  prepareSubscription(
    state: RoundState,
    desired: DesiredSubscription,
    clientStateHash: Uint8Array,
    at: Date,
  ): Promise<WriteAnswer>;
  /** Leaves one alone that is not `before` any more: Graph may have told meanwhile that it removed it. */
  changeSubscription(
    state: RoundState,
    resource: string,
    before: string | null,
    change: SubscriptionChange,
  ): Promise<WriteAnswer>;
  removeSubscription(state: RoundState, resource: string): Promise<WriteAnswer>;
}

/** An answer of Graph; what is expected to happen is a value. */
export type GraphAnswer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number | null }
  | { readonly kind: 'cursorLost' }
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'mailboxUnavailable' }
  /** The request itself is not what Graph takes. */
  | { readonly kind: 'badRequest' }
  /** Too large, or not in time: less at once may be had, after a while where Graph says so. */
  | { readonly kind: 'tooHeavy'; readonly retryAfterSeconds: number | null }
  | { readonly kind: 'failed'; readonly code: SyncErrorCode };

export type Change<T> =
  | { readonly kind: 'upsert'; readonly id: string; readonly item: T }
  | { readonly kind: 'removed'; readonly id: string }
  /** Something of it has changed, or is to be read by itself; `raw` names it to people where it cannot be had. */
  | { readonly kind: 'partial'; readonly id: string; readonly changeKey: string | null; readonly raw: unknown }
  /** It is there, as it is stored. */
  | { readonly kind: 'seen'; readonly id: string }
  | { readonly kind: 'unreadable'; readonly id: string; readonly reason: string; readonly raw: unknown };

export interface GraphPage<T> {
  /** The link that this page was read at. */
  readonly link: string;
  readonly changes: readonly Change<T>[];
  /** The link to the next page, or the link with which the next round begins; neither at the end of a list. */
  readonly next: string | null;
  readonly delta: string | null;
  /** The size of the answer. */
  readonly bytes: number;
}

/** An event as a delta page has it: occurrences come without the fields that their series has. */
export interface CalendarEvent {
  readonly item: SyncedItem;
  readonly type: 'singleInstance' | 'occurrence' | 'exception' | 'seriesMaster';
  readonly seriesMasterId: string | null;
  readonly isStub: boolean;
}

export interface CalendarWindow {
  readonly start: Date;
  readonly end: Date;
}

/** A token, and whose mailbox it is used for. */
export interface GraphAccess {
  readonly accessToken: string;
  /** The mailbox in Graph's paths: `me`; `users/ID` with the application's own token; `users/ADDRESS` for a shared one. */
  readonly mailbox: string;
  /** The Entra object id of the member it is read for. */
  readonly memberId: string;
}

/** What is read of a stream: how much at once, and whether by name only. */
export type Reading = DesiredStream & { readonly pageSize: number; readonly isLight: boolean };

export interface GraphPort {
  /** Calendars and task lists come whole, the others by delta. */
  containers(access: GraphAccess, reading: Reading, cursor: string | null): Promise<GraphAnswer<GraphPage<Container>>>;
  container(access: GraphAccess, category: Category, id: string): Promise<GraphAnswer<Container>>;
  /** The mail folders that every mailbox has, by id; those that cannot be had are left out. */
  wellKnownFolders(access: GraphAccess): Promise<GraphAnswer<ReadonlyMap<string, WellKnownFolder>>>;
  /** Everything but calendars. */
  items(access: GraphAccess, reading: Reading, cursor: string | null): Promise<GraphAnswer<GraphPage<SyncedItem>>>;
  calendarDelta(
    access: GraphAccess,
    reading: Reading,
    window: CalendarWindow,
    cursor: string | null,
  ): Promise<GraphAnswer<GraphPage<CalendarEvent>>>;
  calendarView(
    access: GraphAccess,
    reading: Reading,
    window: CalendarWindow,
    cursor: string | null,
  ): Promise<GraphAnswer<GraphPage<CalendarEvent>>>;
  /** At most `MOST_AT_ONCE` items, each by itself and whole. */
  itemsById(access: GraphAccess, stream: DesiredStream, ids: readonly string[]): Promise<EachItem<SyncedItem>>;
  eventsById(access: GraphAccess, ids: readonly string[]): Promise<EachItem<CalendarEvent>>;
  /** Names and sizes of what is attached to messages, at most `MOST_AT_ONCE` of them. */
  attachments(access: GraphAccess, messageIds: readonly string[]): Promise<Each<readonly Attachment[]>>;
  createSubscription(access: GraphAccess, asked: SubscriptionRequest): Promise<GraphAnswer<CreatedSubscription>>;
  /** Gives it a longer life, and confirms it where Graph wants that. */
  renewSubscription(access: GraphAccess, id: string, expiresAt: Date): Promise<GraphAnswer<CreatedSubscription>>;
  deleteSubscription(access: GraphAccess, id: string): Promise<GraphAnswer<null>>;
  /** The ids of our own subscriptions to a resource of this mailbox. */
  listSubscriptions(access: GraphAccess, resource: string): Promise<GraphAnswer<readonly string[]>>;
  /** What an entry that could not be read says of itself that rules ask about. */
  flagsOf(raw: unknown): ItemFlags;
}

/** What Graph takes in one `$batch`. Source: "Combine multiple HTTP requests using JSON batching". */
export const MAX_CONCURRENT = 20;

/** Answers to several requests that were sent together, each its own; one that does not parse is `unexpectedAnswer`. */
export type Each<T> = GraphAnswer<ReadonlyMap<string, GraphAnswer<T>>>;
/** Nothing for what is no item; `unreadable` with the reason for one that does not parse. */
export type EachItem<T> = Each<readonly Change<T>[]>;

export interface SubscriptionRequest {
  readonly resource: string;
  readonly clientState: string;
  readonly expiresAt: Date;
}

export interface CreatedSubscription {
  readonly id: string;
  /** The life that Graph has given, which may be shorter than what was asked for. */
  readonly expiresAt: Date;
}

export interface TokenPort {
  /** A Graph token for the mailbox that carries `needed`: its member's, or in service mode the application's. */
  get(
    mailbox: MailboxOf,
    needed: readonly string[],
  ): Promise<
    | { readonly kind: 'token'; readonly access: GraphAccess }
    | { readonly kind: 'lost' }
    | { readonly kind: 'unavailable' }
  >;
  /** Asks Entra again, after Graph refused the token. */
  renew(mailbox: MailboxOf): Promise<unknown>;
}

export interface MailboxOf {
  readonly tenantId: string;
  readonly memberId: string;
  readonly mode: Mode;
}

export interface SyncPorts {
  readonly store: SyncStore;
  readonly graph: GraphPort;
  readonly tokens: TokenPort;
  readonly now: () => Date;
  /** Waits, or answers early when the process is asked to stop. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Whether the process was asked to stop: no request is begun any more. */
  readonly isStopping: () => boolean;
  /** Between 0 and 1; spreads retries. */
  readonly random: () => number;
  /** 32 random bytes as text, never the same twice. */
  readonly secret: () => string;
}
