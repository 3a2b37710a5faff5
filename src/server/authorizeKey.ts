/** Who may call a route of the operator's API, as hooks that run before it, and the key that they let through. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ApiKeyPorts, findApiKey } from '../delivery/apiKeys.ts';
import type { ApiKey, ApiScope } from '../domain/apiKeys.ts';
import { refuseStranger } from './authenticate.ts';
import type { Limits } from './limits.ts';
import { sendProblem, sendTooMany } from './problems.ts';

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** A key that may do what the scope says. */
export type AllowKey = (scope: ApiScope) => Hook;

const KEY = 'apiKey';

/** Makes room for the key on every request. */
export function decorateKey(app: FastifyInstance): void {
  app.decorateRequest(KEY, null);
}

export function openAllowKey(ports: Pick<ApiKeyPorts, 'keys' | 'now'>, limits: Limits): AllowKey {
  return (scope) => async (request, reply) => {
    const text = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    const key = text === undefined ? null : await findApiKey(ports, text);
    if (key === null) {
      await refuseStranger(limits, request, reply, 'key_invalid');
      return;
    }
    const seconds = await limits.key(request, key.id);
    if (seconds !== null) {
      sendTooMany(reply, seconds);
    } else if (key.scopes.includes(scope)) {
      request.setDecorator(KEY, key);
    } else {
      sendProblem(reply, 'scope_missing');
    }
  };
}

/** Only behind one of the hooks. */
export function keyOf(request: FastifyRequest): ApiKey {
  const key = request.getDecorator<ApiKey | null>(KEY);
  if (key === null) {
    throw new Error('The route lets everyone pass, and asks for the key');
  }
  return key;
}
