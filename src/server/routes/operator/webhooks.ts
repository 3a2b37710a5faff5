/** `/v1/webhooks`: where webhooks go. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import {
  EndpointChangeSchema,
  EndpointPathSchema,
  EndpointSchema,
  EndpointsSchema,
  MadeEndpointSchema,
  NewEndpointSchema,
  RotationSchema,
  WebhookTestSchema,
} from '../../../contract/operator/webhooks.ts';
import {
  changeEndpoint,
  createEndpoint,
  findEndpoint,
  listEndpoints,
  type MadeEndpoint,
  pauseEndpoint,
  removeEndpoint,
  resumeEndpoint,
  rotateSecret,
  testEndpoint,
} from '../../../delivery/webhookEndpoints.ts';
import type { WebhookPorts } from '../../../delivery/webhookPorts.ts';
import { definedOnly } from '../../../domain/definedOnly.ts';
import { refuse } from '../../../domain/problems.ts';
import { answer } from '../../answer.ts';
import { keyOf } from '../../authorizeKey.ts';
import { chanceOf } from '../../idempotent.ts';
import { operation } from '../../openApi.ts';
import { presentAttempt, presentEndpoint } from '../../present/webhooks.ts';
import type { Services } from '../../services.ts';

export function registerWebhooks(app: FastifyInstance, services: Services): void {
  registerChoices(app, services);
  registerDoings(app, services);
}

/** What an endpoint is sent, and where. */
function registerChoices(app: FastifyInstance, { allowKey, idempotent, webhooks }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const preHandler = allowKey('webhooks');
  const params = EndpointPathSchema;
  const one = { 200: EndpointSchema };

  const creates = {
    schema: { ...CREATES, body: NewEndpointSchema, response: { 201: MadeEndpointSchema } },
    preHandler: [preHandler, idempotent()],
  };
  routes.post('/v1/webhooks', creates, async (request, reply) => {
    const { events = null, organizationIds = null, ...choice } = request.body;
    const made = await createEndpoint(withChance(webhooks, request), keyOf(request), {
      ...choice,
      events,
      organizationIds,
    });
    return answer(reply.code(201), made, presentMade);
  });

  const lists = { schema: { ...LISTS, response: { 200: EndpointsSchema } }, preHandler };
  routes.get('/v1/webhooks', lists, async (request) => ({
    endpoints: (await listEndpoints(webhooks, keyOf(request))).map(presentEndpoint),
  }));

  const reads = { schema: { ...READS, params, response: one }, preHandler };
  routes.get('/v1/webhooks/:endpointId', reads, async (request, reply) => {
    const found = await findEndpoint(webhooks, keyOf(request), request.params.endpointId);
    return answer(reply, found ?? refuse('not_found'), presentEndpoint);
  });

  const changes = { schema: { ...CHANGES, params, body: EndpointChangeSchema, response: one }, preHandler };
  routes.patch('/v1/webhooks/:endpointId', changes, async (request, reply) => {
    const wanted = definedOnly(request.body);
    const changed = await changeEndpoint(webhooks, keyOf(request), request.params.endpointId, wanted);
    return answer(reply, changed, presentEndpoint);
  });

  routes.delete('/v1/webhooks/:endpointId', { schema: { ...REMOVES, params }, preHandler }, async (request, reply) => {
    const isRemoved = await removeEndpoint(webhooks, keyOf(request), request.params.endpointId);
    return isRemoved ? reply.code(204).send() : answer(reply, refuse('not_found'), presentEndpoint);
  });
}

/** What is done to an endpoint. */
function registerDoings(app: FastifyInstance, { allowKey, idempotent, webhooks }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const preHandler = allowKey('webhooks');
  const params = EndpointPathSchema;
  const one = { 200: EndpointSchema };

  const once = [preHandler, idempotent()];
  const pauses = { schema: { ...PAUSES, params, response: one }, preHandler: once };
  routes.post('/v1/webhooks/:endpointId/pause', pauses, async (request, reply) =>
    answer(reply, await pauseEndpoint(webhooks, keyOf(request), request.params.endpointId), presentEndpoint),
  );

  const resumes = { schema: { ...RESUMES, params, response: one }, preHandler: once };
  routes.post('/v1/webhooks/:endpointId/resume', resumes, async (request, reply) =>
    answer(reply, await resumeEndpoint(webhooks, keyOf(request), request.params.endpointId), presentEndpoint),
  );

  const rotates = {
    schema: { ...ROTATES, params, body: RotationSchema.optional(), response: { 200: MadeEndpointSchema } },
    preHandler: once,
  };
  routes.post('/v1/webhooks/:endpointId/secret/rotate', rotates, async (request, reply) => {
    const { overlapHours } = RotationSchema.parse(request.body ?? {});
    const made = await rotateSecret(
      withChance(webhooks, request),
      keyOf(request),
      request.params.endpointId,
      overlapHours,
    );
    return answer(reply, made, presentMade);
  });

  const tests = { schema: { ...TESTS, params, response: { 200: WebhookTestSchema } }, preHandler: once };
  routes.post('/v1/webhooks/:endpointId/test', tests, async (request, reply) =>
    answer(
      reply,
      await testEndpoint(withChance(webhooks, request), keyOf(request), request.params.endpointId),
      ({ answer: { kind, ...given }, attempt }) => {
        const { at: _at, ...told } = presentAttempt(attempt);
        return { ...told, tlsVersion: kind === 'answered' && 'tlsVersion' in given ? given.tlsVersion : null };
      },
    ),
  );
}

/** What it makes by chance is the same for each try. */
function withChance(ports: WebhookPorts, request: FastifyRequest): WebhookPorts {
  return { ...ports, random: chanceOf(request) };
}

function presentMade({ endpoint, secret }: MadeEndpoint) {
  return { endpoint: presentEndpoint(endpoint), secret };
}

const CREATES = operation('Webhooks', 'createWebhook', {
  summary: 'Have changes sent to an address',
  description: 'From now on. The answer holds the secret by which signatures are verified, once.',
});
const LISTS = operation('Webhooks', 'listWebhooks', { summary: 'The endpoints that the key may see' });
const READS = operation('Webhooks', 'readWebhook', { summary: 'An endpoint, and how it is' });
const CHANGES = operation('Webhooks', 'changeWebhook', { summary: 'Change what an endpoint is sent, or where' });
const REMOVES = operation('Webhooks', 'removeWebhook', { summary: 'Remove an endpoint' });
const PAUSES = operation('Webhooks', 'pauseWebhook', {
  summary: 'Send nothing until it is resumed',
  description: 'Nothing is lost that the feed still has.',
});
const RESUMES = operation('Webhooks', 'resumeWebhook', {
  summary: 'Send again, from where it stands',
  description: 'At 20 requests a second until it has caught up.',
});
const ROTATES = operation('Webhooks', 'rotateWebhookSecret', {
  summary: 'Replace the secret',
  description: 'The one before signs as well until the overlap is over.',
});
const TESTS = operation('Webhooks', 'testWebhook', {
  summary: 'Send webhook.test at once',
  description: 'And say what was answered. Neither logged nor tried again.',
});
