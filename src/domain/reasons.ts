/**
 * Every reason that a decision can have, with everything that follows from it. Which of them applies to a member is
 * `decide` (`decision.ts`).
 *
 * Shapes  A reason has one row. Who controls the category and what to do next can depend on who decides, so both are
 *         given twice: where each member decides (`individual` mode), and where admins do.
 * Errors  None.
 */
import { wordsOf } from './vocabulary.ts';

export type Control = 'member' | 'administrator' | 'operator' | 'microsoft';

export const ACTIONS = [
  'none',
  'wait',
  'turnOn',
  'turnOff',
  'consent',
  'askAdministrator',
  'reconnect',
  'resume',
  'contactOperator',
] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * What happens to the streams and the stored items of a category: `runs` reads; `onHold` keeps the streams and resumes
 * where they stopped; `stopped` ends the streams and keeps the items; `erasing` ends the streams, and the items go.
 */
export type Standing = 'runs' | 'onHold' | 'stopped' | 'erasing';

export interface NextStep {
  readonly control: Control;
  readonly action: Action;
}

interface ReasonTraits {
  readonly individual: NextStep;
  readonly tenantWide: NextStep;
  readonly standing: Standing;
  /** A person stopped it for a while; the mailbox is not failing. */
  readonly isPause: boolean;
  /** A permission that was granted since the last token would change the decision. */
  readonly lacksPermission: boolean;
}

const RUNS = { standing: 'runs', isPause: false, lacksPermission: false } as const;
const ON_HOLD = { standing: 'onHold', isPause: false, lacksPermission: false } as const;
const PAUSED = { standing: 'onHold', isPause: true, lacksPermission: false } as const;
const NOT_CONSENTED = { standing: 'onHold', isPause: false, lacksPermission: true } as const;
const STOPPED = { standing: 'stopped', isPause: false, lacksPermission: false } as const;

export const REASONS = {
  erasing: { ...always('member', 'wait'), standing: 'erasing', isPause: false, lacksPermission: false },
  cloudNotSupported: { ...always('operator', 'contactOperator'), ...ON_HOLD },
  suspended: { ...always('operator', 'contactOperator'), ...ON_HOLD },
  integrationOff: { ...always('administrator', 'askAdministrator'), ...ON_HOLD },
  memberDisabled: { ...always('microsoft', 'askAdministrator'), ...ON_HOLD },
  guestHasNoMailbox: { ...always('microsoft', 'none'), ...STOPPED },
  notAllowed: { ...always('administrator', 'askAdministrator'), ...STOPPED },
  mailboxOnPremises: { ...always('microsoft', 'askAdministrator'), ...ON_HOLD },
  mailboxNone: { ...always('microsoft', 'askAdministrator'), ...ON_HOLD },
  mailboxUnlicensed: { ...always('microsoft', 'askAdministrator'), ...ON_HOLD },
  notCovered: { ...always('administrator', 'askAdministrator'), ...STOPPED },
  notInPlan: { ...always('operator', 'contactOperator'), ...STOPPED },
  offByAdministrator: { ...always('administrator', 'askAdministrator'), ...STOPPED },
  offByOwnChoice: { ...always('member', 'turnOn'), ...STOPPED },
  paused: { ...always('member', 'resume'), ...PAUSED },
  pausedByAdministrator: { ...always('administrator', 'wait'), ...PAUSED },
  consentPropagating: { ...always('microsoft', 'wait'), ...ON_HOLD },
  consentNeeded: { ...always('member', 'consent'), ...NOT_CONSENTED },
  consentNeedsAdministrator: { ...always('microsoft', 'askAdministrator'), ...NOT_CONSENTED },
  consentNeedsSomeone: { ...always('member', 'consent'), ...NOT_CONSENTED },
  consentRevoked: {
    individual: { control: 'member', action: 'consent' },
    tenantWide: { control: 'microsoft', action: 'askAdministrator' },
    ...ON_HOLD,
  },
  reauthenticate: { ...always('member', 'reconnect'), ...ON_HOLD },
  grantedLess: {
    individual: { control: 'member', action: 'consent' },
    tenantWide: { control: 'administrator', action: 'askAdministrator' },
    standing: 'runs',
    isPause: false,
    lacksPermission: true,
  },
  onByAdministrator: { ...always('administrator', 'none'), ...RUNS },
  onByOwnChoice: { ...always('member', 'turnOff'), ...RUNS },
} as const satisfies Readonly<Record<string, ReasonTraits>>;

export type Reason = keyof typeof REASONS;

export const REASON_WORDS: readonly Reason[] = wordsOf(REASONS);

/** The reasons for which a mailbox waits without anyone having stopped it. */
export type FailingReason = {
  [R in Reason]: (typeof REASONS)[R] extends { readonly standing: 'onHold'; readonly isPause: false } ? R : never;
}[Reason];

export const FAILING_REASONS: readonly FailingReason[] = REASON_WORDS.filter(
  (reason): reason is FailingReason => REASONS[reason].standing === 'onHold' && !REASONS[reason].isPause,
);

/** The reasons for which a person stopped a category for a while. */
export const PAUSES: readonly Reason[] = REASON_WORDS.filter((reason) => REASONS[reason].isPause);

function always(control: Control, action: Action): Pick<ReasonTraits, 'individual' | 'tenantWide'> {
  return { individual: { control, action }, tenantWide: { control, action } };
}
