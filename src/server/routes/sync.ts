/** `/api/me/sync` and receipts: what is effective for the person who asks, and their own changes. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { changeSync, mustAsk, type SyncChange } from '../../consent/changeSync.ts';
import { ReceiptSchema, type SyncChangeDocument, SyncChangeSchema, SyncSchema } from '../../contract/api/sync.ts';
import { refuse } from '../../domain/problems.ts';
import { type Selection } from '../../domain/selection.ts';
import { CATEGORIES } from '../../domain/categories/categories.ts';
import { answer, detailed } from '../answer.ts';
import { principalOf } from '../authorize.ts';
import { presentStarted } from '../present/consents.ts';
import { presentSync, receiptsOf } from '../present/sync.ts';
import type { Services } from '../services.ts';

export function registerSync(app: FastifyInstance, services: Services): void {
  const { allow, consent, syncSources, publicUrl, tokens } = services;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const response = { 200: SyncSchema };

  routes.get('/api/me/sync', { schema: { response }, preHandler: allow.person }, async (request, reply) =>
    answer(reply, await presentSync(syncSources, principalOf(request)), (sync) => sync),
  );

  const changed = { schema: { body: SyncChangeSchema, response }, preHandler: allow.person };
  routes.patch('/api/me/sync', changed, async (request, reply) => {
    const principal = principalOf(request);
    const change = changeOf(request.body);
    if (await mustAsk(consent, principal, change)) {
      await tokens.refreshSeen(principal.tenantId, principal.memberId);
    }
    const result = await changeSync(consent, principal, change);
    return answer(reply, result, async (done) => {
      if (done.kind === 'consentRequired') {
        return detailed('consent_required', { consent: presentStarted(publicUrl, done.consent) });
      }
      const sync = await presentSync(syncSources, principal);
      return 'kind' in sync ? sync : { ...sync, receipts: await receiptsOf(consent.store, principal, done.receiptIds) };
    });
  });

  const receipt = {
    schema: { params: z.object({ id: z.uuid() }), response: { 200: ReceiptSchema } },
    preHandler: allow.person,
  };
  routes.get('/api/me/receipts/:id', receipt, async (request, reply) => {
    const [found] = await receiptsOf(consent.store, principalOf(request), [request.params.id]);
    return answer(reply, found ?? refuse('not_found'), (own) => own);
  });
}

function changeOf({ selection = {}, data, pause }: SyncChangeDocument): SyncChange {
  const named = CATEGORIES.flatMap((category) => {
    const level = selection[category];
    return level === undefined ? [] : [[category, level] as const];
  });
  const change: Partial<Selection> = Object.fromEntries(named);
  const erase = CATEGORIES.filter((category) => data?.[category] === 'erase');
  return { selection: change, erase, ...(pause === undefined ? {} : { pauses: definedIn(pause) }) };
}

function definedIn(pause: NonNullable<SyncChangeDocument['pause']>): NonNullable<SyncChange['pauses']> {
  return Object.fromEntries(
    CATEGORIES.flatMap((category) => {
      const asked = pause[category];
      return asked === undefined ? [] : [[category, asked] as const];
    }),
  );
}
