/**
 * Whether a stream is to be read anew because somebody has become known, or is not any more, whom the rules ask for. What
 * is being read from the beginning ends first.
 */
import { asksForContacts } from '../domain/relevance.ts';
import type { RoundState, Stream } from './ports.ts';

export function isRejudgeDue({ rules }: RoundState, { stage, rejudgeAt }: Stream, now: Date): boolean {
  return asksForContacts(rules) && stage === 'current' && rejudgeAt !== null && rejudgeAt <= now;
}
