/**
 * Refusals as problem documents (RFC 9457). The one table in which HTTP statuses are decided.
 */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { ProblemDocument } from '../contract/api/problem.ts';
import { errorCode } from '../domain/errorCode.ts';
import type { ProblemCode } from '../domain/problems.ts';
import { PROBLEM_TEXTS } from '../text/problems.ts';

const STATUS: Readonly<Record<ProblemCode, number>> = {
  key_missing: 401,
  key_invalid: 401,
  key_not_from_here: 403,
  scope_missing: 403,
  cursor_invalid: 400,
  cursor_not_for_this: 400,
  cursor_too_old: 410,
  idempotency_key_missing: 400,
  idempotency_key_reused: 422,
  request_in_progress: 409,
  token_missing: 401,
  token_invalid: 401,
  token_not_for_user: 403,
  client_not_allowed: 403,
  tenant_not_allowed: 403,
  tenant_not_onboarded: 403,
  signing_keys_unavailable: 503,
  microsoft_unavailable: 503,
  sign_in_again: 401,
  microsoft_refused: 403,
  guest_has_no_mailbox: 403,
  member_disabled: 403,
  consent_required: 409,
  controlled_by_administrator: 403,
  not_in_plan: 403,
  pause_over: 400,
  no_address: 400,
  own_address: 409,
  mail_not_read: 409,
  files_not_read: 409,
  too_many_rules: 409,
  too_many_mailboxes: 409,
  own_mailbox: 409,
  still_on: 409,
  shared_off: 409,
  mailbox_not_open: 404,
  not_allowed_to_connect: 403,
  last_owner: 409,
  beyond_grant: 409,
  service_not_offered: 409,
  nobody_covered: 409,
  no_grant: 409,
  claims_challenge: 401,
  product_role_required: 403,
  directory_role_required: 403,
  already_claimed: 409,
  version_conflict: 409,
  version_missing: 428,
  nothing_selected: 400,
  confirmation_missing: 400,
  body_invalid: 400,
  body_too_large: 413,
  too_many_requests: 429,
  not_found: 404,
  storage_unavailable: 503,
  internal: 500,
};

/**
 * What says that nothing can be stored now, and that it may be tried again: classes of PostgreSQL's codes (resources,
 * intervention, connections, the system underneath, and a server that only reads, as after a failover), and what Node
 * says of disks and networks.
 *
 * Source  PostgreSQL, "Appendix A. PostgreSQL Error Codes".
 */
const STORAGE_CODES =
  /^(?:storage_unavailable|53...|55P03|57014|57P0.|08...|58...|25006|ENOSPC|EROFS|EIO|EDQUOT|EMFILE|ECONN.*|EPIPE|ETIMEDOUT|EHOST.*|ENET.*|ENOTFOUND|EAI_AGAIN)$/;

export function statusOf(code: ProblemCode): number {
  return STATUS[code];
}

export type ProblemDetail = Pick<ProblemDocument, 'fields' | 'consent'>;

export function problemDocument(code: ProblemCode, requestId: string, detail: ProblemDetail = {}): ProblemDocument {
  const { sentence, action } = PROBLEM_TEXTS[code];
  return {
    type: `urn:assent:problem:${code}`,
    title: sentence,
    status: STATUS[code],
    code,
    action,
    requestId,
    ...detail,
  };
}

/**
 * Microsoft asks for more at sign-in: the client gets a token that answers `claims` and calls again.
 *
 * Source  "Claims challenges, claims requests, and client capabilities".
 */
export function sendClaimsChallenge(reply: FastifyReply, authority: string, claims: string): FastifyReply {
  const encoded = Buffer.from(claims, 'utf8').toString('base64');
  const uri = `${authority}/common/oauth2/authorize`;
  return sendProblem(
    reply.header(
      'www-authenticate',
      `Bearer realm="", authorization_uri="${uri}", error="insufficient_claims", claims="${encoded}"`,
    ),
    'claims_challenge',
  );
}

export function sendProblem(reply: FastifyReply, code: ProblemCode, detail: ProblemDetail = {}): FastifyReply {
  if (STATUS[code] === 401 && !reply.hasHeader('www-authenticate')) {
    void reply.header('www-authenticate', 'Bearer');
  }
  return reply
    .code(STATUS[code])
    .type('application/problem+json')
    .header('cache-control', 'no-store')
    .serializer(JSON.stringify)
    .send(problemDocument(code, reply.request.id, detail));
}

/** `retryAfterSeconds`: until the limit counts again. */
export function sendTooMany(reply: FastifyReply, retryAfterSeconds: number): FastifyReply {
  reply.request.log.info('too many requests');
  return sendProblem(reply.header('retry-after', String(retryAfterSeconds)), 'too_many_requests');
}

/** The problem that something thrown is: a request in the wrong form, or a fault of ours, which is logged. */
export function problemOf(error: FastifyError, request: FastifyRequest): ProblemCode {
  const known = codeOf(error);
  if (known !== 'internal') {
    return known;
  }
  request.log.error({ err: error }, 'a request failed');
  return isStorage(error) ? 'storage_unavailable' : 'internal';
}

export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = error.validation.map(({ instancePath, message }) => ({
      field: instancePath.replace(/^\//, '').replaceAll('/', '.'),
      message: message ?? '',
    }));
    return sendProblem(reply, 'body_invalid', { fields });
  }
  return sendProblem(reply, problemOf(error, request));
}

function codeOf({ statusCode = 500 }: FastifyError): ProblemCode {
  switch (statusCode) {
    case 413:
      return 'body_too_large';
    case 429:
      return 'too_many_requests';
    case 404:
      return 'not_found';
    case 400:
    case 415:
      return 'body_invalid';
    default:
      return 'internal';
  }
}

function isStorage(error: unknown): boolean {
  return STORAGE_CODES.test(errorCode(error) ?? '');
}
