/** `/api/organization/audit`: the organization's log, page by page, and exported as a file. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { exportAudit, readAuditPage } from '../../administration/auditLog.ts';
import { AuditSchema } from '../../contract/api/audit.ts';
import { requireProductRole } from '../authorize.ts';
import { auditLines, presentAuditEvent } from '../present/auditLog.ts';
import type { Services } from '../services.ts';

export function registerAudit(app: FastifyInstance, services: Services): void {
  const { store } = services.administration;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const page = z.strictObject({ before: z.coerce.number().int().positive().optional() });
  const schema = { querystring: page, response: { 200: AuditSchema } };
  routes.get('/api/organization/audit', { schema }, async (request, reply) => {
    const principal = await requireProductRole(services, request, reply);
    if (principal === null) {
      return reply;
    }
    const { events, next } = await readAuditPage(store, principal.tenantId, request.query.before ?? null);
    return { events: events.map(presentAuditEvent), next };
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
      .send(Readable.from(auditLines(exportAudit(store, principal.tenantId), kind)));
  });
}
