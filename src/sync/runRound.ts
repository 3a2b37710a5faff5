/**
 * One round over one mailbox: converge on the streams that the decisions want, then read each that is due.
 *
 * A round holds the mailbox's lease. Lists of containers are read first: what they bring is read in the same round.
 *
 * Errors  Whatever Graph answers is recorded with its stream; the round continues with the others. What is
 *         thrown (rules that do not open, a broken database) ends the round and is thrown on; the mailbox is given back
 *         for a while, or at once where it was woken meanwhile. Where that fails too, the lease runs out by itself.
 */
import { decide } from '../domain/decision.ts';
import { REASONS } from '../domain/reasons.ts';
import type { Decision, DecisionFacts, MailboxKind } from '../domain/decision.ts';
import type { Observed } from '../domain/observed.ts';
import { needsContacts } from '../domain/relevance.ts';
import { CATEGORIES, type Category, definitionOf } from '../domain/categories/categories.ts';
import { desiredStreams, isContainerList } from '../domain/streams.ts';
import { reconcileSubscriptions } from './reconcileSubscriptions.ts';
import type { Lease, NextRound, RoundState, Stream, SyncPorts } from './ports.ts';
import { syncStream } from './syncStream.ts';
import { addSeconds, mailboxOf, openRound, type RoundContext, type StreamEnd } from './roundContext.ts';

/** How often a mailbox is looked at that cannot be synced at all. */
const IDLE_SECONDS = 15 * 60;
/** How long a mailbox is left alone whose round failed. */
const FAILED_SECONDS = 60;
/** How long a mailbox's kind is believed before it is probed again. */
const MAILBOX_KIND_TTL_MS = 6 * 60 * 60_000;

/** How old a token's scopes may be before they are looked at again for something that is wanted. */
const GRANT_MILLISECONDS = 5 * 60_000;

export async function runRound(ports: SyncPorts, lease: Lease): Promise<void> {
  try {
    const state = await ports.store.load(lease);
    const decisions = state === null ? {} : decisionsOf(state.facts, ports.now());
    const ends = state === null ? [] : await syncStreams(openRound(ports, state), decisions);
    await ports.store.release(lease, nextRound(ports.now(), ends, Object.values(decisions)));
  } catch (failure) {
    await giveBack(ports, lease, failure);
    throw failure;
  }
}

async function giveBack({ store, now }: SyncPorts, lease: Lease, failure: unknown): Promise<void> {
  const dueAt = addSeconds(now(), FAILED_SECONDS);
  try {
    await store.release(lease, { dueAt, latestAt: dueAt, quietUntil: null });
  } catch (error) {
    throw new AggregateError([failure, error], 'A round failed, and its mailbox could not be given back', {
      cause: error,
    });
  }
}

/** Someone's grant may have come since the last token: without a stream to read, no one else would ask. */
async function refreshGrant(ports: SyncPorts, state: RoundState, decisions: readonly Decision[]): Promise<void> {
  const { checkedAt, value } = state.facts.grant;
  const seen = checkedAt === null ? 0 : Date.parse(checkedAt);
  const isOld = ports.now().getTime() - seen > GRANT_MILLISECONDS || seen < (state.grantedAt?.getTime() ?? 0);
  const isLacking = decisions.some(({ reason }) => REASONS[reason].lacksPermission);
  if (isLacking && value.state === 'live' && isOld) {
    await ports.tokens.renew(mailboxOf(state));
  }
}

interface ReadStream {
  readonly stream: Stream;
  readonly end: StreamEnd;
}

