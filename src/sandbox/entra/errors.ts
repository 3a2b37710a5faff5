/**
 * Entra's refusals, with Microsoft's codes.
 *
 * Source  "Microsoft Entra authentication and authorization error codes". The pairing of number and `error`
 *         is what Entra typically answers; Microsoft does not promise it.
 */
import { randomUUID } from 'node:crypto';

export interface EntraRefusal {
  readonly status: number;
  readonly error: string;
  readonly number: number;
  readonly text: string;
  readonly suberror?: string;
  /** A claims challenge, as JSON text: what the next token has to show. */
  readonly claims?: string;
}

export const REFUSALS = {
  clientUnknown: {
    status: 400,
    error: 'unauthorized_client',
    number: 700016,
    text: 'The application was not found in the directory.',
  },
  clientSecretWrong: {
    status: 401,
    error: 'invalid_client',
    number: 7000215,
    text: 'The client secret that was sent is not valid.',
  },
  clientAssertionInvalid: {
    status: 401,
    error: 'invalid_client',
    number: 700027,
    text: 'The client assertion failed its validation.',
  },
  credentialMissing: {
    status: 401,
    error: 'invalid_client',
    number: 7000218,
    text: 'The request must hold a client secret or assertion.',
  },
  tenantUnknown: { status: 400, error: 'invalid_request', number: 90002, text: 'The tenant was not found.' },
  redirectMismatch: {
    status: 400,
    error: 'invalid_request',
    number: 50011,
    text: 'The redirect URI is not one of those that are registered.',
  },
  parameterMissing: {
    status: 400,
    error: 'invalid_request',
    number: 900144,
    text: 'A parameter is missing in the request.',
  },
  scopesOfTwoResources: {
    status: 400,
    error: 'invalid_request',
    number: 28000,
    text: 'The scopes belong to more than one resource.',
  },
  codeInvalid: { status: 400, error: 'invalid_grant', number: 9002313, text: 'The code is malformed or not valid.' },
  codeUsed: { status: 400, error: 'invalid_grant', number: 54005, text: 'The code was already redeemed.' },
  verifierWrong: {
    status: 400,
    error: 'invalid_grant',
    number: 501481,
    text: 'The code verifier does not match the code challenge.',
  },
  assertionInvalid: { status: 400, error: 'invalid_grant', number: 50013, text: 'The assertion is not valid.' },
  assertionExpired: { status: 400, error: 'invalid_grant', number: 500133, text: 'The assertion has expired.' },
  refreshTokenInvalid: {
    status: 400,
    error: 'invalid_grant',
    number: 9002313,
    text: 'The refresh token is malformed or not valid.',
  },
  sessionRevoked: {
    status: 400,
    error: 'invalid_grant',
    number: 50173,
    text: 'The grant was revoked.',
    suberror: 'bad_token',
  },
  userDisabled: { status: 400, error: 'invalid_grant', number: 50057, text: 'The account is disabled.' },
  consentRequired: {
    status: 400,
    error: 'invalid_grant',
    number: 65001,
    text: 'Nobody has consented to use the application.',
    suberror: 'consent_required',
  },
  administratorRequired: {
    status: 400,
    error: 'access_denied',
    number: 90094,
    text: 'An administrator has to grant this permission.',
  },
  approvalRequested: {
    status: 400,
    error: 'access_denied',
    number: 90095,
    text: 'The request was sent to an administrator for approval.',
  },
  appDisabled: {
    status: 400,
    error: 'unauthorized_client',
    number: 7000112,
    text: 'The application is disabled in this tenant.',
  },
  notAssigned: {
    status: 400,
    error: 'interaction_required',
    number: 50105,
    text: 'The signed in user is not assigned to a role for the application.',
  },
  nationalCloud: {
    status: 400,
    error: 'invalid_request',
    number: 90038,
    text: 'The tenant belongs to a national cloud.',
  },
  stepUpRequired: {
    status: 400,
    error: 'interaction_required',
    number: 50079,
    text: 'A policy of the tenant asks for multi-factor authentication.',
    claims: '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}',
  },
  declined: { status: 400, error: 'access_denied', number: 65004, text: 'The request was declined.' },
  adminDeclined: { status: 400, error: 'consent_required', number: 65004, text: 'The request was declined.' },
  loginRequired: {
    status: 400,
    error: 'login_required',
    number: 50058,
    text: 'A silent request came while nobody was signed in.',
  },
  onlyDefaultScope: {
    status: 400,
    error: 'invalid_scope',
    number: 1002012,
    text: 'A client asks for its own access with /.default only.',
  },
  unsupportedGrant: {
    status: 400,
    error: 'unsupported_grant_type',
    number: 70003,
    text: 'This grant type is not supported.',
  },
} as const satisfies Readonly<Record<string, EntraRefusal>>;

export function descriptionOf(refusal: EntraRefusal): string {
  return `AADSTS${refusal.number}: ${refusal.text}`;
}

export function errorBody(refusal: EntraRefusal, at: Date): object {
  return {
    error: refusal.error,
    error_description: descriptionOf(refusal),
    error_codes: [refusal.number],
    timestamp: at.toISOString(),
    trace_id: randomUUID(),
    correlation_id: randomUUID(),
    ...(refusal.suberror === undefined ? {} : { suberror: refusal.suberror }),
    ...(refusal.claims === undefined ? {} : { claims: refusal.claims }),
  };
}
