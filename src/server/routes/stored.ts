/** `/api/me/stored`, `/api/me/erasures`, `/api/me/set-aside`: what is kept, erased and could not be read. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { eraseKept } from '../../consent/eraseKept.ts';
import { listSetAside, readKept } from '../../content/keptItems.ts';
import { EraseSchema, ErasingSchema, SetAsideSchema, StoredSchema } from '../../contract/api/stored.ts';
import { refuse } from '../../domain/problems.ts';
import { answer } from '../answer.ts';
import { principalOf } from '../authorize.ts';
import { presentKept, presentSetAside } from '../present/content.ts';
import { receiptsOf } from '../present/sync.ts';
import type { Services } from '../services.ts';

export function registerStored(app: FastifyInstance, { allow, consent, content }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  const stored = { schema: { response: { 200: StoredSchema } }, preHandler: allow.person };
  routes.get('/api/me/stored', stored, async (request, reply) => {
    const kept = await readKept(content, principalOf(request));
    return answer(reply, kept ?? refuse('tenant_not_onboarded'), presentKept);
  });

  const erasures = { schema: { body: EraseSchema, response: { 202: ErasingSchema } }, preHandler: allow.person };
  routes.post('/api/me/erasures', erasures, async (request, reply) => {
    const principal = principalOf(request);
    const result = await eraseKept(consent, principal, request.body.categories);
    return answer(reply, result, async ({ receiptId }) => {
      const [receipt] = await receiptsOf(consent.store, principal, receiptId === null ? [] : [receiptId]);
      return reply.code(202).send({ receipt: receipt ?? null });
    });
  });

  const setAside = { schema: { response: { 200: SetAsideSchema } }, preHandler: allow.member };
  routes.get('/api/me/set-aside', setAside, async (request) =>
    presentSetAside(await listSetAside(content, principalOf(request))),
  );
}
