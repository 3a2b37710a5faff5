/**
 * One round over one mailbox: converge on the streams that the decisions want, then read each that is due.
 *
 * A round holds the mailbox's lease. Before every request to Graph it asks whether it may go on, so that a
 * category that was turned off is left alone within one request.
 *
 * Errors  Whatever Graph answers is recorded with its stream; the round goes on with the others. What is
 *         thrown (a broken database) ends the round, and the lease runs out by itself.
 */
import { decide } from '../domain/decision.ts';
import type { Decision, DecisionFacts, Fact, MailboxKind } from '../domain/decision.ts';
import { scopesForLevel } from '../domain/permissions.ts';
import { SYNCED_CATEGORIES } from '../domain/selection.ts';
import { desiredStreams, FOLDER_LIST, type DesiredStream } from '../domain/streams.ts';
import { MailboxGate } from './mailboxGate.ts';
import type { GraphAccess, GraphAnswer, Lease, MailboxOf, RoundState, Stream, SyncPorts } from './ports.ts';
import { readCalendar } from './readCalendar.ts';
import { readMailFolders } from './readMailFolders.ts';
import { readMailFolder } from './readMailFolder.ts';
import { retryDelay } from './retryDelay.ts';

/** How long until the next round when nothing wakes the mailbox before. */
const ROUND_SECONDS = 15;
/** How often a mailbox is looked at that cannot be synchronized at all. */
const IDLE_SECONDS = 15 * 60;
/** How long a mailbox's kind is believed before it is probed again. */
const KIND_MILLISECONDS = 6 * 60 * 60_000;

/** How old a token's scopes may be before they are looked at again for something that is wanted. */
const GRANT_MILLISECONDS = 5 * 60_000;

/** What a reader of one stream gets to work with. */
export interface RoundContext {
  readonly ports: SyncPorts;
  readonly state: RoundState;
  /** Asks Graph with a fresh token within the mailbox's limits; `stopped` when the round must not go on. */
  ask<T>(stream: Stream, request: (access: GraphAccess) => Promise<GraphAnswer<T>>): Promise<AskAnswer<T>>;
}

export type AskAnswer<T> = GraphAnswer<T> | { readonly kind: 'stopped' };

/** How reading a stream ended. `quiet` is when Graph asked for silence. */
export type StreamEnd =
  | { readonly kind: 'current' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly code: string; readonly retryAfterSeconds?: number | null };

export async function runRound(ports: SyncPorts, lease: Lease): Promise<void> {
  const state = await ports.store.load(lease);
  const now = ports.now();
  if (state === null) {
    await ports.store.release(lease, { dueAt: after(now, IDLE_SECONDS), quietUntil: null });
    return;
  }
  const ends = await readStreams(contextOf(ports, state));
  await ports.store.release(lease, nextRound(ports.now(), ends));
}

/** Somebody's grant may have come since the last token: without a stream to read, nobody else would ask. */
async function learnGrant(ports: SyncPorts, state: RoundState, decisions: readonly Decision[]): Promise<void> {
  const { checkedAt, value } = state.facts.grant;
  const seen = checkedAt === null ? 0 : Date.parse(checkedAt);
  const isOld = ports.now().getTime() - seen > GRANT_MILLISECONDS || seen < (state.grantedAt?.getTime() ?? 0);
  const isLacking = decisions.some(({ reason }) => reason.startsWith('consentNeed') || reason === 'grantedLess');
  if (isLacking && value.state === 'live' && isOld) {
    await ports.tokens.renew(mailboxOf(state));
  }
}

async function readStreams(context: RoundContext): Promise<readonly StreamEnd[]> {
  const { ports, state } = context;
  const decisions = decisionsOf(state.facts, ports.now());
  await learnGrant(ports, state, Object.values(decisions));
  const first = await ports.store.converge(state, desiredStreams(decisions, { mail: state.folders }), ports.now());
  if (first === 'stale') {
    return [{ kind: 'stopped' }];
  }
  const list = first.find(isFolderList);
  const listRead = list === undefined ? [] : [{ stream: list, end: await readStream(context, list) }];
  const reloaded = list === undefined ? state : await ports.store.load(state.lease);
  const wanted = desiredStreams(decisions, { mail: reloaded?.folders ?? [] });
  const streams = await ports.store.converge(state, wanted, ports.now());
  if (streams === 'stale' || listRead.some(({ end }) => end.kind === 'stopped')) {
    return [{ kind: 'stopped' }];
  }
  const others = streams.filter((stream) => !isFolderList(stream));
  const read = await Promise.all(others.map(async (stream) => ({ stream, end: await readStream(context, stream) })));
  return sweep(context, [...listRead, ...read]);
}

/** Only when every stream of a category was read is it certain that an item is in none of them. */
async function sweep({ ports, state }: RoundContext, read: readonly ReadStream[]): Promise<readonly StreamEnd[]> {
  for (const category of new Set(read.map(({ stream }) => stream.category))) {
    if (read.every(({ stream, end }) => stream.category !== category || end.kind === 'current')) {
      await ports.store.sweepGone(state, category, ports.now());
    }
  }
  return read.map(({ end }) => end);
}

