/** `/api/me/exclusions`: what a member leaves out, of any mode. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { RulesResult } from '../../consent/changeRules.ts';
import { changeRuleSettings, exclude, include, listExclusions } from '../../content/exclusions.ts';
import type { Principal } from '../../domain/people.ts';
import {
  RuleSettingsSchema,
  type Exclusions,
  ExclusionSchema,
  ExclusionsSchema,
} from '../../contract/api/relevance.ts';
import { presentExclusions } from '../present/content.ts';
import { sendProblem } from '../problems.ts';
import type { Services } from '../services.ts';
import { definedOnly } from '../../domain/definedOnly.ts';

export function registerExclusions(app: FastifyInstance, services: Services): void {
  const { content } = services;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const response = { 200: ExclusionsSchema };
  routes.get('/api/me/exclusions', { schema: { response } }, async (request, reply) =>
    answer(services, request, reply, null),
  );
  routes.put('/api/me/exclusions', { schema: { body: ExclusionSchema, response } }, async (request, reply) =>
    answer(services, request, reply, (principal) => exclude(content, principal, request.body)),
  );
  routes.delete('/api/me/exclusions', { schema: { body: ExclusionSchema, response } }, async (request, reply) =>
    answer(services, request, reply, (principal) => include(content, principal, request.body)),
  );
  routes.patch('/api/me/exclusions', { schema: { body: RuleSettingsSchema, response } }, async (request, reply) =>
    answer(services, request, reply, (principal) => changeRuleSettings(content, principal, definedOnly(request.body))),
  );
}

/** Does what was asked, if anything was, then shows what holds. */
async function answer(
  { authenticate, consent, content }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  change: ((principal: Principal) => Promise<RulesResult>) | null,
): Promise<Exclusions | FastifyReply> {
  const authenticated = await authenticate(request, reply);
  if (authenticated === null) {
    return reply;
  }
  const { principal } = authenticated;
  if ((await consent.store.member(principal.tenantId, principal.memberId)) === null) {
    return sendProblem(reply, 'tenant_not_onboarded');
  }
  const result = await change?.(principal);
  return result?.kind === 'problem'
    ? sendProblem(reply, result.code)
    : presentExclusions(await listExclusions(content, principal));
}
