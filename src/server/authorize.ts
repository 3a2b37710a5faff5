/** Lets owners and managers of the organization pass; everyone else is refused. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../domain/people.ts';
import { sendProblem } from './problems.ts';
import type { Services } from './services.ts';

/** Answers `null` when the refusal was already sent. */
export async function requireProductRole(
  { authenticate, consent }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Principal | null> {
  const authenticated = await authenticate(request, reply);
  if (authenticated === null) {
    return null;
  }
  const { tenantId, memberId } = authenticated.principal;
  const member = await consent.store.member(tenantId, memberId);
  if (member === null || member.productRole === null) {
    sendProblem(reply, member === null ? 'tenant_not_onboarded' : 'product_role_required');
    return null;
  }
  return authenticated.principal;
}
