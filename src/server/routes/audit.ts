/** `/api/organization/audit`: the organization's log, page by page, and exported as a file. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AuditSchema } from '../../contract/api/audit.ts';
import { requireProductRole } from '../authorize.ts';
import type { Services } from '../services.ts';

export function registerAudit(app: FastifyInstance, services: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const page = z.strictObject({ before: z.coerce.number().int().positive().optional() });
  const schema = { querystring: page, response: { 200: AuditSchema } };
  routes.get('/api/organization/audit', { schema }, async (request, reply) => {
    const principal = await requireProductRole(services, request, reply);
    return principal === null ? reply : services.audit.page(principal.tenantId, request.query.before ?? null);
  });
  const format = z.strictObject({ format: z.enum(['csv', 'json']) });
  routes.get('/api/organization/audit/export', { schema: { querystring: format } }, async (request, reply) => {
    const principal = await requireProductRole(services, request, reply);
    if (principal === null) {
      return reply;
    }
    const { format: kind } = request.query;
    return reply
      .type(kind === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="assent-audit.${kind}"`)
      .send(Readable.from(services.audit.lines(principal.tenantId, kind)));
  });
}
