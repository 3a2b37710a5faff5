/** Turns a request's bearer token into the person who asks, or refuses it. Nothing but the header is looked at. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../domain/people.ts';
import type { ProblemCode } from '../domain/problems.ts';
import { type TokenRules, validateToken } from '../microsoft/entra/validateToken.ts';
import type { Limits } from './limits.ts';
import { sendProblem, sendTooMany } from './problems.ts';

export interface Authenticated {
  readonly kind: 'person';
  readonly principal: Principal;
  readonly token: string;
  readonly expiresAt: Date;
}

export interface Unknown {
  readonly kind: 'unknown';
  readonly code: ProblemCode;
}

/** Who asks, by their token alone. */
export type Identify = (request: FastifyRequest) => Promise<Authenticated | Unknown>;

export type Authenticate = (request: FastifyRequest, reply: FastifyReply) => Promise<Authenticated | null>;

export function identifier(rules: TokenRules): Identify {
  return async (request) => {
    const header = request.headers.authorization;
    const token = /^Bearer ([A-Za-z0-9_.-]+)$/.exec(header ?? '')?.[1];
    if (token === undefined) {
      return { kind: 'unknown', code: header === undefined ? 'token_missing' : 'token_invalid' };
    }
    const verdict = await validateToken(token, rules);
    if (verdict.kind === 'valid') {
      return { kind: 'person', principal: verdict.principal, token, expiresAt: verdict.expiresAt };
    }
    request.log.info({ detail: verdict.detail, code: verdict.code }, 'a token was refused');
    return { kind: 'unknown', code: verdict.code };
  };
}

/** Within the limits; answers `null` when a refusal was already sent. */
export function authenticator(identify: Identify, limits: Limits): Authenticate {
  return async (request, reply) => {
    const found = await identify(request);
    if (found.kind === 'unknown') {
      await refuseStranger(limits, request, reply, found.code);
      return null;
    }
    const seconds = await limits.person(request, found.principal);
    if (seconds !== null) {
      sendTooMany(reply, seconds);
      return null;
    }
    return found;
  };
}

export async function refuseStranger(
  limits: Limits,
  request: FastifyRequest,
  reply: FastifyReply,
  code: ProblemCode,
): Promise<FastifyReply> {
  const seconds = await limits.stranger(request);
  return seconds === null ? sendProblem(reply, code) : sendTooMany(reply, seconds);
}
