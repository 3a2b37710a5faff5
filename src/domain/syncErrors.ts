/**
 * Every way in which reading a stream can fail, with everything that follows from it. The codes are stored and shown.
 *
 * Source  The answers of Graph that each stands for: `GraphAnswer` in `sync/ports.ts`.
 */
import { wordsOf } from './vocabulary.ts';

interface SyncErrorTraits {
  /** It applies to the whole mailbox, whichever of its streams met it. */
  readonly affectsMailbox: boolean;
  /** What happens to the stream's cursor: with a new one, the stream is read again from the beginning. */
  readonly cursor: 'kept' | 'replaced' | 'replacedWhenRepeated';
}

const PLAIN = { affectsMailbox: false, cursor: 'kept' } as const;

const SYNC_ERRORS = {
  throttled: { ...PLAIN, affectsMailbox: true },
  microsoftUnavailable: PLAIN,
  forbidden: PLAIN,
  unauthorized: { ...PLAIN, affectsMailbox: true },
  notFound: { ...PLAIN, cursor: 'replacedWhenRepeated' },
  conflict: PLAIN,
  /** The stream was restarted once already: what reads it replaces a cursor that Graph calls lost. */
  cursorLost: PLAIN,
  mailboxUnavailable: { ...PLAIN, affectsMailbox: true },
  tooHeavy: PLAIN,
  endlessPaging: { ...PLAIN, cursor: 'replaced' },
  foreignLink: PLAIN,
  unexpectedAnswer: { ...PLAIN, cursor: 'replacedWhenRepeated' },
  other: PLAIN,
} as const satisfies Readonly<Record<string, SyncErrorTraits>>;

export type SyncErrorCode = keyof typeof SYNC_ERRORS;

export const SYNC_ERROR_CODES: readonly SyncErrorCode[] = wordsOf(SYNC_ERRORS);

export function syncErrorTraits(code: SyncErrorCode): SyncErrorTraits {
  return SYNC_ERRORS[code];
}

/** A stored code; one that another version stored is `other`. */
export function syncErrorOf(stored: string | null): SyncErrorCode | null {
  return stored === null ? null : (SYNC_ERROR_CODES.find((code) => code === stored) ?? 'other');
}
