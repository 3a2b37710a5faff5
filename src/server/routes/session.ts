/** `GET /api/session`: the only call that onboards. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { signIn, type SignInResult } from '../../consent/signIn.ts';
import { SessionSchema, type Session } from '../../contract/api/session.ts';
import { callerOf } from '../authorize.ts';
import { rightsOf } from '../present/organization.ts';
import { sendClaimsChallenge, sendProblem } from '../problems.ts';
import type { Services } from '../services.ts';

export function registerSession(app: FastifyInstance, services: Services): void {
  const { allow, consent, authority } = services;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const session = { schema: { response: { 200: SessionSchema } }, preHandler: allow.person };
  routes.get('/api/session', session, async (request, reply) => {
    const { principal, token } = callerOf(request);
    const connected = await signIn(consent, principal, token);
    if (connected.kind === 'refused' && connected.claims !== null) {
      return sendClaimsChallenge(reply, authority, connected.claims);
    }
    if (connected.kind === 'connected') {
      services.recheckGrant(principal);
    }
    const organization = await consent.store.organization(principal.tenantId);
    const member = await consent.store.member(principal.tenantId, principal.memberId);
    if (organization === null || member === null) {
      return sendProblem(reply, 'internal');
    }
    return {
      member: {
        id: member.memberId,
        name: member.name,
        account: member.account,
        productRole: member.productRole,
        isGuest: member.isGuest,
      },
      organization: { id: organization.tenantId, name: organization.name, mode: organization.mode },
      rights: { ...rightsOf(principal, await consent.store.roleHolders(principal.tenantId)) },
      connection: presentConnection(connected),
    };
  });
}

function presentConnection(result: SignInResult): Session['connection'] {
  return result.kind === 'refused' ? { state: 'refused', reason: result.refusal } : { state: result.kind };
}
