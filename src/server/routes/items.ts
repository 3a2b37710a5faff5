/** `/api/me/items`: what is stored of the person who asks, and why a message is or is not. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ExplanationSchema, ItemsSchema } from '../../contract/api/items.ts';
import { CategorySchema } from '../../contract/api/selection.ts';
import { sendProblem } from '../problems.ts';
import type { Services } from '../services.ts';

export function registerItems(app: FastifyInstance, { authenticate, consent, items, explain }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const query = z.strictObject({ category: CategorySchema, cursor: z.string().max(400).optional() });
  routes.get(
    '/api/me/items',
    { schema: { querystring: query, response: { 200: ItemsSchema } } },
    async (request, reply) => {
      const authenticated = await authenticate(request, reply);
      if (authenticated === null) {
        return reply;
      }
      const { tenantId, memberId } = authenticated.principal;
      if ((await consent.store.member(tenantId, memberId)) === null) {
        return sendProblem(reply, 'tenant_not_onboarded');
      }
      const page = await items(authenticated.principal, request.query.category, request.query.cursor);
      return page ?? sendProblem(reply, 'body_invalid', { fields: [{ field: 'cursor', message: 'not a cursor' }] });
    },
  );
  const MessageId = z
    .string()
    .min(1)
    .max(2_000)
    .refine((text) => text.isWellFormed(), { message: 'must be plain text' });
  const asked = z.strictObject({ internetMessageId: MessageId });
  routes.get(
    '/api/me/items/explain',
    { schema: { querystring: asked, response: { 200: ExplanationSchema } } },
    async (request, reply) => {
      const authenticated = await authenticate(request, reply);
      if (authenticated === null) {
        return reply;
      }
      const { tenantId, memberId } = authenticated.principal;
      return (await consent.store.member(tenantId, memberId)) === null
        ? sendProblem(reply, 'tenant_not_onboarded')
        : explain(authenticated.principal, request.query.internetMessageId);
    },
  );
}
