/** What the operator's product changes of an organization: suspends it, resumes it, says what can be turned on there. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { OrganizationPathSchema } from '../../../contract/operator/paths.ts';
import { CapsSchema, SuspensionSchema } from '../../../contract/operator/organizations.ts';
import {
  changeCaps,
  type ChangedOrganization,
  resumeOrganization,
  suspendOrganization,
} from '../../../consent/operatorChanges.ts';
import { CATEGORIES } from '../../../domain/categories/categories.ts';
import { refuse, refuseField } from '../../../domain/problems.ts';
import { FULL_OFFER, isOffered } from '../../../domain/selection.ts';
import { isOff } from '../../../domain/levels.ts';
import { answer } from '../../answer.ts';
import { keyOf } from '../../authorizeKey.ts';
import { operation } from '../../openApi.ts';
import type { Services } from '../../services.ts';

export function registerManageOrganizations(app: FastifyInstance, services: Services): void {
  const { allowKey, idempotent, consent } = services;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const preHandler = [allowKey('manage:organizations'), idempotent()];
  const params = OrganizationPathSchema;
  const suspension = { 200: SuspensionSchema };

  const suspends = { schema: { ...SUSPENDS, params, response: suspension }, preHandler };
  routes.post('/v1/organizations/:organizationId/suspend', suspends, async (request, reply) =>
    answer(reply, await suspendOrganization(consent, request.params.organizationId, byOf(request)), presentSuspension),
  );

  const resumes = { schema: { ...RESUMES, params, response: suspension }, preHandler };
  routes.post('/v1/organizations/:organizationId/resume', resumes, async (request, reply) =>
    answer(reply, await resumeOrganization(consent, request.params.organizationId, byOf(request)), presentSuspension),
  );

  const reads = {
    schema: { ...READS_CAPS, params, response: { 200: CapsSchema } },
    preHandler: allowKey('read:organizations'),
  };
  routes.get('/v1/organizations/:organizationId/caps', reads, async (request, reply) => {
    const organization = await consent.store.organization(request.params.organizationId);
    return answer(reply, organization ?? refuse('not_found'), presentCaps);
  });

  const caps = { schema: { ...CAPS, params, body: CapsSchema, response: { 200: CapsSchema } }, preHandler };
  routes.put('/v1/organizations/:organizationId/caps', caps, async (request, reply) => {
    const beyond = CATEGORIES.find(
      (category) => !isOff(request.body[category]) && !isOffered(category, request.body[category]),
    );
    const changed =
      beyond === undefined
        ? await changeCaps(consent, request.params.organizationId, request.body, byOf(request))
        : refuseField(beyond, 'is more than this version offers');
    return answer(reply, changed, ({ organization }: ChangedOrganization) => presentCaps(organization));
  });
}

/** As the history names it. */
function byOf(request: FastifyRequest): string {
  return `key ${keyOf(request).id}`;
}

function presentSuspension({ organization: { tenantId, suspendedAt } }: ChangedOrganization) {
  return { id: tenantId, suspendedAt: suspendedAt?.toISOString() ?? null };
}

function presentCaps({ caps }: ChangedOrganization['organization']) {
  return { ...FULL_OFFER, ...caps };
}

const SUSPENDS = operation('Organizations', 'suspendOrganization', {
  summary: 'Stop synchronizing for an organization',
  description: 'Within seconds. What is stored stays, and people read why.',
});
const RESUMES = operation('Organizations', 'resumeOrganization', { summary: 'Go on where it was suspended' });
const READS_CAPS = operation('Organizations', 'readCaps', { summary: 'What can be turned on in an organization' });
const CAPS = operation('Organizations', 'changeCaps', {
  summary: 'Say what can be turned on in an organization',
  description: 'What goes beyond it stops within seconds. What is stored stays.',
});
