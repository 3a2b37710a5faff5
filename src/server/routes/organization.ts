/** `/api/organization`: settings, ownership, what a change would do, and the grant at Microsoft. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { createConsentTransaction } from '../../consent/createConsentTransaction.ts';
import { changeOrganization, claimOrganization } from '../../consent/changeOrganization.ts';
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
import type { Principal } from '../../domain/people.ts';
import type { Refused } from '../../domain/problems.ts';
import type { ConsentRequest } from '../../domain/records.ts';
import { EMPTY_SELECTION } from '../../domain/selection.ts';
import { answer } from '../answer.ts';
import { principalOf } from '../authorize.ts';
import { presentFleet, presentImpact } from '../present/administration.ts';
import { presentStarted } from '../present/consents.ts';
import { presentOrganization, rightsOf } from '../present/organization.ts';
import { presentReadiness } from '../present/readiness.ts';
import { sendProblem } from '../problems.ts';
import { readRelevance } from '../readRelevance.ts';
import type { Services } from '../services.ts';
import { beginConsent } from './beginConsent.ts';
import { previewRelevance } from '../../administration/previewRelevance.ts';

export function registerOrganization(app: FastifyInstance, services: Services): void {
  registerSettings(app, services);
  registerPreviews(app, services);
  registerState(app, services);
  registerGrant(app, services);
}

function registerSettings(app: FastifyInstance, { allow, consent, organizationSources }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const response = { 200: OrganizationSchema };
  const present = async (reply: FastifyReply, principal: Principal): Promise<OrganizationDocument | Refused> => {
    const organization = await presentOrganization(organizationSources, principal);
    if ('version' in organization) {
      void reply.header('etag', `"${organization.version}"`);
    }
    return organization;
  };

  routes.get('/api/organization', { schema: { response }, preHandler: allow.person }, async (request, reply) =>
    answer(reply, await present(reply, principalOf(request)), (organization) => organization),
  );

  routes.post('/api/organization/claim', { schema: { response }, preHandler: allow.person }, async (request, reply) => {
    const principal = principalOf(request);
    return answer(reply, await claimOrganization(consent, principal), () => present(reply, principal));
  });

  const change = { schema: { body: OrganizationChangeSchema, response }, preHandler: allow.person };
  routes.patch('/api/organization', change, async (request, reply) => {
    const principal = principalOf(request);
    const version = /^"?(\d{1,15})"?$/.exec(request.headers['if-match'] ?? '')?.[1];
    if (version === undefined) {
      return sendProblem(reply, 'version_missing');
    }
    const { relevance: typed, ...rest } = request.body;
    const relevance = typed === undefined ? undefined : readRelevance(typed);
    if (relevance !== undefined && 'bad' in relevance) {
      return sendProblem(reply, 'body_invalid', { fields: relevance.bad });
    }
    const result = await changeOrganization(consent, principal, { ...rest, relevance }, Number(version));
    return answer(reply, result, () => present(reply, principal));
  });
}

function registerPreviews(app: FastifyInstance, { allow, administration, people }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  const preview = {
    schema: { body: PreviewRequestSchema, response: { 200: PreviewSchema } },
    preHandler: allow.manager,
  };
  routes.post('/api/organization/preview', preview, async (request) =>
    presentImpact(await people.preview(principalOf(request).tenantId, request.body)),
  );

  const ofRules = {
    schema: { body: RelevanceSchema, response: { 200: RelevancePreviewSchema } },
    preHandler: allow.manager,
  };
  routes.post('/api/organization/relevance/preview', ofRules, async (request, reply) => {
    const policy = readRelevance(request.body);
    return 'bad' in policy
      ? sendProblem(reply, 'body_invalid', { fields: policy.bad })
      : previewRelevance(administration, principalOf(request).tenantId, policy);
  });
}

function registerState(app: FastifyInstance, { allow, administration, people, consent }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  const fleet = { schema: { response: { 200: FleetSchema } }, preHandler: allow.manager };
  routes.get('/api/organization/fleet', fleet, async (request) =>
    presentFleet(await administration.store.fleet(principalOf(request).tenantId)),
  );

  const readiness = { schema: { response: { 200: ReadinessSchema } }, preHandler: allow.manager };
  routes.get('/api/organization/readiness', readiness, async (request) => {
    const { tenantId } = principalOf(request);
    const organization = await people.organization(tenantId);
    return presentReadiness(organization, await people.facts(tenantId), consent.entra.offersService);
  });
}

function registerGrant(app: FastifyInstance, services: Services): void {
  const { allow, consent, publicUrl } = services;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const started = { schema: { response: { 201: StartedConsentSchema } }, preHandler: allow.person };

  routes.post('/api/organization/readiness', started, async (request, reply) =>
    beginConsent(services, reply, principalOf(request), justInTime('checkDirectory', EMPTY_SELECTION)),
  );

  routes.post('/api/organization/grant/narrow', started, async (request, reply) => {
    const principal = principalOf(request);
    const organization = await consent.store.organization(principal.tenantId);
    return organization === null || organization.grant === null
      ? sendProblem(reply, organization === null ? 'tenant_not_onboarded' : 'no_grant')
      : beginConsent(services, reply, principal, justInTime('narrowGrant', inUse(organization)));
  });

  // Nothing is removed before Microsoft was asked: the answer names the consent that does it.
  routes.delete('/api/organization/grant', { preHandler: allow.person }, async (request, reply) => {
    const principal = principalOf(request);
    const organization = await consent.store.organization(principal.tenantId);
    const holders = await consent.store.roleHolders(principal.tenantId);
    if (rightsOf(principal, holders).canChange && organization?.grant === null) {
      return sendProblem(reply, 'no_grant');
    }
    const result = await createConsentTransaction(consent, principal, justInTime('removeGrant', EMPTY_SELECTION));
    return result.kind === 'begun'
      ? sendProblem(reply, 'consent_required', { consent: presentStarted(publicUrl, result) })
      : sendProblem(reply, result.code);
  });
}

function justInTime(purpose: ConsentRequest['purpose'], selection: ConsentRequest['selection']): ConsentRequest {
  return { purpose, mode: 'organization', grantFor: 'everyone', selection, relevance: null, erase: [] };
}
