/**
 * Why a host or Microsoft gave no token: every cause that is told apart, and what can be done about it.
 *
 * `blocked`: the organization keeps the app out, so an admin is needed. `interaction`: a click leads on.
 * `unavailable`: nothing that the person decides; trying again may do.
 *
 * Source  "Troubleshoot error messages for single sign-on (SSO)" (Office Add-ins) for 13000 to 13013;
 * "Microsoft Entra authentication and authorization error codes" for AADSTS numbers; "Enable SSO for tab app".
 */
import { numberedRefusal, REFUSALS } from '../../domain/refusals.ts';
import { wordsOf } from '../../domain/vocabulary.ts';

export type FailureKind = 'blocked' | 'interaction' | 'unavailable';

interface CauseTraits {
  readonly kind: FailureKind;
  /** Whether a sign-in window of our own gets past it: nothing else does, it might, or it does not. */
  readonly ownWindow: 'onlyWay' | 'mightHelp' | 'useless';
  /** The IdentityAPI number that means it; 13009 and 13011 mean nothing that is documented. */
  readonly office?: number;
}

const CAUSES = {
  consentRequired: { kind: 'blocked', ownWindow: 'useless' },
  notAssigned: { kind: 'blocked', ownWindow: 'useless' },
  interactionRequired: { kind: 'interaction', ownWindow: 'useless' },
  cancelled: { kind: 'interaction', ownWindow: 'useless', office: 13002 },
  notSignedIn: { kind: 'interaction', ownWindow: 'useless', office: 13001 },
  notPreauthorized: { kind: 'interaction', ownWindow: 'mightHelp', office: 13005 },
  otherAccount: { kind: 'interaction', ownWindow: 'useless' },
  accountKind: { kind: 'unavailable', ownWindow: 'useless', office: 13003 },
  accountDisabled: { kind: 'unavailable', ownWindow: 'useless' },
  unsupported: { kind: 'interaction', ownWindow: 'onlyWay', office: 13000 },
  registration: { kind: 'unavailable', ownWindow: 'mightHelp', office: 13004 },
  restartHost: { kind: 'unavailable', ownWindow: 'mightHelp', office: 13006 },
  hostRefused: { kind: 'unavailable', ownWindow: 'mightHelp', office: 13007 },
  stillAsking: { kind: 'unavailable', ownWindow: 'mightHelp', office: 13008 },
  securityZones: { kind: 'unavailable', ownWindow: 'mightHelp', office: 13010 },
  unsupportedPlatform: { kind: 'interaction', ownWindow: 'onlyWay', office: 13012 },
  askedTooOften: { kind: 'unavailable', ownWindow: 'mightHelp', office: 13013 },
  offline: { kind: 'unavailable', ownWindow: 'useless' },
  windowBlocked: { kind: 'unavailable', ownWindow: 'useless' },
  noAnswer: { kind: 'unavailable', ownWindow: 'mightHelp' },
  unknown: { kind: 'unavailable', ownWindow: 'mightHelp' },
} as const satisfies Readonly<Record<string, CauseTraits>>;

export type SignInCause = keyof typeof CAUSES;

const BY_OFFICE_NUMBER: ReadonlyMap<number, SignInCause> = new Map(
  wordsOf(CAUSES).flatMap((cause) => {
    const { office }: CauseTraits = CAUSES[cause];
    return office === undefined ? [] : [[office, cause] as const];
  }),
);

export interface SignInFailure {
  readonly kind: FailureKind;
  readonly cause: SignInCause;
  /** What a support desk can look up: Office's number, Entra's `AADSTS…`, or the library's word. */
  readonly code: string;
  /** Microsoft's correlation id of the attempt, where the library told it. */
  readonly requestId?: string;
}

/** Words of teams-js and msal-browser that stand for one cause. */
const WORDS: readonly (readonly [RegExp, SignInCause])[] = [
  [/cancel/i, 'cancelled'],
  [/consent/i, 'consentRequired'],
  [/no_?network|offline/i, 'offline'],
  [/FailedToOpenWindow|popup_window_error/i, 'windowBlocked'],
  [/mfa|interaction_required|login_required|no_account|invalid_grant|tokenRevoked/i, 'interactionRequired'],
];

export function failureOf(cause: SignInCause, code: string = cause, requestId?: string): SignInFailure {
  return { kind: CAUSES[cause].kind, cause, code, ...(requestId === undefined ? {} : { requestId }) };
}

/** Whether a sign-in window of our own gets past the failure. */
export function ownWindowAfter({ cause }: SignInFailure): CauseTraits['ownWindow'] {
  return CAUSES[cause].ownWindow;
}

/** A failure of `getAccessToken`, by its number. */
export function officeFailure(number: number): SignInFailure {
  return failureOf(BY_OFFICE_NUMBER.get(number) ?? 'unknown', String(number));
}

/** A failure that comes as text: an `AADSTS` number in it counts first, then the words that are known. */
export function textFailure(text: string, requestId?: string): SignInFailure {
  const number = /AADSTS(\d+)/.exec(text)?.[1];
  if (number !== undefined) {
    const refusal = numberedRefusal(Number(number)) ?? 'other';
    return failureOf(REFUSALS[refusal].signIn, `AADSTS${number}`, requestId);
  }
  const cause = WORDS.find(([words]) => words.test(text))?.[1] ?? 'unknown';
  // Hosts write addresses and names into their messages; only a bare word is a code.
  return failureOf(cause, /^\w{1,40}$/.test(text) ? text : cause, requestId);
}

/**
 * What is said where several ways failed: that the organization keeps the app out; else what Entra itself said,
 * since hosts only guess; else what a click can mend.
 */
export function worseOf(first: SignInFailure, second: SignInFailure): SignInFailure {
  return rankOf(second) < rankOf(first) ? second : first;
}

function rankOf({ kind, code }: SignInFailure): number {
  if (kind === 'blocked') {
    return 0;
  }
  if (code.startsWith('AADSTS')) {
    return 1;
  }
  return kind === 'interaction' ? 2 : 3;
}
