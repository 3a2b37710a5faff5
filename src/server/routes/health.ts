/** Liveness, readiness and metrics. None of them names a tenant or a person. */
import type { FastifyInstance } from 'fastify';
import type { Services } from '../services.ts';

export function registerHealth(app: FastifyInstance, { health }: Services): void {
  app.get('/healthz', { config: { rateLimit: false } }, () => ({ status: 'ok' }));
  app.get('/readyz', { config: { rateLimit: false } }, async (_request, reply) => {
    const unready = await health.unreadyParts();
    return reply
      .code(unready.length === 0 ? 200 : 503)
      .send({ status: unready.length === 0 ? 'ready' : 'not ready', unready });
  });
  app.get('/metrics', { config: { rateLimit: false } }, async (_request, reply) => {
    const { contentType, text } = await health.metrics();
    return reply.type(contentType).send(text);
  });
}
