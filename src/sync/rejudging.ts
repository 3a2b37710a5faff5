/** Whether a stream is to be read anew because somebody has become known, or is not any more, whom the rules ask for. */
import { asksForContacts } from '../domain/relevance.ts';
import type { RoundState, Stream } from './ports.ts';

export function isRejudgeDue({ rules }: RoundState, { rejudgeAt }: Stream, now: Date): boolean {
  return asksForContacts(rules) && rejudgeAt !== null && rejudgeAt <= now;
}
