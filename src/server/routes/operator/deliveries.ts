/** `/v1/webhooks/{id}/deliveries`: what was sent to an endpoint, and sending it again. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import {
  DeliveriesQuerySchema,
  DeliveriesSchema,
  DeliveryPathSchema,
  EndpointPathSchema,
  ReplayedSchema,
  ReplaySchema,
} from '../../../contract/operator/webhooks.ts';
import { type DeliveriesPage, listDeliveries } from '../../../delivery/listDeliveries.ts';
import { findEndpoint } from '../../../delivery/webhookEndpoints.ts';
import { coversOrganization } from '../../../domain/apiKeys.ts';
import { refuse } from '../../../domain/problems.ts';
import { answer } from '../../answer.ts';
import { keyOf } from '../../authorizeKey.ts';
import { operation } from '../../openApi.ts';
import { presentDelivery } from '../../present/webhooks.ts';
import type { Services } from '../../services.ts';

export function registerDeliveries(app: FastifyInstance, { allowKey, idempotent, webhooks, feed }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const preHandler = allowKey('webhooks');
  const { endpoints, now } = webhooks;

  const lists = {
    schema: {
      ...LISTS,
      params: EndpointPathSchema,
      querystring: DeliveriesQuerySchema,
      response: { 200: DeliveriesSchema },
    },
    preHandler,
  };
  routes.get('/v1/webhooks/:endpointId/deliveries', lists, async (request, reply) => {
    const { endpointId } = request.params;
    const { state = null, organizationId = null, since, cursor = null, limit } = request.query;
    const filter = { state, organizationId, since: since === undefined ? null : new Date(since) };
    const isSeen = (await findEndpoint(webhooks, keyOf(request), endpointId)) !== null;
    const page = isSeen
      ? await listDeliveries(endpoints, feed.cursors, { endpointId, filter, cursor, limit })
      : refuse('not_found');
    return answer(reply, page, ({ deliveries, next }: DeliveriesPage) => ({
      deliveries: deliveries.map(presentDelivery),
      next,
    }));
  });

  const once = [preHandler, idempotent()];
  const retries = { schema: { ...RETRIES, params: DeliveryPathSchema }, preHandler: once };
  routes.post('/v1/webhooks/:endpointId/deliveries/:deliveryId/retry', retries, async (request, reply) => {
    const { endpointId, deliveryId } = request.params;
    const isSeen = (await findEndpoint(webhooks, keyOf(request), endpointId)) !== null;
    if (!isSeen || !(await endpoints.retry(endpointId, deliveryId, now()))) {
      return answer(reply, refuse('not_found'), presentDelivery);
    }
    return reply.code(202).send();
  });

  const replays = {
    schema: { ...REPLAYS, params: EndpointPathSchema, body: ReplaySchema, response: { 202: ReplayedSchema } },
    preHandler: once,
  };
  routes.post('/v1/webhooks/:endpointId/replay', replays, async (request, reply) => {
    const { endpointId } = request.params;
    const { from, to, organizationId = null, only } = request.body;
    const key = keyOf(request);
    const isSeen = (await findEndpoint(webhooks, key, endpointId)) !== null;
    if (!isSeen || (organizationId !== null && !coversOrganization(key, organizationId))) {
      return answer(reply, refuse('not_found'), presentAgain);
    }
    const span = { from: new Date(from), to: to === undefined ? null : new Date(to), organizationId, only };
    const again = await endpoints.replay(endpointId, span, now());
    return answer(reply.code(202), { again }, presentAgain);
  });
}

function presentAgain({ again }: { readonly again: number }) {
  return { again };
}

const LISTS = operation('Webhooks', 'listDeliveries', {
  summary: 'What was sent to an endpoint, newest first',
  description: 'What was taken stays for 3 days, everything else for 30.',
});
const RETRIES = operation('Webhooks', 'retryDelivery', { summary: 'Send one again now, with the same webhook-id' });
const REPLAYS = operation('Webhooks', 'replayDeliveries', {
  summary: 'Send again what was sent, or was not taken',
  description: 'What is still in the log keeps its webhook-id.',
});
