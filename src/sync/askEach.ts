/**
 * Reads several things by their ids, as many at once as Graph takes and as can be had: what is too heavy together is
 * asked for in smaller parts, and what is too heavy alone is told by name.
 *
 * Errors  What concerns everything (throttled, unauthorized, no mailbox) ends it, and is what the caller gets.
 */
import { type Each, type GraphAccess, type GraphAnswer, MOST_AT_ONCE } from './ports.ts';
import type { AskAnswer, Asker, RoundContext } from './roundContext.ts';

export async function askEach<T>(
  context: RoundContext,
  asker: Asker,
  ids: readonly string[],
  request: (access: GraphAccess, ids: readonly string[]) => Promise<Each<T>>,
): Promise<AskAnswer<ReadonlyMap<string, GraphAnswer<T>>>> {
  const answers = new Map<string, GraphAnswer<T>>();
  let waiting = ids;
  let most = MOST_AT_ONCE;
  while (waiting.length > 0) {
    const part = waiting.slice(0, most);
    const answer = await context.ask(asker, async (access) => together(await request(access, part)), part.length);
    if (answer.kind === 'tooHeavy' && part.length > 1) {
      most = Math.floor(part.length / 2);
      continue;
    }
    if (answer.kind !== 'ok' && answer.kind !== 'tooHeavy') {
      return answer;
    }
    for (const id of part) {
      answers.set(id, answer.kind === 'ok' ? (answer.value.get(id) ?? UNANSWERED) : answer);
    }
    waiting = waiting.slice(part.length);
    most = Math.min(most * 2, MOST_AT_ONCE);
  }
  return { kind: 'ok', value: answers };
}

const UNANSWERED: GraphAnswer<never> = { kind: 'failed', code: 'unexpectedAnswer' };

/** What one of them is told of the mailbox or the token holds for all. */
function together<T>(answer: Each<T>): Each<T> {
  if (answer.kind !== 'ok') {
    return answer;
  }
  for (const each of answer.value.values()) {
    if (each.kind === 'throttled' || each.kind === 'unauthorized' || each.kind === 'mailboxUnavailable') {
      return each;
    }
  }
  return answer;
}
