/** Who may call a route, as hooks that run before it, and the caller that they let through. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ConsentReader } from '../consent/store.ts';
import type { Principal } from '../domain/people.ts';
import type { ProductRole } from '../domain/roles.ts';
import type { Authenticate, Authenticated } from './authenticate.ts';
import type { Hook } from './hook.ts';
import { sendProblem } from './problems.ts';

export interface Allow {
  /** Anyone with a valid token. */
  readonly person: Hook;
  /** Of them, members that this installation knows. */
  readonly member: Hook;
  /** Of them, owners and managers of their organization. */
  readonly manager: Hook;
}

const CALLER = 'caller';

/** Makes room for the caller on every request. */
export function decorateCaller(app: FastifyInstance): void {
  app.decorateRequest(CALLER, null);
}

export function openAllow(authenticate: Authenticate, store: Pick<ConsentReader, 'member'>): Allow {
  const allow =
    (mayPass: (principal: Principal) => Promise<'tenant_not_onboarded' | 'product_role_required' | null>): Hook =>
    async (request, reply) => {
      const caller = await authenticate(request, reply);
      if (caller === null) {
        return reply;
      }
      const refusal = await mayPass(caller.principal);
      if (refusal !== null) {
        return sendProblem(reply, refusal);
      }
      request.setDecorator(CALLER, caller);
      return undefined;
    };
  const roleOf = async ({ tenantId, memberId }: Principal): Promise<ProductRole | null | undefined> =>
    (await store.member(tenantId, memberId))?.productRole;
  return {
    person: allow(() => Promise.resolve(null)),
    member: allow(async (principal) => ((await roleOf(principal)) === undefined ? 'tenant_not_onboarded' : null)),
    manager: allow(async (principal) => {
      const role = await roleOf(principal);
      return role === undefined ? 'tenant_not_onboarded' : role === null ? 'product_role_required' : null;
    }),
  };
}

/** Only behind one of the hooks. */
export function callerOf(request: FastifyRequest): Authenticated {
  const caller = request.getDecorator<Authenticated | null>(CALLER);
  if (caller === null) {
    throw new Error('The route lets everyone pass, and asks who calls');
  }
  return caller;
}

/** The person who calls, by their token; only behind one of the hooks. */
export function principalOf(request: FastifyRequest): Principal {
  return callerOf(request).principal;
}
