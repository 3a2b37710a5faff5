/** `/api/organization`: settings, ownership. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { changeOrganization, claimOrganization } from '../../consent/changeOrganization.ts';
import type { Principal } from '../../consent/ports.ts';
import {
  OrganizationChangeSchema,
  type OrganizationDocument,
  OrganizationSchema,
} from '../../contract/api/organization.ts';
import { presentOrganization } from '../present/organization.ts';
import { sendProblem } from '../problems.ts';
import type { Services } from '../services.ts';
import { parseRelevance } from './consents.ts';

export function registerOrganization(app: FastifyInstance, services: Services): void {
  const { authenticate, consent } = services;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const response = { 200: OrganizationSchema };
  routes.get('/api/organization', { schema: { response } }, async (request, reply) => {
    const authenticated = await authenticate(request, reply);
    return authenticated === null ? reply : present(services, authenticated.principal, reply);
  });
  routes.post('/api/organization/claim', { schema: { response } }, async (request, reply) => {
    const authenticated = await authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const result = await claimOrganization(consent, authenticated.principal);
    return result.kind === 'problem'
      ? sendProblem(reply, result.code)
      : present(services, authenticated.principal, reply);
  });
  routes.patch(
    '/api/organization',
    { schema: { body: OrganizationChangeSchema, response } },
    async (request, reply) => {
      const authenticated = await authenticate(request, reply);
      if (authenticated === null) {
        return reply;
      }
      const version = /^"?(\d{1,15})"?$/.exec(request.headers['if-match'] ?? '')?.[1];
      if (version === undefined) {
        return sendProblem(reply, 'version_missing');
      }
      const { relevance, ...rest } = request.body;
      const policy = relevance === undefined ? undefined : parseRelevance(relevance.ignoredDomains);
      if (policy !== undefined && 'bad' in policy) {
        return sendProblem(reply, 'body_invalid', { fields: policy.bad });
      }
      const change = { ...rest, relevance: policy };
      const result = await changeOrganization(consent, authenticated.principal, change, Number(version));
      return result.kind === 'problem'
        ? sendProblem(reply, result.code)
        : present(services, authenticated.principal, reply);
    },
  );
}

async function present(
  { organizationSources }: Services,
  principal: Principal,
  reply: FastifyReply,
): Promise<OrganizationDocument | FastifyReply> {
  const organization = await presentOrganization(organizationSources, principal);
  if (organization === null) {
    return sendProblem(reply, 'tenant_not_onboarded');
  }
  void reply.header('etag', `"${organization.version}"`);
  return organization;
}
