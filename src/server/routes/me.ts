/** What a person decides about their own connection, beside the categories. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { disconnectMember } from '../../consent/disconnectMember.ts';
import { respondToPrompt } from '../../consent/people.ts';
import { DisconnectedSchema, DisconnectSchema, PromptAnswerSchema } from '../../contract/api/sync.ts';
import { answer } from '../answer.ts';
import { principalOf } from '../authorize.ts';
import { receiptsOf } from '../present/sync.ts';
import type { Services } from '../services.ts';

export function registerMe(app: FastifyInstance, services: Services): void {
  const { allow, consent, background } = services;
  const routes = app.withTypeProvider<ZodTypeProvider>();

  const disconnect = {
    schema: { body: DisconnectSchema, response: { 200: DisconnectedSchema } },
    preHandler: allow.person,
  };
  routes.delete('/api/me/connection', disconnect, async (request, reply) => {
    const principal = principalOf(request);
    const unsubscribe = await services.prepareUnsubscribe(principal);
    const result = await disconnectMember(consent, principal, request.body.data);
    return answer(reply, result, async ({ receiptIds, left }) => {
      background.start('ending subscriptions', unsubscribe);
      return { receipts: await receiptsOf(consent.store, principal, receiptIds), left: [...left] };
    });
  });

  const prompt = { schema: { body: PromptAnswerSchema }, preHandler: allow.member };
  routes.post('/api/me/prompt', prompt, async (request, reply) => {
    await respondToPrompt(consent, principalOf(request), request.body.answer);
    return reply.code(204).send();
  });
}
