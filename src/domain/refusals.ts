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
  'approvalRequested',
  'notAssigned',
  'notAdmitted',
  'signInAgain',
  'conditionalAccess',
  'accountDisabled',
  'appDisabled',
  'cloudNotSupported',
  'wrongAccount',
  'misconfigured',
  'notGranted',
  'notAdministrator',
  'notGivenBack',
  'nothingReached',
  'tooWide',
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

const NUMBERS: Partial<Readonly<Record<Refusal, readonly number[]>>> = {
  declined: [65004],
  administratorRequired: [90094],
  approvalRequested: [90095],
  notAssigned: [50105],
  notAdmitted: [650052, 700016, 700011, 500011],
  signInAgain: [50013, 500133, 50058, 50059, 50132, 50133, 50173, 50196, 70008, 70043, 700082, 700084],
  conditionalAccess: [50074, 50076, 50078, 50079, 50158, 53000, 53001, 53002, 53003, 530032],
  accountDisabled: [50057],
  appDisabled: [7000112],
  cloudNotSupported: [90038, 900382],
  // The last: a code that was made for an account of another organization.
  wrongAccount: [16000, 50020, 50034, 90072, 700005],
  // Nobody was asked yet: who may grant it, the answer does not say.
  notGranted: [65001],
  misconfigured: [
    65005, 650056, 650057, 50194, 70002, 7000215, 7000222, 700027, 7000218, 7000114, 9002313, 900144, 90014, 90002,
  ],
};

const BY_NUMBER: ReadonlyMap<number, Refusal> = new Map(
  REFUSALS.flatMap((refusal) => (NUMBERS[refusal] ?? []).map((number) => [number, refusal] as const)),
);

export function refusalOf(error: EntraError): Refusal {
  const known = error.number === undefined ? undefined : BY_NUMBER.get(error.number);
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
