/**
 * What an answer of Graph that is no success means for someone who asked once: sync, which asks again, tells more of them
 * apart.
 */
import type { GraphAnswer } from '../../sync/ports.ts';

type Failed = Exclude<GraphAnswer<unknown>, { kind: 'ok' }>;

/** `unavailable`: another time it may be different. */
export type Failure = 'refused' | 'notFound' | 'noMailbox' | 'unavailable';

const FAILURES: Readonly<Record<Failed['kind'], Failure>> = {
  unauthorized: 'refused',
  forbidden: 'refused',
  notFound: 'notFound',
  mailboxUnavailable: 'noMailbox',
  throttled: 'unavailable',
  cursorLost: 'unavailable',
  conflict: 'unavailable',
  badRequest: 'unavailable',
  tooHeavy: 'unavailable',
  failed: 'unavailable',
};

export function failureOf({ kind }: Pick<Failed, 'kind'>): Failure {
  return FAILURES[kind];
}
