/** `/v1/changes` and `/v1/organizations/{id}/changes`: what changed, over all organizations and of one. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import {
  type ChangesDocument,
  type ChangesQuery,
  ChangesQuerySchema,
  ChangesSchema,
  MAX_CHANGES,
} from '../../../contract/operator/changes.ts';
import { MAX_LINES } from '../../../contract/operator/items.ts';
import { OrganizationPathSchema } from '../../../contract/operator/paths.ts';
import type { FeedPorts, FeedScope } from '../../../delivery/ports.ts';
import { type ChangesPage, type ChangesRequest, readChanges } from '../../../delivery/readChanges.ts';
import { refuse } from '../../../domain/problems.ts';
import { answer, detailed } from '../../answer.ts';
import { keyOf } from '../../authorizeKey.ts';
import { type Lines, sendLines, wantsLines } from '../../ndjson.ts';
import { operation } from '../../openApi.ts';
import { presentChange, presentChanges } from '../../present/changes.ts';
import type { Services } from '../../services.ts';

const DEFAULT_CHANGES = 200;
const CHANGES_A_PAGE_OF_LINES = 1_000;

export function registerChanges(app: FastifyInstance, { allowKey, feed }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const preHandler = allowKey('read:changes', 'feed');
  const response = { 200: ChangesSchema };

  const send = async (
    request: FastifyRequest<{ Querystring: ChangesQuery }>,
    reply: FastifyReply,
    scope: FeedScope,
  ) => {
    const asked = requestOf(scope, request.query);
    if (asked.withItems && !keyOf(request).scopes.includes('read:items')) {
      return answer(reply, refuse('scope_missing'), presentChanges);
    }
    if (wantsLines(request)) {
      return sendChangeLines(reply, feed, asked, request.query.limit ?? MAX_LINES);
    }
    return asked.limit > MAX_CHANGES
      ? answer(reply, detailed('body_invalid', { fields: [TOO_MANY] }), presentChanges)
      : answer(reply, await readChanges(feed, asked), presentChanges);
  };

  const all = { schema: { ...LISTS_ALL, querystring: ChangesQuerySchema, response }, preHandler };
  routes.get('/v1/changes', all, async (request, reply) =>
    send(request, reply, { kind: 'all', organizationIds: keyOf(request).organizationIds }),
  );

  const one = {
    schema: { ...LISTS_ONE, params: OrganizationPathSchema, querystring: ChangesQuerySchema, response },
    preHandler,
  };
  routes.get('/v1/organizations/:organizationId/changes', one, async (request, reply) =>
    send(request, reply, { kind: 'organization', tenantId: request.params.organizationId }),
  );
}

const LINES =
  'With `Accept: application/x-ndjson` it comes as lines, up to 50,000 changes, with a line `next` after each page.';
const LISTS_ALL = operation('Feed', 'listChanges', {
  summary: 'What changed, over all organizations',
  description: `In each organization in the order of its numbers; between organizations no order is promised. ${LINES}`,
});
const LISTS_ONE = operation('Feed', 'listChangesOfOrganization', {
  summary: 'What changed in one organization',
  description: `Numbers rise by one, in the order in which changes took effect. ${LINES}`,
});

const TOO_MANY = { field: 'limit', message: `at most ${MAX_CHANGES}; more as application/x-ndjson` };

function requestOf(scope: FeedScope, query: ChangesQuery): ChangesRequest {
  const { cursor = null, limit = DEFAULT_CHANGES, types = null, category = null, memberId = null, wait } = query;
  return {
    scope,
    filter: { types, category, memberId },
    cursor,
    limit,
    waitMilliseconds: wait * 1_000,
    withItems: query.include === 'item',
  };
}

async function sendChangeLines(
  reply: FastifyReply,
  ports: FeedPorts,
  asked: ChangesRequest,
  limit: number,
): Promise<FastifyReply | ChangesDocument> {
  const pageFrom = (request: ChangesRequest, left: number) =>
    readChanges(ports, { ...request, limit: Math.min(left, CHANGES_A_PAGE_OF_LINES) });
  // The first before anything is sent: what can be refused is refused as a problem.
  const first = await pageFrom(asked, limit);
  return first.kind === 'problem' ? answer(reply, first, presentChanges) : sendLines(reply, linesOf(first));

  async function* linesOf(begin: ChangesPage): AsyncIterable<Lines> {
    let left = limit;
    for (let page = begin; ;) {
      const { changes, next: cursor, isMore } = page;
      left -= changes.length;
      yield { lines: changes.map(presentChange), end: { next: cursor, more: isMore } };
      const isOver = !isMore || left <= 0 || ports.isStopping();
      const next = isOver ? null : await pageFrom({ ...asked, cursor, waitMilliseconds: 0 }, left);
      if (next?.kind !== 'page') {
        return;
      }
      page = next;
    }
  }
}
