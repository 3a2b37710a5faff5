/**
 * Reads several things by their ids, as many at once as Graph takes and as can be had: what is too heavy together is
 * asked for in smaller parts, and what is too heavy alone is told by name. What was answered beside one that Graph had
 * no room for is kept: the rest is asked for after a short silence, fewer at once, while the round has time.
 *
 * Errors  What concerns everything (a long silence, unauthorized, no mailbox) ends it, and is what the caller gets.
 * Source  "Throttling and batching" (learn.microsoft.com/graph/throttling): only what was refused is asked for again.
 */
import { type Each, type GraphAccess, type GraphAnswer, MAX_CONCURRENT } from './ports.ts';
import type { GraphCallResult, RequestScope, RoundContext } from './roundContext.ts';

/** How long a silence is waited for here; a longer one is left to a later round. */
const SHORT_SILENCE_SECONDS = 10;
/** How often in a row without an answer meanwhile. */
const MAX_SILENCES = 3;

export async function askEach<T>(
  context: Pick<RoundContext, 'callGraph' | 'isTimeBudgetSpent'> & {
    readonly ports: Pick<RoundContext['ports'], 'wait'>;
  },
  asker: RequestScope,
  ids: readonly string[],
  request: (access: GraphAccess, ids: readonly string[]) => Promise<Each<T>>,
): Promise<GraphCallResult<ReadonlyMap<string, GraphAnswer<T>>>> {
  const answers = new Map<string, GraphAnswer<T>>();
  let waiting = ids;
  let limit = MAX_CONCURRENT;
  let patience = MAX_SILENCES;
  while (waiting.length > 0) {
    const part = waiting.slice(0, limit);
    const answer = await context.callGraph(
      asker,
      async (access) => kept(answers, await request(access, part)),
      part.length,
    );
    const left = waiting.filter((id) => !answers.has(id));
    if (answer.kind === 'tooHeavy' && part.length > 1) {
      limit = Math.floor(part.length / 2);
      continue;
    }
    if (
      answer.kind === 'throttled' &&
      patience > 0 &&
      !context.isTimeBudgetSpent() &&
      isShort(answer.retryAfterSeconds)
    ) {
      patience = left.length < waiting.length ? MAX_SILENCES : patience - 1;
      waiting = left;
      limit = Math.max(1, Math.floor(part.length / 2));
      await context.ports.wait((answer.retryAfterSeconds ?? SHORT_SILENCE_SECONDS) * 1000);
      continue;
    }
    if (answer.kind !== 'ok' && answer.kind !== 'tooHeavy') {
      return answer;
    }
    for (const id of part) {
      answers.set(id, answers.get(id) ?? (answer.kind === 'ok' ? UNANSWERED : answer));
    }
    waiting = waiting.slice(part.length);
    limit = Math.min(limit * 2, MAX_CONCURRENT);
  }
  return { kind: 'ok', value: answers };
}

type Throttled = Extract<GraphAnswer<never>, { kind: 'throttled' }>;

const UNANSWERED: GraphAnswer<never> = { kind: 'failed', code: 'unexpectedAnswer' };

/** What one of them is told of the mailbox or the token holds for all; the others' answers stand. */
function kept<T>(answers: Map<string, GraphAnswer<T>>, answer: Each<T>): Each<T> {
  if (answer.kind !== 'ok') {
    return answer;
  }
  let common: Each<T> = answer;
  for (const [id, each] of answer.value) {
    if (each.kind === 'unauthorized' || each.kind === 'mailboxUnavailable') {
      return each;
    }
    if (each.kind === 'throttled') {
      common = longer(common, each);
    } else {
      answers.set(id, each);
    }
  }
  return common;
}

/** The longest silence that is asked for is what ends all of them. */
function longer<T>(known: Each<T>, next: Throttled): Throttled {
  return known.kind === 'throttled' && (known.retryAfterSeconds ?? 0) > (next.retryAfterSeconds ?? 0) ? known : next;
}

function isShort(seconds: number | null): boolean {
  return seconds === null || seconds <= SHORT_SILENCE_SECONDS;
}