interface ReadStream {
  readonly stream: Stream;
  readonly end: StreamEnd;
}

async function readStream(context: RoundContext, stream: Stream): Promise<StreamEnd> {
  const { ports, state } = context;
  if (stream.dueAt > ports.now()) {
    return { kind: 'failed', code: 'waiting' };
  }
  const end = await reader(stream)(context, stream);
  if (end.kind === 'failed') {
    const seconds = retryDelay(stream.failures, end.retryAfterSeconds ?? null, ports.chance());
    const dueAt = after(ports.now(), seconds);
    await ports.store.recordFailure(state, stream, { code: end.code, dueAt });
    return { ...end, retryAfterSeconds: end.code === 'throttled' ? seconds : null };
  }
  return end;
}

function reader(stream: Stream): (context: RoundContext, stream: Stream) => Promise<StreamEnd> {
  if (stream.category === 'calendar') {
    return readCalendar;
  }
  return isFolderList(stream) ? readMailFolders : readMailFolder;
}

function contextOf(ports: SyncPorts, state: RoundState): RoundContext {
  const gate = new MailboxGate(ports.now, ports.wait);
  let quietUntil = new Date(0);
  const askOnce = async <T>(
    stream: Stream,
    request: (access: GraphAccess) => Promise<GraphAnswer<T>>,
  ): Promise<AskAnswer<T>> => {
    if (ports.isStopping() || !(await ports.store.mayGoOn(state))) {
      return { kind: 'stopped' };
    }
    const silence = (quietUntil.getTime() - ports.now().getTime()) / 1000;
    if (silence > 0) {
      return { kind: 'throttled', retryAfterSeconds: silence };
    }
    const level = { sync: stream.level, act: 'none', shared: false } as const;
    const token = await ports.tokens.get(mailboxOf(state), scopesForLevel(stream.category, level));
    return token.kind === 'token' ? request(token.access) : tokenFailure(token.kind);
  };
  return {
    ports,
    state,
    ask: async (stream, request) => {
      const answer = await gate.run(() => askOnce(stream, request));
      if (answer.kind === 'throttled') {
        quietUntil = after(ports.now(), retryDelay(stream.failures, answer.retryAfterSeconds, 0));
        await ports.store.quiet(state.lease, quietUntil);
      }
      return afterAnswer(ports, state, answer);
    },
  };
}

function mailboxOf({ lease, facts }: RoundState): MailboxOf {
  return { tenantId: lease.tenantId, memberId: lease.mailboxId, mode: facts.organization.mode };
}

function tokenFailure(kind: 'lost' | 'unavailable'): AskAnswer<never> {
  return kind === 'lost' ? { kind: 'stopped' } : { kind: 'failed', code: 'microsoftUnavailable' };
}

/** A refused token is renewed once for everyone: the new one shows what is granted now. */
async function afterAnswer<T>(ports: SyncPorts, state: RoundState, answer: AskAnswer<T>): Promise<AskAnswer<T>> {
  if (answer.kind === 'unauthorized' || answer.kind === 'forbidden') {
    await ports.tokens.renew(mailboxOf(state));
  }
  if (answer.kind === 'mailboxUnavailable') {
    await ports.store.setMailboxKind(state, 'none', ports.now());
  }
  if (answer.kind === 'ok' && state.facts.mailbox.value !== 'cloud') {
    await ports.store.setMailboxKind(state, 'cloud', ports.now());
  }
  return answer;
}

function decisionsOf(facts: DecisionFacts, now: Date) {
  const current = { ...facts, mailbox: believed(facts.mailbox, now) };
  return Object.fromEntries(SYNCED_CATEGORIES.map((category) => [category, decide(category, current)]));
}

/** A mailbox that could not be reached is tried again after a while, as if nobody had looked. */
function believed(mailbox: Fact<MailboxKind | 'unknown'>, now: Date): Fact<MailboxKind | 'unknown'> {
  const age = now.getTime() - (mailbox.checkedAt === null ? 0 : Date.parse(mailbox.checkedAt));
  return age > KIND_MILLISECONDS ? { value: 'unknown', checkedAt: null } : mailbox;
}

function isFolderList(stream: DesiredStream): boolean {
  return stream.category === 'mail' && stream.container === FOLDER_LIST;
}

function nextRound(now: Date, ends: readonly StreamEnd[]): { dueAt: Date; quietUntil: Date | null } {
  if (ends.some(({ kind }) => kind === 'stopped')) {
    return { dueAt: now, quietUntil: null };
  }
  const silence = ends.flatMap((end) => (end.kind === 'failed' ? [end.retryAfterSeconds ?? 0] : []));
  const quietSeconds = Math.max(0, ...silence);
  const idle = ends.length === 0;
  return {
    dueAt: after(now, idle ? IDLE_SECONDS : ROUND_SECONDS),
    quietUntil: quietSeconds > 0 ? after(now, quietSeconds) : null,
  };
}

function after(from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000);
}
