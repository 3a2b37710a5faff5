/**
 * Whether a stream is to be reread because a contact that the rules ask for was added or removed. A reading from the
 * beginning ends first.
 */
import { needsContacts } from '../domain/relevance.ts';
import type { RoundState, Stream } from './ports.ts';

export function isRereadDue({ rules }: RoundState, { stage, rereadAt }: Stream, now: Date): boolean {
  return needsContacts(rules) && stage === 'current' && rereadAt !== null && rereadAt <= now;
}
