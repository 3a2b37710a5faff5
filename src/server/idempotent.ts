/**
 * Requests with an `Idempotency-Key` have one effect: as a hook that runs before a route, and one that keeps its answer.
 *
 * What is refused before anything happened is not kept; what failed in the middle is done again with the same chance.
 *
 * Errors  `idempotency_key_missing`, `idempotency_key_reused`, `request_in_progress`.
 */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  fingerprintOf,
  type IdempotencyStore,
  parseIdempotencyKey,
  randomFrom,
  scopeOf,
} from '../delivery/idempotency.ts';
import { keyOf } from './authorizeKey.ts';
import type { Hook } from './hook.ts';
import { sendProblem } from './problems.ts';

/** `required`: a route whose effect must not come twice is not called without a key. */
export type Idempotent = (need?: 'required') => Hook;

const CHANCE = 'chance';

interface Chance {
  readonly random: (bytes: number) => Uint8Array;
  /** `null` for a request that has no key. */
  readonly scope: string | null;
}

/** Before routes are registered. */
export function openIdempotent(app: FastifyInstance, store: IdempotencyStore, now: () => Date): Idempotent {
  app.decorateRequest(CHANCE, null);
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    const scope = request.getDecorator<Chance | null>(CHANCE)?.scope ?? null;
    await (scope === null
      ? undefined
      : keepAnswer(store, scope, reply.statusCode, typeof payload === 'string' ? payload : ''));
  });
  return (need) => async (request, reply) => {
    const header = request.headers['idempotency-key'];
    if (header === undefined) {
      request.setDecorator<Chance>(CHANCE, { random: randomBytes, scope: null });
      return need === 'required' ? sendProblem(reply, 'idempotency_key_missing') : undefined;
    }
    const key = typeof header === 'string' ? parseIdempotencyKey(header) : null;
    return key === null
      ? sendProblem(reply, 'body_invalid', { fields: [MALFORMED] })
      : reserve(store, key, request, reply, now());
  };
}

async function reserve(
  store: IdempotencyStore,
  key: string,
  request: FastifyRequest,
  reply: FastifyReply,
  now: Date,
): Promise<FastifyReply | undefined> {
  const { organizationIds } = keyOf(request);
  const asked = { method: request.method, path: request.url, body: request.body, organizationIds };
  const scope = scopeOf(key, asked);
  const reservation = await store.begin(scope, fingerprintOf(asked), randomBytes(32), now);
  switch (reservation.kind) {
    case 'begun':
      request.setDecorator<Chance>(CHANCE, { random: randomFrom(reservation.seed), scope });
      return undefined;
    case 'ended':
      return reply
        .code(reservation.status)
        .type('application/json; charset=utf-8')
        .header('idempotency-replayed', 'true')
        .serializer(String)
        .send(reservation.body);
    case 'running':
      return sendProblem(reply.header('retry-after', String(reservation.retryAfterSeconds)), 'request_in_progress');
    case 'other':
      return sendProblem(reply, 'idempotency_key_reused');
  }
}

async function keepAnswer(store: IdempotencyStore, scope: string, status: number, body: string): Promise<void> {
  if (status < 400) {
    await store.end(scope, status, body);
  } else {
    await (status < 500 ? store.forget(scope) : store.release(scope));
  }
}

/** Chance for what the request makes: the same for each try of it. Only behind the hook. */
export function chanceOf(request: FastifyRequest): (bytes: number) => Uint8Array {
  const chance = request.getDecorator<Chance | null>(CHANCE);
  if (chance === null) {
    throw new Error('The route takes no Idempotency-Key, and asks for its chance');
  }
  return chance.random;
}

const MALFORMED = { field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' };
