/** Turns a request's bearer token into the person who asks, or refuses it. Nothing but the header is looked at. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../consent/ports.ts';
import { type TokenRules, validateToken } from '../microsoft/entra/validateToken.ts';
import { sendProblem } from './problems.ts';

export interface Authenticated {
  readonly principal: Principal;
  readonly token: string;
  readonly expiresAt: Date;
}

export type Authenticate = (request: FastifyRequest, reply: FastifyReply) => Promise<Authenticated | null>;

/** Answers `null` when the refusal was already sent. */
export function authenticator(rules: TokenRules): Authenticate {
  return async (request, reply) => {
    const header = request.headers.authorization;
    const token = /^Bearer ([A-Za-z0-9_.-]+)$/.exec(header ?? '')?.[1];
    if (token === undefined) {
      sendProblem(reply, header === undefined ? 'token_missing' : 'token_invalid');
      return null;
    }
    const verdict = await validateToken(token, rules);
    if (verdict.kind === 'valid') {
      return { principal: verdict.principal, token, expiresAt: verdict.expiresAt };
    }
    request.log.info({ detail: verdict.detail, code: verdict.code }, 'a token was refused');
    sendProblem(reply, verdict.code);
    return null;
  };
}
