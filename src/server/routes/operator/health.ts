/** `/v1/health`: how the installation does, as far as the key sees it. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { HealthSchema } from '../../../contract/operator/health.ts';
import { listEndpoints } from '../../../delivery/webhookEndpoints.ts';
import { keyOf } from '../../authorizeKey.ts';
import { operation } from '../../openApi.ts';
import type { Services } from '../../services.ts';

export function registerOperatorHealth(app: FastifyInstance, { allowKey, webhooks, readHealth }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const schema = { ...READS, response: { 200: HealthSchema } };
  routes.get('/v1/health', { schema, preHandler: allowKey('read:organizations') }, async (request) => {
    const key = keyOf(request);
    const endpoints = await listEndpoints(webhooks, key);
    return readHealth(
      key.organizationIds,
      endpoints.map(({ id }) => id),
      webhooks.now(),
    );
  });
}

const READS = operation('Health', 'readHealth', {
  summary: 'How the installation does, as numbers',
  description: 'Of the organizations and the endpoints that the key may see.',
});
