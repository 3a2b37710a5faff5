/** What a person decides about their own connection, beside the categories. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { disconnectMember } from '../../consent/disconnectMember.ts';
import { respondToPrompt } from '../../consent/people.ts';
import { DisconnectedSchema, DisconnectSchema, PromptAnswerSchema } from '../../contract/api/sync.ts';
import { sendProblem } from '../problems.ts';
import type { Services } from '../services.ts';
import { receiptsOf } from './sync.ts';

export function registerMe(app: FastifyInstance, services: Services): void {
  const { authenticate, consent } = services;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const schema = { body: DisconnectSchema, response: { 200: DisconnectedSchema } };
  routes.delete('/api/me/connection', { schema }, async (request, reply) => {
    const authenticated = await authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const { principal } = authenticated;
    const unsubscribe = await services.prepareUnsubscribe(principal);
    const result = await disconnectMember(consent, principal, request.body.data);
    if (result.kind === 'problem') {
      return sendProblem(reply, result.code);
    }
    services.background.start('ending subscriptions', unsubscribe);
    const receipts = await receiptsOf(services, principal, result.receiptIds);
    return { receipts: [...receipts], left: [...result.left] };
  });
  routes.post('/api/me/prompt', { schema: { body: PromptAnswerSchema } }, async (request, reply) => {
    const authenticated = await authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const { tenantId, memberId } = authenticated.principal;
    if ((await consent.store.member(tenantId, memberId)) === null) {
      return sendProblem(reply, 'tenant_not_onboarded');
    }
    await respondToPrompt(consent, authenticated.principal, request.body.answer);
    return reply.code(204).send();
  });
}
