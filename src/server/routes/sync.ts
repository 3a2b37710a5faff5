/** `/api/me/sync` and receipts: what is effective for the person who asks, and their own changes. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { changeSync, mustAsk, type SyncChange } from '../../consent/changeSync.ts';
import type { BegunConsent } from '../../consent/createConsentTransaction.ts';
import type { Principal } from '../../domain/people.ts';
import {
  ReceiptSchema,
  type SyncChangeDocument,
  SyncChangeSchema,
  SyncSchema,
  type ReceiptDocument,
} from '../../contract/api/sync.ts';
import { type Selection } from '../../domain/selection.ts';
import { CATEGORIES } from '../../domain/categories/categories.ts';
import { presentReceipt, presentSync } from '../present/sync.ts';
import { sendProblem } from '../problems.ts';
import type { Services } from '../services.ts';

export function registerSync(app: FastifyInstance, services: Services): void {
  const { authenticate, consent, syncSources } = services;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get('/api/me/sync', { schema: { response: { 200: SyncSchema } } }, async (request, reply) => {
    const authenticated = await authenticate(request, reply);
    if (authenticated === null) {
      return reply;
    }
    const { tenantId, memberId } = authenticated.principal;
    return (await presentSync(syncSources, tenantId, memberId)) ?? sendProblem(reply, 'tenant_not_onboarded');
  });
  routes.patch(
    '/api/me/sync',
    { schema: { body: SyncChangeSchema, response: { 200: SyncSchema } } },
    async (request, reply) => {
      const authenticated = await authenticate(request, reply);
      if (authenticated === null) {
        return reply;
      }
      const { principal } = authenticated;
      const change = changeOf(request.body);
      if (await mustAsk(consent, principal, change)) {
        await services.tokens.refreshSeen(principal.tenantId, principal.memberId);
      }
      const result = await changeSync(consent, principal, change);
      if (result.kind === 'problem') {
        return sendProblem(reply, result.code);
      }
      if (result.kind === 'consentRequired') {
        return sendProblem(reply, 'consent_required', { consent: presentStarted(services, result.consent) });
      }
      const sync = await presentSync(syncSources, principal.tenantId, principal.memberId);
      const receipts = await receiptsOf(services, principal, result.receiptIds);
      return sync === null ? sendProblem(reply, 'tenant_not_onboarded') : { ...sync, receipts: [...receipts] };
    },
  );
  registerReceipts(app, services);
}

function registerReceipts(app: FastifyInstance, services: Services): void {
  app
    .withTypeProvider<ZodTypeProvider>()
    .get(
      '/api/me/receipts/:id',
      { schema: { params: z.object({ id: z.uuid() }), response: { 200: ReceiptSchema } } },
      async (request, reply) => {
        const authenticated = await services.authenticate(request, reply);
        if (authenticated === null) {
          return reply;
        }
        const [receipt] = await receiptsOf(services, authenticated.principal, [request.params.id]);
        return receipt ?? sendProblem(reply, 'not_found');
      },
    );
}

export function presentStarted({ publicUrl }: Services, { id, expiresAt }: BegunConsent) {
  return { id, startUrl: `${publicUrl}/consent/start/${id}`, expiresAt: expiresAt.toISOString() };
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

export async function receiptsOf(
  { consent }: Services,
  { tenantId, memberId }: Principal,
  ids: readonly string[],
): Promise<readonly ReceiptDocument[]> {
  const receipts = await Promise.all(ids.map((id) => consent.store.receipt(tenantId, memberId, id)));
  return receipts.flatMap((receipt) => (receipt === null ? [] : [presentReceipt(receipt)]));
}
