/**
 * What Entra's refusals mean for the person in front of the screen.
 *
 * Microsoft warns that the numbers and texts change, so `error` and `suberror` decide first and the
 * AADSTS number only refines. Unknown refusals keep a general reason: they are never guessed.
 *
 * Source  "Microsoft Entra authentication and authorization error codes"
 *         (learn.microsoft.com/entra/identity-platform/reference-error-codes).
 */
export const REFUSALS = [
  'declined',
  'administratorRequired',
  'notAssigned',
  'notAdmitted',
  'signInAgain',
  'conditionalAccess',
  'accountDisabled',
  'wrongAccount',
  'misconfigured',
  'notGranted',
  'notAdministrator',
  'superseded',
  'expired',
  'microsoftUnavailable',
  'other',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** The parts of an Entra error that mean something; descriptions may carry personal data and stay outside. */
export interface EntraError {
  readonly error: string;
  readonly suberror?: string | undefined;
  /** The AADSTS number, where the answer had one. */
  readonly number?: number | undefined;
}

const BY_NUMBER: Readonly<Record<number, Refusal>> = {
  65001: 'administratorRequired',
  65004: 'declined',
  90094: 'administratorRequired',
  90095: 'administratorRequired',
  50105: 'notAssigned',
  650052: 'notAdmitted',
  700016: 'notAdmitted',
  50173: 'signInAgain',
  50132: 'signInAgain',
  50133: 'signInAgain',
  70008: 'signInAgain',
  700082: 'signInAgain',
  700084: 'signInAgain',
  70043: 'signInAgain',
  50013: 'signInAgain',
  500133: 'signInAgain',
  50057: 'accountDisabled',
  50034: 'accountDisabled',
  50076: 'conditionalAccess',
  50079: 'conditionalAccess',
  53000: 'conditionalAccess',
  53001: 'conditionalAccess',
  53002: 'conditionalAccess',
  53003: 'conditionalAccess',
  530032: 'conditionalAccess',
  50020: 'wrongAccount',
  7000215: 'misconfigured',
  7000222: 'misconfigured',
  700027: 'misconfigured',
  7000218: 'misconfigured',
  90002: 'misconfigured',
};

export function refusalOf(error: EntraError): Refusal {
  const known = error.number === undefined ? undefined : BY_NUMBER[error.number];
  if (known !== undefined) {
    return known;
  }
  switch (error.error) {
    case 'access_denied':
      return 'declined';
    case 'consent_required':
      return 'administratorRequired';
    case 'interaction_required':
    case 'login_required':
    case 'invalid_grant':
      return 'signInAgain';
    case 'invalid_client':
    case 'unauthorized_client':
      return 'misconfigured';
    case 'temporarily_unavailable':
    case 'server_error':
      return 'microsoftUnavailable';
    default:
      return 'other';
  }
}

/** Finds the AADSTS number that opens Entra's descriptions. */
export function aadstsNumber(description: string | undefined): number | undefined {
  const match = /^AADSTS(\d{5,7})\b/.exec(description ?? '');
  return match === null ? undefined : Number(match[1]);
}
