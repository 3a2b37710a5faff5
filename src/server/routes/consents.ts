/** Consent transactions: a member's own and an admin's, started, followed, handed to someone else. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { makeLink, revokeLink } from '../../consent/handOff.ts';
import { reportRefusal } from '../../consent/people.ts';
import { parseConsentId } from '../../consent/secrets.ts';
import type { ConsentReader } from '../../consent/store.ts';
import {
  ConsentSchema,
  IndividualConsentSchema,
  LinkSchema,
  OrganizationConsentSchema,
  ReportedRefusalSchema,
  StartedConsentSchema,
} from '../../contract/api/consents.ts';
import type { Principal } from '../../domain/people.ts';
import { type Refused, refuse } from '../../domain/problems.ts';
import type { ConsentTransaction } from '../../domain/records.ts';
import { CATEGORIES } from '../../domain/categories/categories.ts';
import { answer } from '../answer.ts';
import { principalOf } from '../authorize.ts';
import { presentConsent } from '../present/consents.ts';
import { sendProblem } from '../problems.ts';
import { readRelevance } from '../readRelevance.ts';
import type { Services } from '../services.ts';
import { beginConsent } from './beginConsent.ts';

/** Whom a consent is for, as its address says. */
type Owner = 'me' | 'organization';

export function registerConsents(app: FastifyInstance, services: Services): void {
  registerStarts(app, services);
  for (const owner of ['me', 'organization'] as const) {
    registerStatus(app, services, owner);
    registerLinks(app, services, owner);
  }
  registerReport(app, services);
}

function registerStarts(app: FastifyInstance, services: Services): void {
  const { allow } = services;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const response = { 201: StartedConsentSchema };

  const own = { schema: { body: IndividualConsentSchema, response }, preHandler: allow.person };
  routes.post('/api/me/consents', own, async (request, reply) => {
    const { selection, data } = request.body;
    return beginConsent(services, reply, principalOf(request), {
      purpose: 'consent',
      mode: 'individual',
      grantFor: 'self',
      selection,
      relevance: null,
      erase: CATEGORIES.filter((category) => data?.[category] === 'erase'),
    });
  });

  const forEveryone = { schema: { body: OrganizationConsentSchema, response }, preHandler: allow.person };
  routes.post('/api/organization/consents', forEveryone, async (request, reply) => {
    const { mode, selection, relevance, confirmAdministrator } = request.body;
    if (!confirmAdministrator) {
      return sendProblem(reply, 'confirmation_missing');
    }
    const policy = relevance === undefined ? null : readRelevance(relevance);
    if (policy !== null && 'bad' in policy) {
      return sendProblem(reply, 'body_invalid', { fields: policy.bad });
    }
    return beginConsent(services, reply, principalOf(request), {
      purpose: 'consent',
      mode,
      grantFor: 'everyone',
      selection,
      relevance: policy,
      erase: [],
    });
  });
}

const params = z.object({ id: z.string() });

function registerStatus(app: FastifyInstance, { allow, consent }: Services, owner: Owner): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const status = { schema: { params, response: { 200: ConsentSchema } }, preHandler: allow.person };
  routes.get(`/api/${owner}/consents/:id`, status, async (request, reply) => {
    const { id } = request.params;
    const found = await findOwn(consent.store, principalOf(request), id, owner);
    return answer(reply, found, (own) => presentConsent(id, own, consent.now()));
  });
}

function registerLinks(app: FastifyInstance, { allow, consent, publicUrl }: Services, owner: Owner): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const path = `/api/${owner}/consents/:id/link`;

  const made = { schema: { params, response: { 201: LinkSchema } }, preHandler: allow.person };
  routes.post(path, made, async (request, reply) => {
    const principal = principalOf(request);
    const found = await findForLink(consent.store, principal, request.params.id, owner);
    return answer(reply, found, async (own) => {
      const { token, expiresAt } = await makeLink(consent, principal, own);
      return reply.code(201).send({ url: `${publicUrl}/connect/${token}`, expiresAt: expiresAt.toISOString() });
    });
  });

  routes.delete(path, { schema: { params }, preHandler: allow.person }, async (request, reply) => {
    const principal = principalOf(request);
    const found = await findOwn(consent.store, principal, request.params.id, owner);
    return answer(reply, found, async ({ consentHash }) => {
      await revokeLink(consent, principal, consentHash);
      return reply.code(204).send();
    });
  });
}

function registerReport(app: FastifyInstance, { allow, consent }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const report = { schema: { body: ReportedRefusalSchema }, preHandler: allow.member };
  routes.post('/api/me/refusals', report, async (request, reply) => {
    await reportRefusal(consent, principalOf(request), request.body.selection);
    return reply.code(204).send();
  });
}

/** Only the person who began a consent follows it; to others it does not exist. */
async function findOwn(
  store: Pick<ConsentReader, 'consent'>,
  { tenantId, memberId }: Principal,
  id: string,
  owner: Owner,
): Promise<ConsentTransaction | Refused> {
  const parsed = parseConsentId(id);
  const found = parsed?.tenantId === tenantId ? await store.consent(tenantId, parsed.consentHash) : null;
  const isOfKind = (found?.grantFor === 'self') === (owner === 'me');
  return found?.memberId === memberId && found.linkHash === null && isOfKind ? found : refuse('not_found');
}

/** Only a consent can be handed on, and one for everyone only by owners and managers. */
async function findForLink(
  store: Pick<ConsentReader, 'consent' | 'member'>,
  principal: Principal,
  id: string,
  owner: Owner,
): Promise<ConsentTransaction | Refused> {
  const found = await findOwn(store, principal, id, owner);
  if ('code' in found || found.purpose !== 'consent') {
    return refuse('not_found');
  }
  const member = await store.member(principal.tenantId, principal.memberId);
  return owner === 'organization' && member?.productRole === null ? refuse('product_role_required') : found;
}
