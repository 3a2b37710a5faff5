/** Who may call a route of the operator's API, as hooks that run before it, and the key that they let through. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ApiKeyPorts, findApiKey } from '../delivery/apiKeys.ts';
import { type ApiKey, type ApiScope, coversOrganization } from '../domain/apiKeys.ts';
import { isAmong } from './addressList.ts';
import { refuseStranger } from './authenticate.ts';
import type { Hook } from './hook.ts';
import type { KeyBudget, KeyLimit, Limits } from './limits.ts';
import { sendProblem, sendTooMany } from './problems.ts';

/**
 * A key that may do what the scope says, in the organization that the path names: one that it may not see, or that there
 * is not, isn't there. `null`: any key.
 */
export type AllowKey = (scope: ApiScope | null, limit?: KeyLimit) => Hook;

const KEY = 'apiKey';

/** Makes room for the key on every request. */
export function decorateKey(app: FastifyInstance): void {
  app.decorateRequest(KEY, null);
}

export function openAllowKey(
  ports: Pick<ApiKeyPorts, 'keys' | 'now'>,
  limits: Limits,
  isOrganization: (tenantId: string) => Promise<boolean>,
): AllowKey {
  const sees = async (key: ApiKey, tenantId: string | null) =>
    // Looked up first, so that how long it takes doesn't tell the two apart.
    tenantId === null || ((await isOrganization(tenantId)) && coversOrganization(key, tenantId));
  return (scope, limit = 'key') =>
    async (request, reply) => {
      const text = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
      const key = text === undefined ? null : await findApiKey(ports, text);
      if (key === null) {
        return refuseStranger(limits, request, reply, 'key_invalid');
      }
      const budgets = [await limits.key(request, key.id, 'key')];
      if (limit !== 'key') {
        budgets.push(await limits.key(request, key.id, limit));
      }
      sayBudgets(reply, budgets);
      const exceeded = budgets.filter(({ isExceeded }) => isExceeded).map(({ resetSeconds }) => resetSeconds);
      if (exceeded.length > 0) {
        return sendTooMany(reply, Math.max(...exceeded));
      }
      if (key.allowedAddresses !== null && !isAmong(request.ip, key.allowedAddresses)) {
        return sendProblem(reply, 'key_not_from_here');
      }
      if (scope !== null && !key.scopes.includes(scope)) {
        return sendProblem(reply, 'scope_missing');
      }
      if (!(await sees(key, organizationIn(request)))) {
        return sendProblem(reply, 'not_found');
      }
      request.setDecorator(KEY, key);
      return undefined;
    };
}

/** Source: draft-ietf-httpapi-ratelimit-headers-11. */
function sayBudgets(reply: FastifyReply, budgets: readonly KeyBudget[]): void {
  void reply.headers({
    'ratelimit-policy': budgets.map(({ name, limit }) => `"${name}";q=${limit};w=60`).join(', '),
    ratelimit: budgets
      .map(({ name, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${resetSeconds}`)
      .join(', '),
  });
}

function organizationIn({ params }: FastifyRequest): string | null {
  const tenantId: unknown = Reflect.get(Object(params), 'organizationId');
  return typeof tenantId === 'string' ? tenantId : null;
}

/** Only behind one of the hooks. */
export function keyOf(request: FastifyRequest): ApiKey {
  const key = request.getDecorator<ApiKey | null>(KEY);
  if (key === null) {
    throw new Error('The route lets everyone pass, and asks for the key');
  }
  return key;
}
