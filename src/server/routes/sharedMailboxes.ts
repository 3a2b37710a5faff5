/** `/api/me/mailboxes`: which shared mailboxes a member has read beside their own. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { addSharedMailbox, removeSharedMailbox } from '../../content/sharedMailboxes.ts';
import { AddMailboxSchema, RemoveMailboxSchema, SyncSchema } from '../../contract/api/sync.ts';
import { answer } from '../answer.ts';
import { principalOf } from '../authorize.ts';
import { presentSync } from '../present/sync.ts';
import type { Services } from '../services.ts';

export function registerSharedMailboxes(app: FastifyInstance, { allow, content, syncSources }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const response = { 200: SyncSchema };

  const added = { schema: { body: AddMailboxSchema, response }, preHandler: allow.person };
  routes.put('/api/me/mailboxes', added, async (request, reply) => {
    const principal = principalOf(request);
    const result = await addSharedMailbox(content, principal, request.body.address);
    return answer(reply, result, () => presentSync(syncSources, principal));
  });

  const removed = { schema: { body: RemoveMailboxSchema, response }, preHandler: allow.person };
  routes.delete('/api/me/mailboxes', removed, async (request, reply) => {
    const principal = principalOf(request);
    const result = await removeSharedMailbox(content, principal, request.body.id);
    return answer(reply, result, () => presentSync(syncSources, principal));
  });
}
