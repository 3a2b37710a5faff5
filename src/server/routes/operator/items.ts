/** `/v1/…/items`: what is stored of a member, in pages, as lines, by name, and one by one. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  type DeliveredItemsDocument,
  DeliveredItemSchema,
  DeliveredItemsSchema,
  ItemsQuerySchema,
  MAX_ITEMS,
  MAX_LINES,
  NamedItemsRequestSchema,
  NamedItemsSchema,
} from '../../../contract/operator/items.ts';
import { ItemPathSchema, MemberPathSchema, OrganizationPathSchema } from '../../../contract/operator/paths.ts';
import { type ItemsPage, type ItemsRequest, readItems, readNamedItems } from '../../../delivery/readItems.ts';
import type { FeedPorts } from '../../../delivery/ports.ts';
import { refuse } from '../../../domain/problems.ts';
import { answer, detailed } from '../../answer.ts';
import { sendUnlessKnown } from '../../entityTag.ts';
import { type Lines, sendLines, wantsLines } from '../../ndjson.ts';
import { operation } from '../../openApi.ts';
import { presentDeliveredItem, presentDeliveredItems, presentNamedItems } from '../../present/deliveredItems.ts';
import type { Services } from '../../services.ts';

const DEFAULT_ITEMS = 200;
const ITEMS_A_PAGE_OF_LINES = 1_000;
/** Names of 200 items. */
const MAX_NAMES_BYTES = 512 * 1024;

export function registerDeliveredItems(app: FastifyInstance, { allowKey, feed, consent }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const preHandler = allowKey('read:items');

  const list = {
    schema: {
      ...LISTS,
      params: MemberPathSchema,
      querystring: ItemsQuerySchema,
      response: { 200: DeliveredItemsSchema },
    },
    preHandler,
  };
  routes.get('/v1/organizations/:organizationId/members/:memberId/items', list, async (request, reply) => {
    const { organizationId: tenantId, memberId } = request.params;
    if ((await consent.store.member(tenantId, memberId)) === null) {
      return answer(reply, refuse('not_found'), presentDeliveredItems);
    }
    const asked = requestOf({ tenantId, memberId }, request.query);
    if (wantsLines(request)) {
      return sendItemLines(reply, feed, asked, request.query.limit ?? MAX_LINES);
    }
    return asked.limit > MAX_ITEMS
      ? answer(reply, detailed('body_invalid', { fields: [TOO_MANY] }), presentDeliveredItems)
      : answer(reply, await readItems(feed, asked), presentDeliveredItems);
  });

  const named = {
    schema: {
      ...READS_NAMED,
      params: OrganizationPathSchema,
      body: NamedItemsRequestSchema,
      response: { 200: NamedItemsSchema },
    },
    preHandler,
    bodyLimit: MAX_NAMES_BYTES,
  };
  routes.post('/v1/organizations/:organizationId/items/read', named, async (request) => {
    const { organizationId: tenantId } = request.params;
    const names = request.body.items.map(({ id: itemId, ...name }) => ({ tenantId, itemId, ...name }));
    return presentNamedItems(await readNamedItems(feed, names));
  });

  const one = {
    schema: { ...READS_ONE, params: ItemPathSchema, response: { 200: DeliveredItemSchema, 304: z.void() } },
    preHandler,
  };
  const path = '/v1/organizations/:organizationId/members/:memberId/items/:category/:itemId';
  routes.get(path, one, async (request, reply) => {
    const { organizationId: tenantId, ...name } = request.params;
    const {
      items: [item],
    } = await readNamedItems(feed, [{ tenantId, ...name }]);
    return answer(reply, item ?? refuse('not_found'), (found) =>
      sendUnlessKnown(request, reply, presentDeliveredItem(found), found.version),
    );
  });
}

const LISTS = operation('Items', 'listItems', {
  summary: 'What is stored of a member',
  description: `By category and id. A page ends early where its items are heavy. With \`Accept: application/x-ndjson\` it comes as
lines, up to 50,000 items, with a line \`next\` after each page.`,
});
const READS_NAMED = operation('Items', 'readItems', {
  summary: 'Items by name',
  description: 'Up to 200. Those that there are not are missing; why isn’t told.',
});
const READS_ONE = operation('Items', 'getItem', {
  summary: 'One item',
  description: 'Its `ETag` is its version: with `If-None-Match` it is not sent again.',
});

const TOO_MANY = { field: 'limit', message: `at most ${MAX_ITEMS}; more as application/x-ndjson` };

function requestOf(member: ItemsRequest['member'], query: z.infer<typeof ItemsQuerySchema>): ItemsRequest {
  const { cursor = null, limit = DEFAULT_ITEMS, modifiedSince } = query;
  const { category = null, folderId = null, participant = null, conversationId = null } = query;
  const since = modifiedSince === undefined ? null : new Date(modifiedSince);
  return { member, filter: { category, folderId, participant, conversationId, modifiedSince: since }, cursor, limit };
}

async function sendItemLines(
  reply: FastifyReply,
  ports: FeedPorts,
  asked: ItemsRequest,
  limit: number,
): Promise<FastifyReply | DeliveredItemsDocument> {
  const pageFrom = (cursor: string | null, left: number) =>
    readItems(ports, { ...asked, cursor, limit: Math.min(left, ITEMS_A_PAGE_OF_LINES) });
  // The first before anything is sent: what can be refused is refused as a problem.
  const first = await pageFrom(asked.cursor, limit);
  return first.kind === 'problem' ? answer(reply, first, presentDeliveredItems) : sendLines(reply, linesOf(first));

  async function* linesOf(begin: ItemsPage): AsyncIterable<Lines> {
    let left = limit;
    for (let page = begin; ;) {
      left -= page.items.length;
      yield { lines: page.items.map(presentDeliveredItem), end: { next: page.next } };
      const next = page.next === null || left <= 0 || ports.isStopping() ? null : await pageFrom(page.next, left);
      if (next?.kind !== 'page') {
        return;
      }
      page = next;
    }
  }
}
