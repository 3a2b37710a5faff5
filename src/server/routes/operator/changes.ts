/** `/v1/changes` and `/v1/organizations/{id}/changes`: what changed, over all organizations and of one. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import {
  type ChangesQuery,
  ChangesQuerySchema,
  ChangesSchema,
  OrganizationPathSchema,
} from '../../../contract/operator/changes.ts';
import type { FeedScope } from '../../../delivery/ports.ts';
import { readChanges } from '../../../delivery/readChanges.ts';
import { coversOrganization } from '../../../domain/apiKeys.ts';
import { refuse } from '../../../domain/problems.ts';
import { answer } from '../../answer.ts';
import { keyOf } from '../../authorizeKey.ts';
import { presentChanges } from '../../present/changes.ts';
import type { Services } from '../../services.ts';

export function registerChanges(app: FastifyInstance, { allowKey, feed, consent }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const preHandler = allowKey('read:changes');
  const response = { 200: ChangesSchema };

  const send = async (reply: FastifyReply, scope: FeedScope, query: ChangesQuery) => {
    const { cursor = null, limit, types = null, category = null, memberId = null, wait } = query;
    const filter = { types, category, memberId };
    const page = await readChanges(feed, { scope, filter, cursor, limit, waitMilliseconds: wait * 1_000 });
    return answer(reply, page, presentChanges);
  };

  const all = { schema: { querystring: ChangesQuerySchema, response }, preHandler };
  routes.get('/v1/changes', all, async (request, reply) =>
    send(reply, { kind: 'all', organizationIds: keyOf(request).organizationIds }, request.query),
  );

  /** Whether there is such an organization for this key: what it may not see isn't there. */
  const isKnown = async (request: FastifyRequest, tenantId: string) =>
    coversOrganization(keyOf(request), tenantId) && (await consent.store.organization(tenantId)) !== null;

  const one = {
    schema: { params: OrganizationPathSchema, querystring: ChangesQuerySchema, response },
    preHandler,
  };
  routes.get('/v1/organizations/:organizationId/changes', one, async (request, reply) => {
    const { organizationId: tenantId } = request.params;
    return (await isKnown(request, tenantId))
      ? send(reply, { kind: 'organization', tenantId }, request.query)
      : answer(reply, refuse('not_found'), presentChanges);
  });
}
