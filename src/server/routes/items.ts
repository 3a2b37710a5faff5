/** `/api/me/items`: what is stored of the person who asks, why a message is or is not, and what a file holds. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Readable } from 'node:stream';
import { explainMessage } from '../../content/explainMessage.ts';
import { listItems } from '../../content/listItems.ts';
import { openFile } from '../../content/openFile.ts';
import { ExplanationSchema, ItemsSchema } from '../../contract/api/items.ts';
import { CategorySchema } from '../../contract/api/selection.ts';
import { parseCursor, presentExplanation, presentItems } from '../present/content.ts';
import { sendProblem } from '../problems.ts';
import type { Services } from '../services.ts';

export function registerItems(app: FastifyInstance, services: Services): void {
  const { authenticate, consent, content } = services;
  registerContent(app, services);
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
      const { category, cursor } = request.query;
      const from = cursor === undefined ? null : parseCursor(cursor);
      return cursor !== undefined && from === null
        ? sendProblem(reply, 'body_invalid', { fields: [{ field: 'cursor', message: 'not a cursor' }] })
        : presentItems(await listItems(content, authenticated.principal, category, from));
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
        : presentExplanation(await explainMessage(content, authenticated.principal, request.query.internetMessageId));
    },
  );
}

/** Whatever a file is, a browser is told to save it: on our own address it must not run. */
function registerContent(app: FastifyInstance, { authenticate, content }: Services): void {
  const query = z.strictObject({ id: z.string().min(1).max(1_000) });
  app
    .withTypeProvider<ZodTypeProvider>()
    .get('/api/me/items/content', { schema: { querystring: query } }, async (request, reply) => {
      const authenticated = await authenticate(request, reply);
      if (authenticated === null) {
        return reply;
      }
      const file = await openFile(content, authenticated.principal, request.query.id);
      return file.kind === 'problem'
        ? sendProblem(reply, file.code)
        : reply
            .type('application/octet-stream')
            .header('content-disposition', `attachment; filename*=UTF-8''${encodedName(file.name)}`)
            .send(Readable.fromWeb(file.body));
    });
}

/** RFC 8187, section 3.2.1: what `encodeURIComponent` leaves as it is, and the field does not have. */
function encodedName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}
