/** `/api/me/mailboxes`: which shared mailboxes a member has read beside their own. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { RulesResult } from '../../consent/changeRules.ts';
import type { Principal } from '../../domain/people.ts';
import { addSharedMailbox, removeSharedMailbox } from '../../content/sharedMailboxes.ts';
import { AddMailboxSchema, RemoveMailboxSchema, type Sync, SyncSchema } from '../../contract/api/sync.ts';
import { presentSync } from '../present/sync.ts';
import { sendProblem } from '../problems.ts';
import type { Services } from '../services.ts';

export function registerSharedMailboxes(app: FastifyInstance, services: Services): void {
  const { content } = services;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const response = { 200: SyncSchema };
  routes.put('/api/me/mailboxes', { schema: { body: AddMailboxSchema, response } }, async (request, reply) =>
    answer(services, request, reply, (principal) => addSharedMailbox(content, principal, request.body.address)),
  );
  routes.delete('/api/me/mailboxes', { schema: { body: RemoveMailboxSchema, response } }, async (request, reply) =>
    answer(services, request, reply, (principal) => removeSharedMailbox(content, principal, request.body.id)),
  );
}

async function answer(
  { authenticate, syncSources }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  change: (principal: Principal) => Promise<RulesResult>,
): Promise<Sync | FastifyReply> {
  const authenticated = await authenticate(request, reply);
  if (authenticated === null) {
    return reply;
  }
  const { principal } = authenticated;
  const result = await change(principal);
  if (result.kind === 'problem') {
    return sendProblem(reply, result.code);
  }
  return (
    (await presentSync(syncSources, principal.tenantId, principal.memberId)) ??
    sendProblem(reply, 'tenant_not_onboarded')
  );
}
