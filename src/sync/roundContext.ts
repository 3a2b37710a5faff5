/**
 * What the readers of a round share: the way to ask Graph within the mailbox's limits, and when to read again.
 *
 * Before every request it is asked whether the round may go on, so that a category that was turned off is left alone
 * within one request.
 */
import { decide } from '../domain/decision.ts';
import { scopesForLevel } from '../domain/permissions.ts';
import { graphAccessFor } from './graphAccessFor.ts';
import { MailboxLimiter } from './mailboxLimiter.ts';
import type { GraphAccess, GraphAnswer, MailboxOf, RoundState, Stream, SyncPorts } from './ports.ts';
import { retryDelay } from './retryDelay.ts';
import { definitionOf } from '../domain/categories/categories.ts';
import { type SyncErrorCode } from '../domain/syncErrors.ts';

/** Poll interval for streams without change notifications. */
const POLL_SECONDS = 60;
/** The same in shared mailboxes, which may be many, each with as many folders. */
const SHARED_POLL_SECONDS = 5 * 60;
/** The same where it does: what was never sent is found by then. */
const PROOF_SECONDS = 10 * 60;
/** How long a round continues with new pages: what else the mailbox has, and other mailboxes, have their turn then. */
const ROUND_TIME_BUDGET_MS = 30_000;
/** A tenth more or less, so that mailboxes that began together do not stay together. */
const JITTER_RATIO = 0.2;

export interface RoundContext {
  readonly ports: SyncPorts;
  readonly state: RoundState;
  /**
   * Asks Graph with a fresh token within the mailbox's limits; `stopped` when the round must not go on. `weight` is for
   * how many requests Graph counts it.
   */
  callGraph<T>(
    asker: RequestScope,
    request: (access: GraphAccess) => Promise<GraphAnswer<T>>,
    weight?: number,
  ): Promise<GraphCallResult<T>>;
  /** Whether it is time to leave the next page to a later round. */
  isTimeBudgetSpent(): boolean;
  /** When a stream that has caught up is due again. */
  nextReadAt(stream: Stream): Date;
}

/** On whose behalf Graph is asked: which permission is needed, and how often it failed before. */
export type RequestScope = Pick<Stream, 'category' | 'level' | 'failures'> & {
  /** The id of the shared mailbox that is asked; without one, or `null`, the member's own. */
  readonly sharedMailbox?: string | null;
  /** Asks for no content: whatever is answered says nothing of the mailbox. */
  readonly isAside?: boolean;
};

export type GraphCallResult<T> = GraphAnswer<T> | { readonly kind: 'stopped' };

/** How reading a stream ended. `retryAfterSeconds` is for how long Graph asked for silence. */
export type StreamEnd =
  | { readonly kind: 'current' }
  /** There is more to read, in a later round. */
  | { readonly kind: 'paused' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly code: SyncErrorCode; readonly retryAfterSeconds?: number | null };

