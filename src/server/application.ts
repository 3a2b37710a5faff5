/**
 * The web application: limits first, then the routes.
 *
 * `routing` takes requests from whichever listener the process owns.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Log } from './log.ts';
import { handleError, sendProblem } from './problems.ts';
import { registerAudit } from './routes/audit.ts';
import { registerConnectPages } from './routes/connectPages.ts';
import { registerConsentPages } from './routes/consentPages.ts';
import { registerConsents } from './routes/consents.ts';
import { registerEvents } from './routes/events.ts';
import { registerHealth } from './routes/health.ts';
import { registerExclusions } from './routes/exclusions.ts';
import { registerItems } from './routes/items.ts';
import { registerMe } from './routes/me.ts';
import { registerNotifications } from './routes/notifications.ts';
import { registerOrganization } from './routes/organization.ts';
import { registerPeople } from './routes/people.ts';
import { registerPages } from './routes/pages.ts';
import { registerSession } from './routes/session.ts';
import { registerSharedMailboxes } from './routes/sharedMailboxes.ts';
import { registerSync } from './routes/sync.ts';
import type { Services } from './services.ts';

export interface Application {
  /** Every route, as it was registered: method and path. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  routing(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

export interface ApplicationSettings {
  readonly assetsFolder: string;
  readonly iconsFolder: string;
  /** Requests a minute by one sign-in, or by one address without one. */
  readonly mostRequestsAMinute: number;
}

const MOST_BODY = 64 * 1024;

export async function openApplication(
  services: Services,
  settings: ApplicationSettings,
  log: Log,
): Promise<Application> {
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({
    loggerInstance,
    bodyLimit: MOST_BODY,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
  });
  const routes: { method: string; path: string }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    routes.push(...[method].flat().map((each) => ({ method: each, path: url })));
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(handleError);
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'not_found'));
  await limit(app, settings);
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/api/')) {
      void reply.header('cache-control', 'no-store');
    }
  });
  // Before a body is looked at: who says nothing about themselves learns nothing about its form.
  app.addHook('preValidation', async (request, reply) => {
    const isApi = request.url.startsWith('/api/') && request.routeOptions.url !== undefined;
    return isApi && request.headers.authorization === undefined ? sendProblem(reply, 'token_missing') : undefined;
  });
  await serveFiles(app, settings);
  readForms(app);
  registerPages(app, services);
  registerConsentPages(app, services);
  registerConnectPages(app, services);
  registerSession(app, services);
  registerSync(app, services);
  registerConsents(app, services);
  registerOrganization(app, services);
  registerPeople(app, services);
  registerAudit(app, services);
  registerMe(app, services);
  registerItems(app, services);
  registerExclusions(app, services);
  registerSharedMailboxes(app, services);
  registerEvents(app, services);
  registerNotifications(app, services);
  registerHealth(app, services);
  await app.ready();
  return {
    routes,
    routing: (request, response) => {
      app.routing(request, response);
    },
    close: () => app.close(),
  };
}

async function limit(app: FastifyInstance, { mostRequestsAMinute }: ApplicationSettings): Promise<void> {
  await app.register(helmet, {
    // Pages set their own policies; popups need their opener, and the hosts frame tab and pane.
    contentSecurityPolicy: false,
    crossOriginOpenerPolicy: false,
    frameguard: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
  await app.register(rateLimit, {
    max: mostRequestsAMinute,
    timeWindow: '1 minute',
    keyGenerator: senderOf,
    // Files with a digest in their name are cached by whoever asks twice.
    // Graph calls from few addresses for everybody; what it brings is refused by its secret, not by its number.
    allowList: (request) => /^\/(?:assets|icons|graph)\//.test(request.url),
    onExceeded: (request) => {
      request.log.info('too many requests');
    },
  });
}

/** One sign-in, wherever it comes from, or one address. Addresses in forwarded headers are not believed. */
function senderOf(request: FastifyRequest): string {
  const { authorization } = request.headers;
  return authorization === undefined ? request.ip : createHash('sha256').update(authorization).digest('base64url');
}

async function serveFiles(app: FastifyInstance, { assetsFolder, iconsFolder }: ApplicationSettings): Promise<void> {
  await app.register(fastifyStatic, {
    root: assetsFolder,
    prefix: '/assets/',
    index: false,
    // Names carry a digest of the content.
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
  });
  await app.register(fastifyStatic, {
    root: iconsFolder,
    prefix: '/icons/',
    index: false,
    decorateReply: false,
    maxAge: '1d',
    setHeaders: (response) => {
      // Outlook shows the icons in its own pages.
      void response.header('cross-origin-resource-policy', 'cross-origin');
    },
  });
}

/** The forms, on /connect and on hand-off pages, have no fields. */
function readForms(app: FastifyInstance): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, _body, done) => {
    done(null, null);
  });
}
