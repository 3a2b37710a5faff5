/** `/api/me/exclusions`: what a member leaves out, of any mode. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { changeRuleSettings, exclude, include, listExclusions } from '../../content/exclusions.ts';
import {
  RuleSettingsSchema,
  type Exclusions,
  ExclusionSchema,
  ExclusionsSchema,
} from '../../contract/api/relevance.ts';
import type { Principal } from '../../domain/people.ts';
import { answer } from '../answer.ts';
import { principalOf } from '../authorize.ts';
import { presentExclusions } from '../present/relevance.ts';
import type { Services } from '../services.ts';
import { definedOnly } from '../../domain/definedOnly.ts';

export function registerExclusions(app: FastifyInstance, { allow, content }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const response = { 200: ExclusionsSchema };
  const present = async (principal: Principal): Promise<Exclusions> =>
    presentExclusions(await listExclusions(content, principal));

  routes.get('/api/me/exclusions', { schema: { response }, preHandler: allow.member }, async (request) =>
    present(principalOf(request)),
  );

  const one = { schema: { body: ExclusionSchema, response }, preHandler: allow.member };
  routes.put('/api/me/exclusions', one, async (request, reply) => {
    const principal = principalOf(request);
    return answer(reply, await exclude(content, principal, request.body), () => present(principal));
  });
  routes.delete('/api/me/exclusions', one, async (request, reply) => {
    const principal = principalOf(request);
    return answer(reply, await include(content, principal, request.body), () => present(principal));
  });

  const settings = { schema: { body: RuleSettingsSchema, response }, preHandler: allow.member };
  routes.patch('/api/me/exclusions', settings, async (request, reply) => {
    const principal = principalOf(request);
    const result = await changeRuleSettings(content, principal, definedOnly(request.body));
    return answer(reply, result, () => present(principal));
  });
}
