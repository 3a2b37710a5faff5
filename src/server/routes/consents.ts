/** Consent transactions: a member's own and an administrator's, started and followed. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { beginConsent, type ConsentRequest } from '../../consent/beginConsent.ts';
import type { Principal } from '../../consent/ports.ts';
import { parseConsentId } from '../../consent/secrets.ts';
import {
  type ConsentDocument,
  ConsentSchema,
  IndividualConsentSchema,
  OrganizationConsentSchema,
  StartedConsentSchema,
} from '../../contract/api/consents.ts';
import type { ConsentTransaction } from '../../domain/records.ts';
import { REFUSALS } from '../../domain/refusals.ts';
import { parseDomain, type RelevancePolicy } from '../../domain/relevance.ts';
import { CATEGORIES } from '../../domain/selection.ts';
import { sendProblem } from '../problems.ts';
import type { Services } from '../services.ts';
import { presentStarted } from './sync.ts';

export function registerConsents(app: FastifyInstance, services: Services): void {
  registerIndividual(app, services);
  registerOrganization(app, services);
}

function registerIndividual(app: FastifyInstance, services: Services): void {
  const { authenticate, consent } = services;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const schema = { body: IndividualConsentSchema, response: { 201: StartedConsentSchema } };
  routes.post('/api/me/consents', { schema }, async (request, reply) => {
    const authenticated = await authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const { selection, data } = request.body;
    const asked: ConsentRequest = {
      mode: 'individual',
      selection,
      relevance: null,
      erase: CATEGORIES.filter((category) => data?.[category] === 'erase'),
    };
    const begun = await beginConsent(consent, authenticated.principal, asked);
    return begun.kind === 'problem'
      ? sendProblem(reply, begun.code)
      : reply.code(201).send(presentStarted(services, begun));
  });
  registerFollow(app, services, '/api/me/consents/:id', 'individual');
}

function registerOrganization(app: FastifyInstance, services: Services): void {
  const { authenticate, consent } = services;
  const schema = { body: OrganizationConsentSchema, response: { 201: StartedConsentSchema } };
  app.withTypeProvider<ZodTypeProvider>().post('/api/organization/consents', { schema }, async (request, reply) => {
    const authenticated = await authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const { selection, relevance, confirmAdministrator } = request.body;
    if (!confirmAdministrator) {
      return sendProblem(reply, 'confirmation_missing');
    }
    const policy = relevance === undefined ? null : parseRelevance(relevance.ignoredDomains);
    if (policy !== null && 'bad' in policy) {
      return sendProblem(reply, 'body_invalid', { fields: policy.bad });
    }
    const asked = { mode: 'organization' as const, selection, relevance: policy, erase: [] };
    const begun = await beginConsent(consent, authenticated.principal, asked);
    return begun.kind === 'problem'
      ? sendProblem(reply, begun.code)
      : reply.code(201).send(presentStarted(services, begun));
  });
  registerFollow(app, services, '/api/organization/consents/:id', 'organization');
}

/** Rules as people type them, or the fields that are none. */
export function parseRelevance(
  typed: readonly string[],
): RelevancePolicy | { readonly bad: { field: string; message: string }[] } {
  const parsed = typed.map((text, index) => ({ index, text, domain: parseDomain(text) }));
  const bad = parsed.filter(({ domain }) => domain === null);
  return bad.length > 0
    ? {
        bad: bad.map(({ index, text }) => ({
          field: `relevance.ignoredDomains.${index}`,
          message: `"${text}" is no domain`,
        })),
      }
    : { ignoredDomains: [...new Set(parsed.flatMap(({ domain }) => (domain === null ? [] : [domain])))] };
}

function registerFollow(
  app: FastifyInstance,
  services: Services,
  path: string,
  mode: ConsentTransaction['mode'],
): void {
  const schema = { params: z.object({ id: z.string() }), response: { 200: ConsentSchema } };
  app.withTypeProvider<ZodTypeProvider>().get(path, { schema }, async (request, reply) => {
    const authenticated = await services.authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const found = await findOwn(services, authenticated.principal, request.params.id, mode);
    return found === null ? sendProblem(reply, 'not_found') : present(services, request.params.id, found);
  });
}

/** Only the person who began a consent follows it; to others it does not exist. */
async function findOwn(
  { consent }: Services,
  { tenantId, memberId }: Principal,
  id: string,
  mode: ConsentTransaction['mode'],
): Promise<ConsentTransaction | null> {
  const parsed = parseConsentId(id);
  const found = parsed?.tenantId === tenantId ? await consent.store.consent(tenantId, parsed.consentHash) : null;
  return found?.memberId === memberId && found.mode === mode ? found : null;
}

function present({ consent }: Services, id: string, found: ConsentTransaction): ConsentDocument {
  const reason = REFUSALS.find((refusal) => refusal === found.reason);
  const isExpired = found.state === 'started' && consent.now() >= found.expiresAt;
  return { id, state: isExpired ? 'expired' : found.state, ...(reason === undefined ? {} : { reason }) };
}
