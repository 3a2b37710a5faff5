/** Graph's error envelope. Source: "Microsoft Graph error responses and resource types". */
import { randomUUID } from 'node:crypto';

export interface GraphRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

export const GRAPH_REFUSALS = {
  tokenMissing: { status: 401, code: 'InvalidAuthenticationToken', message: 'Access token is empty.' },
  tokenInvalid: { status: 401, code: 'InvalidAuthenticationToken', message: 'Access token validation failure.' },
  tokenExpired: {
    status: 401,
    code: 'InvalidAuthenticationToken',
    message: 'Lifetime validation failed, the token is expired.',
  },
  accessDenied: {
    status: 403,
    code: 'ErrorAccessDenied',
    message: 'Access is denied. Check credentials and try again.',
  },
  mailboxUnavailable: {
    status: 404,
    code: 'MailboxNotEnabledForRESTAPI',
    message: 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
  },
  itemNotFound: { status: 404, code: 'ErrorItemNotFound', message: 'The specified object was not found in the store.' },
  resourceNotFound: { status: 404, code: 'ResourceNotFound', message: 'Resource could not be discovered.' },
  driveNotFound: { status: 404, code: 'ResourceNotFound', message: "User's mysite not found." },
  driveItemNotFound: { status: 404, code: 'itemNotFound', message: 'The resource could not be found.' },
  subscriptionExists: { status: 409, code: 'ExtensionError', message: 'The subscription exists already.' },
  validationFailed: {
    status: 400,
    code: 'ValidationError',
    message: 'Subscription validation request failed.',
  },
  idMalformed: { status: 400, code: 'ErrorInvalidIdMalformed', message: 'Id is malformed.' },
  badRequest: { status: 400, code: 'BadRequest', message: 'The query is not valid for this request.' },
  parameterRefused: {
    status: 400,
    code: 'ErrorInvalidUrlQuery',
    message: 'A parameter of the query is not supported with change tracking over this resource.',
  },
  notTracked: {
    status: 400,
    code: 'BadRequest',
    message: "Change tracking is not supported against 'microsoft.graph.message'.",
  },
  syncStateNotFound: { status: 410, code: 'SyncStateNotFound', message: 'The sync state generation is not found.' },
  throttled: {
    status: 429,
    code: 'ApplicationThrottled',
    message: 'Application is over its MailboxConcurrency limit.',
    retryAfterSeconds: 2,
  },
} as const satisfies Readonly<Record<string, GraphRefusal>>;

export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly refusal: GraphRefusal;

  constructor(refusal: GraphRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

export function graphErrorBody({ code, message }: GraphRefusal, at: Date): object {
  const date = at.toISOString().slice(0, 19);
  return {
    error: { code, message, innerError: { date, 'request-id': randomUUID(), 'client-request-id': randomUUID() } },
  };
}
