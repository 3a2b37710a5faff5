/**
 * What Entra's refusals mean for the person in front of the screen, and everything that follows from each.
 *
 * Microsoft warns that the numbers and texts change, so `error` and `suberror` decide first and the
 * AADSTS number only refines. Unknown refusals keep a general reason: they are never guessed.
 *
 * Source  "Microsoft Entra authentication and authorization error codes"
 *         (learn.microsoft.com/entra/identity-platform/reference-error-codes); for `error`, RFC 6749 sections 4.1.2.1
 *         and 5.2, and OpenID Connect Core 1.0 section 3.1.2.6.
 */
import { wordsOf } from './vocabulary.ts';

/** What a refusal says about signing in to Assent itself; each is a cause that the sign-in screen words. */
export type SignInMeaning = 'consentRequired' | 'notAssigned' | 'accountDisabled' | 'cancelled' | 'interactionRequired';

interface RefusalTraits {
  /** The AADSTS numbers that mean it. */
  readonly numbers: readonly number[];
  /** Whose access Entra suspends with it, until an admin changes that there; the refresh token stays good. */
  readonly suspends: 'none' | 'member' | 'tenant';
  /** Whether it says that the tenant does not let its users consent. */
  readonly isConsentPolicy: boolean;
  readonly signIn: SignInMeaning;
}

const PLAIN = { numbers: [], suspends: 'none', isConsentPolicy: false, signIn: 'interactionRequired' } as const;

export const REFUSALS = {
  declined: { ...PLAIN, numbers: [65004], signIn: 'cancelled' },
  administratorRequired: { ...PLAIN, numbers: [90094], isConsentPolicy: true, signIn: 'consentRequired' },
  approvalRequested: { ...PLAIN, numbers: [90095], isConsentPolicy: true, signIn: 'consentRequired' },
  notAssigned: { ...PLAIN, numbers: [50105], suspends: 'member', signIn: 'notAssigned' },
  notAdmitted: {
    ...PLAIN,
    numbers: [650052, 700016, 700011, 500011],
    suspends: 'tenant',
    signIn: 'consentRequired',
  },
  signInAgain: {
    ...PLAIN,
    numbers: [50013, 500133, 50058, 50059, 50132, 50133, 50173, 50196, 70008, 70043, 700082, 700084],
  },
  conditionalAccess: {
    ...PLAIN,
    numbers: [50074, 50076, 50078, 50079, 50158, 53000, 53001, 53002, 53003, 530032],
  },
  accountDisabled: { ...PLAIN, numbers: [50057], signIn: 'accountDisabled' },
  appDisabled: { ...PLAIN, numbers: [7000112], suspends: 'tenant' },
  cloudNotSupported: { ...PLAIN, numbers: [90038, 900382] },
  // 700005: a code that was made for an account of another organization.
  wrongAccount: { ...PLAIN, numbers: [16000, 50020, 50034, 90072, 700005] },
  misconfigured: {
    ...PLAIN,
    numbers: [
      65005, 650056, 650057, 50194, 70002, 7000215, 7000222, 700027, 7000218, 7000114, 9002313, 900144, 90014, 90002,
    ],
  },
  // No one was asked yet: the response does not say who can grant it.
  notGranted: { ...PLAIN, numbers: [65001], signIn: 'consentRequired' },
  notAdministrator: PLAIN,
  notGivenBack: PLAIN,
  nothingReached: PLAIN,
  tooWide: PLAIN,
  superseded: PLAIN,
  expired: PLAIN,
  microsoftUnavailable: PLAIN,
  other: PLAIN,
} as const satisfies Readonly<Record<string, RefusalTraits>>;

export type Refusal = keyof typeof REFUSALS;

export const REFUSAL_WORDS: readonly Refusal[] = wordsOf(REFUSALS);

/** The parts of an Entra error that mean something; descriptions may carry personal data and stay outside. */
export interface EntraError {
  readonly error: string;
  readonly suberror?: string | undefined;
  /** The AADSTS number, where the answer had one. */
  readonly number?: number | undefined;
}

interface OAuthErrorTraits {
  /** What it means where no number says it better. */
  readonly refusal: Refusal;
  /** Whether the refresh token that was presented is worth nothing any more. */
  readonly endsGrant: boolean;
}

const OAUTH_ERRORS: ReadonlyMap<string, OAuthErrorTraits> = new Map(
  Object.entries({
    access_denied: { refusal: 'declined', endsGrant: false },
    consent_required: { refusal: 'administratorRequired', endsGrant: true },
    interaction_required: { refusal: 'signInAgain', endsGrant: true },
    login_required: { refusal: 'signInAgain', endsGrant: true },
    invalid_grant: { refusal: 'signInAgain', endsGrant: true },
    invalid_client: { refusal: 'misconfigured', endsGrant: false },
    unauthorized_client: { refusal: 'misconfigured', endsGrant: false },
    temporarily_unavailable: { refusal: 'microsoftUnavailable', endsGrant: false },
    server_error: { refusal: 'microsoftUnavailable', endsGrant: false },
  } as const satisfies Readonly<Record<string, OAuthErrorTraits>>),
);

const BY_NUMBER: ReadonlyMap<number, Refusal> = new Map(
  REFUSAL_WORDS.flatMap((refusal) => REFUSALS[refusal].numbers.map((number) => [number, refusal] as const)),
);

export function refusalOf(error: EntraError): Refusal {
  return numberedRefusal(error.number) ?? OAUTH_ERRORS.get(error.error)?.refusal ?? 'other';
}

/** The refusal that an AADSTS number means; `undefined` for one that is not known. */
export function numberedRefusal(number: number | undefined): Refusal | undefined {
  return number === undefined ? undefined : BY_NUMBER.get(number);
}

/** A stored word; one that another version stored is `other`. */
export function storedRefusal(word: string | null): Refusal | null {
  return word === null ? null : (REFUSAL_WORDS.find((refusal) => refusal === word) ?? 'other');
}

/** Whether the grant itself is gone; a wrong client secret, say, is no fault of the member's. */
export function endsGrant({ error }: EntraError): boolean {
  return OAUTH_ERRORS.get(error)?.endsGrant ?? false;
}

/** Finds the AADSTS number that opens Entra's descriptions. */
export function aadstsNumber(description: string | undefined): number | undefined {
  const match = /^AADSTS(\d{5,7})\b/.exec(description ?? '');
  return match === null ? undefined : Number(match[1]);
}