async function syncStreams(context: RoundContext, decisions: Decisions): Promise<readonly StreamEnd[]> {
  const { ports, state } = context;
  await refreshGrant(ports, state, Object.values(decisions));
  const first = await ports.store.converge(
    state,
    desiredStreams(decisions, state.containers, state.rules, state.mailboxes),
    ports.now(),
  );
  if (first === 'stale') {
    return [{ kind: 'stopped' }];
  }
  const lists = await syncLists(context, first.filter(isContainerList));
  if (lists.some(({ end }) => end.kind === 'stopped')) {
    return [{ kind: 'stopped' }];
  }
  const streams = lists.length === 0 ? first : await reconverge(context, decisions);
  if (streams === 'stale') {
    return [{ kind: 'stopped' }];
  }
  const made = await reconcileSubscriptions(context, streams);
  if (made === 'stopped') {
    return [{ kind: 'stopped' }];
  }
  const contents = streams.filter((stream) => !isContainerList(stream));
  // The contacts that rules ask for must be known before mail is evaluated by them.
  const isAskedFor = ({ category }: Stream) => definitionOf(category).isContactSource && needsContacts(state.rules);
  const contacts = await syncDue(context, contents.filter(isAskedFor), made);
  const others = await syncDue(
    context,
    contents.filter((stream) => !isAskedFor(stream)),
    made,
  );
  return deleteUnplacedItems(context, [...lists, ...contacts, ...others]);
}

/** While the mailbox state is unknown, probe with a single list instead of all of them. */
async function syncLists(context: RoundContext, lists: readonly Stream[]): Promise<readonly ReadStream[]> {
  const isKnown = context.state.facts.mailbox.value === 'cloud';
  const probe = await syncDue(context, isKnown ? [] : lists.slice(0, 1));
  return [...probe, ...(await syncDue(context, isKnown ? lists : lists.slice(1)))];
}

/** Reads what is due, and everything of the categories of which Graph tells only from now on. */
function syncDue(
  context: RoundContext,
  streams: readonly Stream[],
  categories: readonly Category[] = [],
): Promise<readonly ReadStream[]> {
  const now = context.ports.now();
  const due = streams.filter(({ dueAt, category }) => dueAt <= now || categories.includes(category));
  return Promise.all(due.map(async (stream) => ({ stream, end: await syncStream(context, stream) })));
}

/** With the containers that the lists have brought. */
async function reconverge({ ports, state }: RoundContext, decisions: Decisions): Promise<readonly Stream[] | 'stale'> {
  const wanted = desiredStreams(decisions, await ports.store.containers(state), state.rules, state.mailboxes);
  return ports.store.converge(state, wanted, ports.now());
}

/** What was found in no container is removed where every other one was read since. */
async function deleteUnplacedItems(
  { ports, state }: RoundContext,
  read: readonly ReadStream[],
): Promise<readonly StreamEnd[]> {
  for (const category of new Set(read.map(({ stream }) => stream.category))) {
    await ports.store.deleteUnplaced(state, category, ports.now());
  }
  return read.map(({ end }) => end);
}

type Decisions = Readonly<Record<string, Decision>>;

function decisionsOf(facts: DecisionFacts, now: Date): Decisions {
  const current = { ...facts, mailbox: withStaleFactsCleared(facts.mailbox, now) };
  return Object.fromEntries(CATEGORIES.map((category) => [category, decide(category, current)]));
}

/** Treat a stale "unreachable" as unknown, so that the mailbox is tried again. */
function withStaleFactsCleared(
  mailbox: Observed<MailboxKind | 'unknown'>,
  now: Date,
): Observed<MailboxKind | 'unknown'> {
  const age = now.getTime() - (mailbox.checkedAt === null ? 0 : Date.parse(mailbox.checkedAt));
  return age > MAILBOX_KIND_TTL_MS ? { value: 'unknown', checkedAt: null } : mailbox;
}

/** When pauses end by themselves. */
function pauseEnds(decisions: readonly Decision[]): readonly number[] {
  return decisions.flatMap(({ until }) => (until === undefined || until === null ? [] : [Date.parse(until)]));
}

/** A stopped or paused round is due immediately, for any worker. */
function nextRound(now: Date, ends: readonly StreamEnd[], decisions: readonly Decision[]): NextRound {
  const silence = ends.flatMap((end) => (end.kind === 'failed' ? [end.retryAfterSeconds ?? 0] : []));
  const quietSeconds = Math.max(0, ...silence);
  return {
    dueAt: ends.some(({ kind }) => kind === 'stopped' || kind === 'paused') ? now : null,
    latestAt: new Date(Math.min(addSeconds(now, IDLE_SECONDS).getTime(), ...pauseEnds(decisions))),
    quietUntil: quietSeconds > 0 ? addSeconds(now, quietSeconds) : null,
  };
}
