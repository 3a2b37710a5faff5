/**
 * Every refusal that a caller of Assent can meet, by its stable code. HTTP status is decided in one table, in the server;
 * the sentence and the next action are texts.
 */
export const PROBLEM_CODES = [
  'key_missing',
  'key_invalid',
  'key_not_from_here',
  'scope_missing',
  'cursor_invalid',
  'cursor_not_for_this',
  'cursor_too_old',
  'idempotency_key_missing',
  'idempotency_key_reused',
  'request_in_progress',
  'token_missing',
  'token_invalid',
  'token_not_for_user',
  'client_not_allowed',
  'tenant_not_allowed',
  'tenant_not_onboarded',
  'signing_keys_unavailable',
  'microsoft_unavailable',
  'sign_in_again',
  'microsoft_refused',
  'guest_has_no_mailbox',
  'member_disabled',
  'consent_required',
  'controlled_by_administrator',
  'not_allowed_to_connect',
  'last_owner',
  'beyond_grant',
  'service_not_offered',
  'nobody_covered',
  'no_grant',
  'claims_challenge',
  'not_in_plan',
  'pause_over',
  'no_address',
  'own_address',
  'mail_not_read',
  'files_not_read',
  'too_many_rules',
  'too_many_mailboxes',
  'own_mailbox',
  'still_on',
  'shared_off',
  'mailbox_not_open',
  'product_role_required',
  'directory_role_required',
  'already_claimed',
  'version_conflict',
  'version_missing',
  'nothing_selected',
  'confirmation_missing',
  'body_invalid',
  'body_too_large',
  'too_many_requests',
  'not_found',
  'storage_unavailable',
  'internal',
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** A refusal as a value. */
export interface Refused {
  readonly kind: 'problem';
  readonly code: ProblemCode;
}

/** A field of what was asked for that can't be taken. */
export interface FieldRefused {
  readonly kind: 'field';
  readonly field: string;
  readonly message: string;
}

export function refuseField(field: string, message: string): FieldRefused {
  return { kind: 'field', field, message };
}

export function refuse(code: ProblemCode): Refused {
  return { kind: 'problem', code };
}
