/** `/api/me/stored`, `/api/me/erasures`, `/api/me/set-aside`: what is kept, erased and could not be read. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { eraseKept } from '../../consent/eraseKept.ts';
import { listSetAside, readKept } from '../../content/keptItems.ts';
import { EraseSchema, ErasingSchema, SetAsideSchema, StoredSchema } from '../../contract/api/stored.ts';
import { presentKept, presentSetAside } from '../present/content.ts';
import { sendProblem } from '../problems.ts';
import type { Services } from '../services.ts';
import { receiptsOf } from './sync.ts';

export function registerStored(app: FastifyInstance, services: Services): void {
  const { authenticate, consent, content } = services;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get('/api/me/stored', { schema: { response: { 200: StoredSchema } } }, async (request, reply) => {
    const authenticated = await authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const kept = await readKept(content, authenticated.principal);
    return kept === null ? sendProblem(reply, 'tenant_not_onboarded') : presentKept(kept);
  });
  const schema = { body: EraseSchema, response: { 202: ErasingSchema } };
  routes.post('/api/me/erasures', { schema }, async (request, reply) => {
    const authenticated = await authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const { principal } = authenticated;
    const result = await eraseKept(consent, principal, request.body.categories);
    if (result.kind === 'problem') {
      return sendProblem(reply, result.code);
    }
    const [receipt] = await receiptsOf(services, principal, result.receiptId === null ? [] : [result.receiptId]);
    return reply.code(202).send({ receipt: receipt ?? null });
  });
  routes.get('/api/me/set-aside', { schema: { response: { 200: SetAsideSchema } } }, async (request, reply) => {
    const authenticated = await authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const { tenantId, memberId } = authenticated.principal;
    return (await consent.store.member(tenantId, memberId)) === null
      ? sendProblem(reply, 'tenant_not_onboarded')
      : presentSetAside(await listSetAside(content, authenticated.principal));
  });
}
