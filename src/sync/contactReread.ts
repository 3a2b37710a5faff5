/**
 * Whether a stream is to be reread because someone has become known, or is not any more, whom the rules ask for. What
 * is being read from the beginning ends first.
 */
import { needsContacts } from '../domain/relevance.ts';
import type { RoundState, Stream } from './ports.ts';

export function isRereadDue({ rules }: RoundState, { stage, rejudgeAt }: Stream, now: Date): boolean {
  return needsContacts(rules) && stage === 'current' && rejudgeAt !== null && rejudgeAt <= now;
}
