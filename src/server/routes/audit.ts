/** `/api/organization/audit`: the organization's log, page by page, and exported as a file. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { exportAudit, readAuditPage } from '../../administration/auditLog.ts';
import { AuditSchema } from '../../contract/api/audit.ts';
import { principalOf } from '../authorize.ts';
import { auditLines, presentAuditEvent } from '../present/auditLog.ts';
import type { Services } from '../services.ts';

export function registerAudit(app: FastifyInstance, { allow, administration: { store } }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  const page = z.strictObject({ before: z.coerce.number().int().positive().optional() });
  const log = { schema: { querystring: page, response: { 200: AuditSchema } }, preHandler: allow.manager };
  routes.get('/api/organization/audit', log, async (request) => {
    const { tenantId } = principalOf(request);
    const { events, next } = await readAuditPage(store, tenantId, request.query.before ?? null);
    return { events: events.map(presentAuditEvent), next };
  });

  const format = z.strictObject({ format: z.enum(['csv', 'json']) });
  const file = { schema: { querystring: format }, preHandler: allow.manager };
  routes.get('/api/organization/audit/export', file, async (request, reply) => {
    const { tenantId } = principalOf(request);
    const { format: kind } = request.query;
    return reply
      .type(kind === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="assent-audit.${kind}"`)
      .send(Readable.from(auditLines(exportAudit(store, tenantId), kind)));
  });
}
