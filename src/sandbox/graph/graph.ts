/** Microsoft Graph as far as the product uses it, under `/v1.0`. */
import type { FastifyInstance } from 'fastify';
import { callerOf, requirePermission } from './access.ts';
import { dressAnswers } from './answers.ts';
import { registerBatch } from './batch.ts';
import { registerCalendar } from './calendarRoutes.ts';
import { registerContacts } from './contactRoutes.ts';
import { presentPerson, registerDirectory } from './directoryRoutes.ts';
import { registerDrive } from './driveRoutes.ts';
import { GRAPH_REFUSALS, GraphError, graphErrorBody } from './errors.ts';
import { registerMail } from './mailRoutes.ts';
import { registerSubscriptions } from './subscriptionRoutes.ts';
import { pageRequest, selected } from './paging.ts';
import { registerTasks } from './taskRoutes.ts';
import { showMutableIds } from './mutableIds.ts';
import { refuseParameters } from './refusedParameters.ts';
import { MailboxThrottle } from './throttle.ts';
import { type GraphContext } from './graphContext.ts';

export function registerGraph(app: FastifyInstance, context: GraphContext): void {
  const throttle = new MailboxThrottle(context);
  app.addHook('onRequest', (request, reply, done) => {
    throttle.enter(request, reply);
    done();
  });
  dressAnswers(app, context.world);
  showMutableIds(app, context.mailboxes);
  refuseParameters(app);
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof GraphError)) {
      throw error;
    }
    const { refusal } = error;
    if (refusal.retryAfterSeconds !== undefined) {
      void reply.header('retry-after', refusal.retryAfterSeconds);
    }
    return reply.code(refusal.status).send(graphErrorBody(refusal, context.now()));
  });
  app.get('/v1.0/me', (request) => {
    const caller = callerOf(context, request);
    requirePermission(caller, 'profile');
    return selected(presentPerson(caller.person), pageRequest(request, 'me', context.generation()).select);
  });
  app.get('/v1.0/organization', (request) => {
    const caller = callerOf(context, request);
    requirePermission(caller, 'organization');
    return { value: [{ id: caller.tenant.id, displayName: caller.tenant.name }] };
  });
  registerMail(app, context);
  registerCalendar(app, context);
  registerContacts(app, context);
  registerTasks(app, context);
  registerDrive(app, context);
  registerDirectory(app, context);
  registerSubscriptions(app, context);
  registerBatch(app);
  app.all('/v1.0/*', () => {
    throw new GraphError(GRAPH_REFUSALS.resourceNotFound);
  });
}
