/** `/v1/keys` and `/v1/me`: the keys of the operator's product. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { KeyPathSchema, KeySchema, KeysSchema, MadeKeySchema, NewKeySchema } from '../../../contract/operator/keys.ts';
import { listKeysFor, type MadeKey, makeKeyBy, refusalOfKey, revokeKeyBy } from '../../../delivery/manageKeys.ts';
import type { ApiKey } from '../../../domain/apiKeys.ts';
import { refuse } from '../../../domain/problems.ts';
import { answer } from '../../answer.ts';
import { keyOf } from '../../authorizeKey.ts';
import type { Hook } from '../../hook.ts';
import { chanceOf } from '../../idempotent.ts';
import { operation } from '../../openApi.ts';
import { presentKey, presentListedKey } from '../../present/keys.ts';
import type { Services } from '../../services.ts';

export function registerKeys(app: FastifyInstance, { allowKey, idempotent, apiKeys }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const preHandler = allowKey('keys');

  const me = { schema: { ...ME, response: { 200: KeySchema } }, preHandler: allowKey(null) };
  routes.get('/v1/me', me, (request) => presentKey(keyOf(request)));

  const lists = { schema: { ...LISTS, response: { 200: KeysSchema } }, preHandler };
  routes.get('/v1/keys', lists, async (request) => ({
    keys: (await listKeysFor(apiKeys.keys, keyOf(request))).map(presentListedKey),
  }));

  const makes = {
    schema: { ...MAKES, body: NewKeySchema, response: { 201: MadeKeySchema } },
    // Who can't make such a key is not told either how making one was answered.
    preHandler: [preHandler, refuseWider, idempotent('required')],
  };
  routes.post('/v1/keys', makes, async (request, reply) => {
    const ports = { ...apiKeys, random: chanceOf(request) };
    const made = await makeKeyBy(ports, keyOf(request), wantedOf(request.body));
    request.log.info({ madeBy: keyOf(request).id, kind: made.kind }, 'a key was asked for');
    return answer(reply.code(201), made, ({ key, text }: MadeKey) => ({ key: presentKey(key), text }));
  });

  routes.delete(
    '/v1/keys/:keyId',
    { schema: { ...REVOKES, params: KeyPathSchema }, preHandler },
    async (request, reply) => {
      const { keyId } = request.params;
      const isRevoked = await revokeKeyBy(apiKeys, keyOf(request), keyId);
      request.log.info({ revokedBy: keyOf(request).id, key: keyId, isRevoked }, 'a key was revoked');
      return isRevoked ? reply.code(204).send() : answer(reply, refuse('not_found'), presentKey);
    },
  );
}

const refuseWider: Hook = async (request, reply) => {
  const refused = refusalOfKey(keyOf(request), wantedOf(NewKeySchema.parse(request.body)));
  if (refused === null) {
    return undefined;
  }
  await answer(reply, refused, presentKey);
  return reply;
};

function wantedOf(body: z.infer<typeof NewKeySchema>): Omit<ApiKey, 'id'> {
  const { expiresAt, organizationIds = null, allowedAddresses = null, ...description } = body;
  const until = expiresAt === undefined ? null : new Date(expiresAt);
  return { ...description, organizationIds, allowedAddresses, expiresAt: until };
}

const ME = operation('Keys', 'readMe', { summary: 'This key: what it may do, and where' });
const LISTS = operation('Keys', 'listKeys', { summary: 'The keys that this one may see' });
const MAKES = operation('Keys', 'createKey', {
  summary: 'Make a key that may do no more than this one',
  description: 'Needs an `Idempotency-Key`.',
});
const REVOKES = operation('Keys', 'revokeKey', {
  summary: 'End a key',
  description: 'From the next request on, in every process.',
});
