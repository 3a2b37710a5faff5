/** Consent transactions: a member's own and an admin's, started, followed, handed to someone else. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { createConsentTransaction } from '../../consent/createConsentTransaction.ts';
import { makeLink, revokeLink } from '../../consent/handOff.ts';
import { reportRefusal } from '../../consent/people.ts';
import type { Principal } from '../../domain/people.ts';
import { parseConsentId } from '../../consent/secrets.ts';
import {
  type ConsentDocument,
  ConsentSchema,
  IndividualConsentSchema,
  LinkSchema,
  OrganizationConsentSchema,
  ReportedRefusalSchema,
  StartedConsentSchema,
} from '../../contract/api/consents.ts';
import type { ConsentRequest, ConsentTransaction } from '../../domain/records.ts';
import { CATEGORIES } from '../../domain/categories/categories.ts';
import { sendProblem } from '../problems.ts';
import { readRelevance } from '../readRelevance.ts';
import type { Services } from '../services.ts';
import { presentStarted } from './sync.ts';

export function registerConsents(app: FastifyInstance, services: Services): void {
  registerIndividual(app, services);
  registerOrganization(app, services);
  for (const owner of ['me', 'organization'] as const) {
    registerConsentStatus(app, services, owner);
    registerLinks(app, services, owner);
  }
  registerReport(app, services);
}

function registerIndividual(app: FastifyInstance, services: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const schema = { body: IndividualConsentSchema, response: { 201: StartedConsentSchema } };
  routes.post('/api/me/consents', { schema }, async (request, reply) => {
    const authenticated = await services.authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const { selection, data } = request.body;
    return begin(services, reply, authenticated.principal, {
      purpose: 'consent',
      mode: 'individual',
      grantFor: 'self',
      selection,
      relevance: null,
      erase: CATEGORIES.filter((category) => data?.[category] === 'erase'),
    });
  });
}

function registerOrganization(app: FastifyInstance, services: Services): void {
  const schema = { body: OrganizationConsentSchema, response: { 201: StartedConsentSchema } };
  app.withTypeProvider<ZodTypeProvider>().post('/api/organization/consents', { schema }, async (request, reply) => {
    const authenticated = await services.authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const { mode, selection, relevance, confirmAdministrator } = request.body;
    if (!confirmAdministrator) {
      return sendProblem(reply, 'confirmation_missing');
    }
    const policy = relevance === undefined ? null : readRelevance(relevance);
    if (policy !== null && 'bad' in policy) {
      return sendProblem(reply, 'body_invalid', { fields: policy.bad });
    }
    return begin(services, reply, authenticated.principal, {
      purpose: 'consent',
      mode,
      grantFor: 'everyone',
      selection,
      relevance: policy,
      erase: [],
    });
  });
}

/** Starts a transaction; one that only lacks a directory role can still be handed to someone who has it. */
export async function begin(
  services: Services,
  reply: FastifyReply,
  principal: Principal,
  request: ConsentRequest,
): Promise<FastifyReply> {
  const begun = await createConsentTransaction(services.consent, principal, request);
  if (begun.kind === 'begun') {
    return reply.code(201).send(presentStarted(services, begun));
  }
  const extra = 'consent' in begun ? { consent: presentStarted(services, begun.consent) } : {};
  return sendProblem(reply, begun.code, extra);
}

const Id = z.object({ id: z.string() });

function registerConsentStatus(app: FastifyInstance, services: Services, owner: 'me' | 'organization'): void {
  const schema = { params: Id, response: { 200: ConsentSchema } };
  app.withTypeProvider<ZodTypeProvider>().get(`/api/${owner}/consents/:id`, { schema }, async (request, reply) => {
    const authenticated = await services.authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const found = await findOwn(services, authenticated.principal, request.params.id, owner);
    return found === null ? sendProblem(reply, 'not_found') : present(services, request.params.id, found);
  });
}

function registerLinks(app: FastifyInstance, services: Services, owner: 'me' | 'organization'): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const path = `/api/${owner}/consents/:id/link`;
  routes.post(path, { schema: { params: Id, response: { 201: LinkSchema } } }, async (request, reply) => {
    const authenticated = await services.authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const found = await findOwn(services, authenticated.principal, request.params.id, owner);
    if (found?.purpose !== 'consent') {
      return sendProblem(reply, 'not_found');
    }
    const { tenantId, memberId } = authenticated.principal;
    const member = await services.consent.store.member(tenantId, memberId);
    if (owner === 'organization' && member?.productRole === null) {
      return sendProblem(reply, 'product_role_required');
    }
    const { token, expiresAt } = await makeLink(services.consent, authenticated.principal, found);
    return reply.code(201).send({ url: `${services.publicUrl}/connect/${token}`, expiresAt: expiresAt.toISOString() });
  });
  routes.delete(path, { schema: { params: Id } }, async (request, reply) => {
    const authenticated = await services.authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const found = await findOwn(services, authenticated.principal, request.params.id, owner);
    if (found === null) {
      return sendProblem(reply, 'not_found');
    }
    await revokeLink(services.consent, authenticated.principal, found.consentHash);
    return reply.code(204).send();
  });
}

function registerReport(app: FastifyInstance, services: Services): void {
  const schema = { body: ReportedRefusalSchema };
  app.withTypeProvider<ZodTypeProvider>().post('/api/me/refusals', { schema }, async (request, reply) => {
    const authenticated = await services.authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const { tenantId, memberId } = authenticated.principal;
    if ((await services.consent.store.member(tenantId, memberId)) === null) {
      return sendProblem(reply, 'tenant_not_onboarded');
    }
    await reportRefusal(services.consent, authenticated.principal, request.body.selection);
    return reply.code(204).send();
  });
}

/** Only the person who began a consent follows it; to others it does not exist. */
async function findOwn(
  { consent }: Services,
  { tenantId, memberId }: Principal,
  id: string,
  owner: 'me' | 'organization',
): Promise<ConsentTransaction | null> {
  const parsed = parseConsentId(id);
  const found = parsed?.tenantId === tenantId ? await consent.store.consent(tenantId, parsed.consentHash) : null;
  const isOfKind = (found?.grantFor === 'self') === (owner === 'me');
  return found?.memberId === memberId && found.linkHash === null && isOfKind ? found : null;
}

function present({ consent }: Services, id: string, found: ConsentTransaction): ConsentDocument {
  const isExpired = found.state === 'started' && consent.now() >= found.expiresAt;
  return { id, state: isExpired ? 'expired' : found.state, ...(found.reason === null ? {} : { reason: found.reason }) };
}
