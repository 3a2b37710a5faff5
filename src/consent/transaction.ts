/**
 * The life of a consent transaction: every event that can happen to it, at which steps, and what it becomes.
 *
 *     created ─► adminConsent ─► signIn ─► redeeming ─► proving ─► ended
 *        └──────────(for oneself)──┘           └───(at once)──────►┘
 *
 * Each step is taken once, but `proving`, which an attempt repeats. A transaction that has ended changes no more, but a
 * later decision can still overtake it.
 *
 * Shapes  A change holds the columns that an event sets; what it leaves out stays.
 * Errors  An event that is not for the step gives `null`: someone else was first.
 */
import type { ConsentStep, ConsentTransaction } from '../domain/records.ts';
import type { Refusal } from '../domain/refusals.ts';
import type { ConsentChange, EndedConsent, TransactionWriter } from './store.ts';

export type ConsentEvent =
  /** A browser opened it and goes to Microsoft. */
  | { readonly kind: 'opened'; readonly browserHash: string }
  /** Microsoft's page for admins came back; a sign-in shows who was there. */
  | { readonly kind: 'adminConsentReturned' }
  /** The sign-in came back with a code, which is redeemed. */
  | { readonly kind: 'codeReturned' }
  /** Microsoft accepted; whether the grant works is verified. */
  | { readonly kind: 'accepted'; readonly grantedBy: string; readonly isQualified: boolean; readonly at: Date }
  /** An attempt to verify is made now; the next is due at `nextAttemptAt`, unless this one succeeds. */
  | { readonly kind: 'attempted'; readonly nextAttemptAt: Date }
  | { readonly kind: 'verified'; readonly grantedBy: string | null }
  /** It was granted, and no one is there whose token could show it. */
  | { readonly kind: 'leftUnverified' }
  | { readonly kind: 'refused'; readonly reason: Refusal }
  /** Someone decided otherwise since it was begun. */
  | { readonly kind: 'superseded' };

type EventOf<Kind extends ConsentEvent['kind']> = Extract<ConsentEvent, { readonly kind: Kind }>;

interface Transition<Kind extends ConsentEvent['kind']> {
  readonly from: readonly ConsentStep[];
  readonly to: (transaction: ConsentTransaction, event: EventOf<Kind>) => ConsentChange;
}

/** What takes a transaction out of the game, also one that someone else ended as granted. */
export const SUPERSEDED = refused('superseded');

const TRANSITIONS: { readonly [Kind in ConsentEvent['kind']]: Transition<Kind> } = {
  opened: {
    from: ['created'],
    to: (transaction, { browserHash }) => ({
      step: isTenantWide(transaction) ? 'adminConsent' : 'signIn',
      browserHash,
    }),
  },
  adminConsentReturned: { from: ['adminConsent'], to: () => ({ step: 'signIn' }) },
  codeReturned: { from: ['signIn'], to: () => ({ step: 'redeeming' }) },
  accepted: {
    from: ['redeeming'],
    to: ({ mode, purpose }, { grantedBy, isQualified, at }) => ({
      step: 'proving',
      state: mode === 'service' && purpose === 'consent' ? 'settling' : 'propagating',
      grantedBy,
      isQualified,
      attemptAt: at,
    }),
  },
  attempted: {
    from: ['proving'],
    to: (_transaction, { nextAttemptAt }) => ({ step: 'proving', attemptAt: nextAttemptAt }),
  },
  verified: {
    from: ['redeeming', 'proving'],
    to: (_transaction, { grantedBy }) => ({
      step: 'ended',
      state: 'verified',
      ...(grantedBy === null ? {} : { grantedBy }),
    }),
  },
  leftUnverified: { from: ['proving'], to: () => ({ step: 'ended', state: 'grantedUnproven' }) },
  refused: {
    from: ['adminConsent', 'signIn', 'redeeming', 'proving'],
    to: (_transaction, { reason }) => refused(reason),
  },
  superseded: {
    from: ['created', 'adminConsent', 'signIn', 'redeeming', 'proving', 'ended'],
    to: () => SUPERSEDED,
  },
};

/** What an event makes of a transaction, or `null` where it is not for the step at which the transaction is. */
export function transition(transaction: ConsentTransaction, event: ConsentEvent): ConsentChange | null {
  const { from, to } = transitionOf(event);
  return from.includes(transaction.step) ? to(transaction, event) : null;
}

function transitionOf<Kind extends ConsentEvent['kind']>({ kind }: { readonly kind: Kind }): Transition<Kind> {
  return TRANSITIONS[kind];
}

/**
 * Writes what an event makes of a transaction; `null` where it is not for the step, or where someone was faster.
 *
 * `transaction` is as the caller read it: only from the step that it was at then is the next one taken.
 */
export async function advance(
  writer: Pick<TransactionWriter, 'advanceConsent'>,
  transaction: ConsentTransaction,
  event: ConsentEvent,
): Promise<ConsentTransaction | null> {
  const change = transition(transaction, event);
  if (change === null) {
    return null;
  }
  const { tenantId, consentHash, step } = transaction;
  const isWritten = await writer.advanceConsent(tenantId, consentHash, step, change);
  return isWritten ? withChange(transaction, change) : null;
}

/** The transaction as it is stored after a change. */
function withChange(
  transaction: ConsentTransaction,
  { attemptAt: _due, ...change }: ConsentChange,
): ConsentTransaction {
  return { ...transaction, ...change, attempts: transaction.attempts + 1 };
}

/** Whether Microsoft's page for admins is opened, which gives neither code nor token. */
export function isTenantWide({ purpose, grantFor }: Pick<ConsentTransaction, 'purpose' | 'grantFor'>): boolean {
  return purpose === 'consent' && grantFor === 'everyone';
}

/** How a transaction ends with a refusal. */
export function refused(reason: Refusal): EndedConsent {
  return { step: 'ended', state: 'refused', reason };
}