export function openRound(ports: SyncPorts, state: RoundState): RoundContext {
  const limiter = new MailboxLimiter(ports.now, ports.wait);
  /** Until when a mailbox wants silence: the member's own, under `null`, and those of others. */
  const quietUntil = new Map<string | null, Date>();
  let isUnreachable = false;
  const begunAt = ports.now().getTime();
  const askOnce = async <T>(
    asker: RequestScope,
    request: (access: GraphAccess) => Promise<GraphAnswer<T>>,
  ): Promise<GraphCallResult<T>> => {
    if (ports.isStopping() || !(await ports.store.renewLease(state))) {
      return { kind: 'stopped' };
    }
    if (isUnreachable && affectsWholeMailbox(asker)) {
      return { kind: 'mailboxUnavailable' };
    }
    const { shared } = decide(asker.category, state.facts).effective;
    const level = { sync: asker.level, act: 'none', shared } as const;
    const token = await ports.tokens.get(mailboxOf(state), scopesForLevel(asker.category, level));
    if (token.kind !== 'token') {
      return tokenFailure(token.kind);
    }
    // Last, for another request of the round may have been told to wait meanwhile. What was said of the member's own
    // mailbox may be meant of the member, so it holds for those of others, too.
    const quiet = [null, asker.sharedMailbox ?? null].map((mailbox) => quietUntil.get(mailbox)?.getTime() ?? 0);
    const silence = (Math.max(...quiet) - ports.now().getTime()) / 1000;
    if (silence > 0) {
      return { kind: 'throttled', retryAfterSeconds: silence };
    }
    const access = graphAccessFor(state.mailboxes, asker.sharedMailbox ?? null, token.access);
    return access === null ? { kind: 'stopped' } : request(access);
  };
  return {
    ports,
    state,
    callGraph: async (asker, request, weight) => {
      const answer = await limiter.run(() => askOnce(asker, request), weight);
      if (answer.kind === 'throttled') {
        const asked = addSeconds(ports.now(), retryDelay(asker.failures, answer.retryAfterSeconds, 0));
        // What was said last is not what lasts longest: answers that were in progress together ask for different times.
        const mailbox = asker.sharedMailbox ?? null;
        const until = later(asked, quietUntil.get(mailbox) ?? asked);
        quietUntil.set(mailbox, until);
        // Throttling of a shared mailbox delays only its own streams.
        if (mailbox === null) {
          await ports.store.recordRetryAfter(state.lease, until);
        }
      }
      // Remember it for the rest of the round.
      isUnreachable ||= answer.kind === 'mailboxUnavailable' && affectsWholeMailbox(asker);
      return applyResponse(ports, state, asker, answer);
    },
    isTimeBudgetSpent: () => ports.now().getTime() - begunAt > ROUND_TIME_BUDGET_MS,
    nextReadAt: (stream) => {
      const isTold = state.subscriptions.some(
        (each) => each.category === stream.category && each.subscriptionId !== null,
      );
      const own = isTold ? PROOF_SECONDS : POLL_SECONDS;
      const seconds = isSharedMailbox(stream) ? SHARED_POLL_SECONDS : own;
      return addSeconds(ports.now(), seconds * (1 + JITTER_RATIO * (ports.random() - 0.5)));
    },
  };
}

export function mailboxOf({ lease, facts }: RoundState): MailboxOf {
  return { tenantId: lease.tenantId, memberId: lease.mailboxId, mode: facts.organization.mode };
}

/** The stable code of an answer that is none. */
export function codeOf(answer: Exclude<GraphAnswer<unknown>, { kind: 'ok' }>): SyncErrorCode {
  switch (answer.kind) {
    case 'failed':
      return answer.code;
    case 'badRequest':
      return 'unexpectedAnswer';
    case 'throttled':
    case 'cursorLost':
    case 'unauthorized':
    case 'forbidden':
    case 'notFound':
    case 'conflict':
    case 'mailboxUnavailable':
    case 'tooHeavy':
      return answer.kind;
  }
}

function tokenFailure(kind: 'lost' | 'unavailable'): GraphCallResult<never> {
  return kind === 'lost' ? { kind: 'stopped' } : { kind: 'failed', code: 'microsoftUnavailable' };
}

/** A refused token is renewed once for everyone: the new one shows what is granted now. */
async function applyResponse<T>(
  ports: SyncPorts,
  state: RoundState,
  asker: RequestScope,
  answer: GraphCallResult<T>,
): Promise<GraphCallResult<T>> {
  // Someone else's mailbox that stays closed says nothing of the grant that was not looked at the first time.
  const isClosed = isSharedMailbox(asker) && asker.failures > 0;
  if (answer.kind === 'unauthorized' || (answer.kind === 'forbidden' && !isClosed)) {
    await ports.tokens.renew(mailboxOf(state));
  }
  const tells = affectsWholeMailbox(asker);
  if (tells && answer.kind === 'mailboxUnavailable') {
    await ports.store.setMailboxKind(state, 'none', ports.now());
  }
  if (tells && answer.kind === 'ok' && state.facts.mailbox.value !== 'cloud') {
    await ports.store.setMailboxKind(state, 'cloud', ports.now());
  }
  return answer;
}

/** Whether an answer says something of the mailbox: a drive is elsewhere, and so is what others share. */
function affectsWholeMailbox(asker: RequestScope): boolean {
  return definitionOf(asker.category).location === 'mailbox' && !isSharedMailbox(asker) && asker.isAside !== true;
}

/** Whether what is asked is in a shared mailbox. */
export function isSharedMailbox({ sharedMailbox = null }: Pick<RequestScope, 'sharedMailbox'>): boolean {
  return sharedMailbox !== null;
}

function later(first: Date, second: Date): Date {
  return first > second ? first : second;
}

export function addSeconds(from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000);
}
