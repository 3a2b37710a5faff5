/** `/v1/organizations/{id}/audit`: who did what in an organization, newest first. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { ActsQuerySchema, ActsSchema } from '../../../contract/operator/audit.ts';
import { OrganizationPathSchema } from '../../../contract/operator/paths.ts';
import { operation } from '../../openApi.ts';
import type { Services } from '../../services.ts';

export function registerOperatorAudit(app: FastifyInstance, { allowKey, administration: { store } }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const schema = {
    ...LISTS,
    params: OrganizationPathSchema,
    querystring: ActsQuerySchema,
    response: { 200: ActsSchema },
  };
  const path = '/v1/organizations/:organizationId/audit';
  routes.get(path, { schema, preHandler: allowKey('read:audit') }, async (request) => {
    const { before = null, limit } = request.query;
    const found = await store.audit(request.params.organizationId, before, limit + 1);
    const page = found.slice(0, limit);
    const acts = page.map(({ tenantId: _tenantId, at, ...act }) => ({ ...act, at: at.toISOString() }));
    return { acts, next: found.length > limit ? (page.at(-1)?.sequence ?? null) : null };
  });
}

const LISTS = operation('Organizations', 'listActs', {
  summary: 'Who did what in an organization, newest first',
  description: 'Each act has a hash over the one before it, so that none can be taken out unnoticed.',
});
