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
import { answer, detailed } from '../answer.ts';
import { principalOf } from '../authorize.ts';
import { parseCursor, presentExplanation, presentItems } from '../present/content.ts';
import type { Services } from '../services.ts';

const MessageId = z
  .string()
  .min(1)
  .max(2_000)
  .refine((text) => text.isWellFormed(), { message: 'must be plain text' });

export function registerItems(app: FastifyInstance, { allow, content }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  const page = z.strictObject({ category: CategorySchema, cursor: z.string().max(400).optional() });
  const items = { schema: { querystring: page, response: { 200: ItemsSchema } }, preHandler: allow.member };
  routes.get('/api/me/items', items, async (request, reply) => {
    const { category, cursor } = request.query;
    const from = cursor === undefined ? null : parseCursor(cursor);
    const result =
      cursor !== undefined && from === null
        ? detailed('body_invalid', { fields: [{ field: 'cursor', message: 'not a cursor' }] })
        : await listItems(content, principalOf(request), category, from);
    return answer(reply, result, presentItems);
  });

  const message = z.strictObject({ internetMessageId: MessageId });
  const explain = { schema: { querystring: message, response: { 200: ExplanationSchema } }, preHandler: allow.member };
  routes.get('/api/me/items/explain', explain, async (request) =>
    presentExplanation(await explainMessage(content, principalOf(request), request.query.internetMessageId)),
  );

  const file = {
    schema: { querystring: z.strictObject({ id: z.string().min(1).max(1_000) }) },
    preHandler: allow.person,
  };
  routes.get('/api/me/items/content', file, async (request, reply) =>
    answer(reply, await openFile(content, principalOf(request), request.query.id), ({ name, body }) =>
      // Whatever a file is, a browser is told to save it: on our own address it must not run.
      reply
        .type('application/octet-stream')
        .header('content-disposition', `attachment; filename*=UTF-8''${encodedName(name)}`)
        .send(Readable.fromWeb(body)),
    ),
  );
}

/** RFC 8187, section 3.2.1: what `encodeURIComponent` leaves as it is, and the field does not have. */
function encodedName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}
