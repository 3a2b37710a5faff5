/** `/subscriptions`: only the application itself, with a token of the same kind, sees what it has made. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { applicationOf, type Caller, callerOf, isApplicationToken, mailboxOfApplication } from './access.ts';
import { GRAPH_REFUSALS, GraphError } from './errors.ts';
import type { GraphContext } from './graphContext.ts';
import { presentSubscription } from './subscriptions.ts';

/** Graph's own page is larger; that it continues is what has to be seen. */
const A_PAGE = 5;

const Id = z.object({ id: z.string() });

export function registerSubscriptions(app: FastifyInstance, context: GraphContext): void {
  const { subscriptions } = context;
  app.post('/v1.0/subscriptions', async (request, reply) => {
    const isApplication = isApplicationToken(context, request);
    const caller = isApplication ? applicationCaller(context, request) : callerOf(context, request);
    const made = await subscriptions.create(caller, isApplication, request.body);
    return reply.code(201).send(presentSubscription(made));
  });
  app.get('/v1.0/subscriptions', (request) => {
    const { tenantId, owner } = ownerOf(context, request);
    const { skip } = z
      .object({ $skiptoken: z.coerce.number().int().min(0).default(0) })
      .transform(({ $skiptoken }) => ({ skip: $skiptoken }))
      .parse(request.query);
    const listed = subscriptions.listOf(tenantId, owner);
    const isMore = listed.length > skip + A_PAGE;
    return {
      value: listed.slice(skip, skip + A_PAGE).map(presentSubscription),
      ...(isMore ? { '@odata.nextLink': `${context.origin}/v1.0/subscriptions?$skiptoken=${skip + A_PAGE}` } : {}),
    };
  });
  app.get('/v1.0/subscriptions/:id', (request) => {
    const { tenantId, owner } = ownerOf(context, request);
    return presentSubscription(subscriptions.find(tenantId, owner, Id.parse(request.params).id));
  });
  app.patch('/v1.0/subscriptions/:id', (request) => {
    const { tenantId, owner } = ownerOf(context, request);
    const body = z.object({ expirationDateTime: z.iso.datetime({ offset: true }) }).safeParse(request.body);
    if (!body.success) {
      throw new GraphError(GRAPH_REFUSALS.badRequest);
    }
    const { id } = Id.parse(request.params);
    return presentSubscription(subscriptions.renew(tenantId, owner, id, body.data.expirationDateTime));
  });
  app.post('/v1.0/subscriptions/:id/reauthorize', (request, reply) => {
    const { tenantId, owner } = ownerOf(context, request);
    subscriptions.find(tenantId, owner, Id.parse(request.params).id);
    return reply.code(204).send();
  });
  app.delete('/v1.0/subscriptions/:id', (request, reply) => {
    const { tenantId, owner } = ownerOf(context, request);
    subscriptions.remove(subscriptions.find(tenantId, owner, Id.parse(request.params).id).id);
    return reply.code(204).send();
  });
}

function ownerOf(context: GraphContext, request: FastifyRequest): { tenantId: string; owner: string } {
  if (isApplicationToken(context, request)) {
    return { tenantId: applicationOf(context, request).tenant.id, owner: 'application' };
  }
  const { tenant, person } = callerOf(context, request);
  return { tenantId: tenant.id, owner: person.oid };
}

/** Whose mailbox an application wants to be told of stands in the resource. */
function applicationCaller(context: GraphContext, request: FastifyRequest): Caller {
  const { resource } = z.object({ resource: z.string() }).parse(request.body);
  const mailbox = /^\/?users\/([^/]+)\//i.exec(resource)?.[1];
  if (mailbox === undefined) {
    throw new GraphError(GRAPH_REFUSALS.badRequest);
  }
  return mailboxOfApplication(context, request, mailbox);
}
