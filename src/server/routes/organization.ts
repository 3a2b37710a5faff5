/** `/api/organization`: settings, ownership, what a change would do, and the grant at Microsoft. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { createConsentTransaction } from '../../consent/createConsentTransaction.ts';
import { changeOrganization, claimOrganization } from '../../consent/changeOrganization.ts';
import type { Principal } from '../../domain/people.ts';
import { StartedConsentSchema } from '../../contract/api/consents.ts';
import {
  FleetSchema,
  OrganizationChangeSchema,
  type OrganizationDocument,
  OrganizationSchema,
  PreviewRequestSchema,
  PreviewSchema,
  ReadinessSchema,
  RelevancePreviewSchema,
} from '../../contract/api/organization.ts';
import { RelevanceSchema } from '../../contract/api/relevance.ts';
import { inUse } from '../../domain/mode.ts';
import type { ConsentRequest } from '../../domain/records.ts';
import { EMPTY_SELECTION } from '../../domain/selection.ts';
import { requireProductRole } from '../authorize.ts';
import { presentOrganization, rightsOf } from '../present/organization.ts';
import { sendProblem } from '../problems.ts';
import { readRelevance } from '../readRelevance.ts';
import type { Services } from '../services.ts';
import { begin } from './consents.ts';
import { presentStarted } from './sync.ts';
import { presentFleet, presentImpact } from '../present/administration.ts';
import { presentReadiness } from '../present/readiness.ts';
import { previewRelevance } from '../../administration/previewRelevance.ts';

export function registerOrganization(app: FastifyInstance, services: Services): void {
  registerSettings(app, services);
  registerPreviews(app, services);
  registerGrant(app, services);
}

function registerSettings(app: FastifyInstance, services: Services): void {
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
      const policy = relevance === undefined ? undefined : readRelevance(relevance);
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

function registerPreviews(app: FastifyInstance, services: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const preview = { body: PreviewRequestSchema, response: { 200: PreviewSchema } };
  routes.post('/api/organization/preview', { schema: preview }, async (request, reply) => {
    const principal = await requireProductRole(services, request, reply);
    return principal === null ? reply : presentImpact(await services.people.preview(principal.tenantId, request.body));
  });
  const rules = { body: RelevanceSchema, response: { 200: RelevancePreviewSchema } };
  routes.post('/api/organization/relevance/preview', { schema: rules }, async (request, reply) => {
    const principal = await requireProductRole(services, request, reply);
    if (principal === null) {
      return reply;
    }
    const policy = readRelevance(request.body);
    return 'bad' in policy
      ? sendProblem(reply, 'body_invalid', { fields: policy.bad })
      : previewRelevance(services.administration, principal.tenantId, policy);
  });
  routes.get('/api/organization/fleet', { schema: { response: { 200: FleetSchema } } }, async (request, reply) => {
    const principal = await requireProductRole(services, request, reply);
    return principal === null ? reply : presentFleet(await services.administration.store.fleet(principal.tenantId));
  });
  routes.get(
    '/api/organization/readiness',
    { schema: { response: { 200: ReadinessSchema } } },
    async (request, reply) => {
      const principal = await requireProductRole(services, request, reply);
      if (principal === null) {
        return reply;
      }
      const { people, consent } = services;
      const { tenantId } = principal;
      return presentReadiness(
        await people.organization(tenantId),
        await people.facts(tenantId),
        consent.entra.offersService,
      );
    },
  );
}

function registerGrant(app: FastifyInstance, services: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const response = { 201: StartedConsentSchema };
  routes.post('/api/organization/readiness', { schema: { response } }, async (request, reply) => {
    const authenticated = await services.authenticate(request, reply);
    return authenticated === null
      ? reply
      : begin(services, reply, authenticated.principal, justInTime('checkDirectory', EMPTY_SELECTION));
  });
  routes.post('/api/organization/grant/narrow', { schema: { response } }, async (request, reply) => {
    const authenticated = await services.authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const organization = await services.consent.store.organization(authenticated.principal.tenantId);
    return organization === null || organization.grant === null
      ? sendProblem(reply, organization === null ? 'tenant_not_onboarded' : 'no_grant')
      : begin(services, reply, authenticated.principal, justInTime('narrowGrant', inUse(organization)));
  });
  // Nothing is removed before Microsoft was asked: the answer names the consent that does it.
  routes.delete('/api/organization/grant', async (request, reply) => {
    const authenticated = await services.authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const { principal } = authenticated;
    const organization = await services.consent.store.organization(principal.tenantId);
    const holders = await services.consent.store.roleHolders(principal.tenantId);
    if (rightsOf(principal, holders).canChange && organization?.grant === null) {
      return sendProblem(reply, 'no_grant');
    }
    const begun = await createConsentTransaction(
      services.consent,
      principal,
      justInTime('removeGrant', EMPTY_SELECTION),
    );
    return begun.kind === 'problem'
      ? sendProblem(reply, begun.code)
      : sendProblem(reply, 'consent_required', { consent: presentStarted(services, begun) });
  });
}

function justInTime(purpose: ConsentRequest['purpose'], selection: ConsentRequest['selection']): ConsentRequest {
  return { purpose, mode: 'organization', grantFor: 'everyone', selection, relevance: null, erase: [] };
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
