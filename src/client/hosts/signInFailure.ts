/**
 * Why a host or Microsoft gave no token: every cause that is told apart, and what can be done about it.
 *
 * `blocked`: the organization keeps the app out, so an administrator is needed. `interaction`: a click leads on.
 * `unavailable`: nothing that the person decides; trying again may do.
 *
 * Source  "Troubleshoot error messages for single sign-on (SSO)" (Office Add-ins) for 13000 to 13013;
 * "Microsoft Entra authentication and authorization error codes" for AADSTS numbers; "Enable SSO for tab app".
 */
export type FailureKind = 'blocked' | 'interaction' | 'unavailable';

const KINDS = {
  consentRequired: 'blocked',
  notAssigned: 'blocked',
  interactionRequired: 'interaction',
  cancelled: 'interaction',
  notSignedIn: 'interaction',
  notPreauthorized: 'interaction',
  otherAccount: 'interaction',
  accountKind: 'unavailable',
  accountDisabled: 'unavailable',
  unsupported: 'interaction',
  registration: 'unavailable',
  restartHost: 'unavailable',
  hostRefused: 'unavailable',
  stillAsking: 'unavailable',
  securityZones: 'unavailable',
  unsupportedPlatform: 'interaction',
  askedTooOften: 'unavailable',
  offline: 'unavailable',
  windowBlocked: 'unavailable',
  noAnswer: 'unavailable',
  unknown: 'unavailable',
} as const satisfies Record<string, FailureKind>;

export type SignInCause = keyof typeof KINDS;

export interface SignInFailure {
  readonly kind: FailureKind;
  readonly cause: SignInCause;
  /** What a support desk can look up: Office's number, Entra's `AADSTS…`, or the library's word. */
  readonly code: string;
  /** Microsoft's correlation id of the attempt, where the library told it. */
  readonly requestId?: string;
}

/** IdentityAPI numbers; 13009 and 13011 mean nothing that is documented. */
const OFFICE: Readonly<Record<string, SignInCause>> = {
  13000: 'unsupported',
  13001: 'notSignedIn',
  13002: 'cancelled',
  13003: 'accountKind',
  13004: 'registration',
  13005: 'notPreauthorized',
  13006: 'restartHost',
  13007: 'hostRefused',
  13008: 'stillAsking',
  13010: 'securityZones',
  13012: 'unsupportedPlatform',
  13013: 'askedTooOften',
};

/** Entra's numbers that mean something of their own; all others want the person to sign in. */
const ENTRA: Readonly<Record<string, SignInCause>> = {
  50057: 'accountDisabled',
  65001: 'consentRequired',
  65004: 'cancelled',
  90094: 'consentRequired',
  90095: 'consentRequired',
  650052: 'consentRequired',
  700016: 'consentRequired',
  500011: 'consentRequired',
  50105: 'notAssigned',
};

/** Words of teams-js and msal-browser that stand for one cause. */
const WORDS: readonly (readonly [RegExp, SignInCause])[] = [
  [/cancel/i, 'cancelled'],
  [/consent/i, 'consentRequired'],
  [/no_?network|offline/i, 'offline'],
  [/FailedToOpenWindow|popup_window_error/i, 'windowBlocked'],
  [/mfa|interaction_required|login_required|no_account|invalid_grant|tokenRevoked/i, 'interactionRequired'],
];

export function failureOf(cause: SignInCause, code: string = cause, requestId?: string): SignInFailure {
  return { kind: KINDS[cause], cause, code, ...(requestId === undefined ? {} : { requestId }) };
}

/** A failure of `getAccessToken`, by its number. */
export function officeFailure(number: number): SignInFailure {
  return failureOf(OFFICE[number] ?? 'unknown', String(number));
}

/** A failure that comes as text: an `AADSTS` number in it counts first, then the words that are known. */
export function textFailure(text: string, requestId?: string): SignInFailure {
  const number = /AADSTS(\d+)/.exec(text)?.[1];
  if (number !== undefined) {
    return failureOf(ENTRA[number] ?? 'interactionRequired', `AADSTS${number}`, requestId);
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
