/**
 * The web application: limits first, then the routes.
 *
 * `routing` takes requests from whichever listener the process owns.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { authenticator, type Identify, refuseStranger } from './authenticate.ts';
import type { IdempotencyStore } from '../delivery/idempotency.ts';
import { decorateCaller, openAllow } from './authorize.ts';
import { decorateKey, openAllowKey } from './authorizeKey.ts';
import { openIdempotent } from './idempotent.ts';
import { type Limits, openLimits } from './limits.ts';
import type { Log } from './log.ts';
import { guardPages } from './guardPages.ts';
import { openOpenApi } from './openApi.ts';
import type { OperatorLogo } from './operatorLogo.ts';
import { sendProblem } from './problems.ts';
import { registerAudit } from './routes/audit.ts';
import { registerChanges } from './routes/operator/changes.ts';
import { registerDeliveredItems } from './routes/operator/items.ts';
import { registerOperatorOrganizations } from './routes/operator/organizations.ts';
import { registerDeliveries } from './routes/operator/deliveries.ts';
import { registerOperatorAudit } from './routes/operator/audit.ts';
import { registerOperatorHealth } from './routes/operator/health.ts';
import { registerKeys } from './routes/operator/keys.ts';
import { registerManageOrganizations } from './routes/operator/manageOrganizations.ts';
import { registerWebhooks } from './routes/operator/webhooks.ts';
import { registerConnectPages } from './routes/connectPages.ts';
import { registerSignInPages } from './routes/signInPages.ts';
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
import { registerStored } from './routes/stored.ts';
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
  readonly operatorLogo: OperatorLogo | null;
  /** Requests a minute by one person, and of strangers by one address. */
  readonly maxRequestsPerMinute: number;
  /** The proxies whose `X-Forwarded-For` is believed, as addresses and networks; none without. */
  readonly trustedProxies: readonly string[];
  readonly servesOperatorDocs: boolean;
}

const MAX_BODY_BYTES = 64 * 1024;

export async function openApplication(
  parts: Omit<Services, 'allow' | 'allowKey' | 'idempotent'> & {
    readonly identify: Identify;
    readonly idempotency: IdempotencyStore;
  },
  settings: ApplicationSettings,
  log: Log,
): Promise<Application> {
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({
    loggerInstance,
    bodyLimit: MAX_BODY_BYTES,
    genReqId: () => randomUUID(),
    // Graph's ids are long, and percent-encoded longer.
    routerOptions: { maxParamLength: 1_000 },
    trustProxy: settings.trustedProxies.length === 0 ? false : [...settings.trustedProxies],
  });
  const routes: { method: string; path: string }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    routes.push(...[method].flat().map((each) => ({ method: each, path: url })));
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'not_found'));
  await app.register(helmet, {
    // Pages set their own policies; popups need their opener, and the hosts frame tab and pane.
    contentSecurityPolicy: false,
    crossOriginOpenerPolicy: false,
    frameguard: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
  const limits = await openLimits(app, settings.maxRequestsPerMinute);
  const allow = openAllow(authenticator(parts.identify, limits), parts.consent.store);
  const allowKey = openAllowKey(parts.apiKeys, limits, parts.webhooks.isOrganization);
  const idempotent = openIdempotent(app, parts.idempotency, parts.apiKeys.now);
  const services: Services = { ...parts, allow, allowKey, idempotent };
  await openOpenApi(app, services.publicUrl, settings.servesOperatorDocs);
  decorateCaller(app);
  decorateKey(app);
  guardApi(app, limits);
  guardPages(app, limits, services.pages);
  await serveFiles(app, settings);
  serveLogo(app, settings.operatorLogo);
  readForms(app);
  registerRoutes(app, services);
  app.addHook('preClose', () => {
    services.feed.stop();
    return Promise.resolve();
  });
  await app.ready();
  return {
    routes,
    routing: (request, response) => {
      app.routing(request, response);
    },
    close: () => app.close(),
  };
}

function guardApi(app: FastifyInstance, limits: Limits): void {
  app.addHook('onSend', async (request, reply) => {
    if (isApi(request.url)) {
      void reply.header('cache-control', 'no-store');
    }
  });
  // Before a body is looked at: who says nothing about themselves learns nothing about its form.
  app.addHook('preValidation', async (request, reply) => {
    const isRoute = isApi(request.url) && request.routeOptions.url !== undefined;
    return isRoute && request.headers.authorization === undefined
      ? refuseStranger(limits, request, reply, isOperatorApi(request.url) ? 'key_missing' : 'token_missing')
      : undefined;
  });
}

function isApi(url: string): boolean {
  return url.startsWith('/api/') || isOperatorApi(url);
}

function isOperatorApi(url: string): boolean {
  return url.startsWith('/v1/');
}

function registerRoutes(app: FastifyInstance, services: Services): void {
  registerPages(app, services);
  registerConsentPages(app, services);
  registerConnectPages(app, services);
  registerSignInPages(app, services);
  registerSession(app, services);
  registerSync(app, services);
  registerConsents(app, services);
  registerOrganization(app, services);
  registerPeople(app, services);
  registerAudit(app, services);
  registerMe(app, services);
  registerItems(app, services);
  registerStored(app, services);
  registerExclusions(app, services);
  registerSharedMailboxes(app, services);
  registerEvents(app, services);
  registerNotifications(app, services);
  registerHealth(app, services);
  registerChanges(app, services);
  registerDeliveredItems(app, services);
  registerOperatorOrganizations(app, services);
  registerWebhooks(app, services);
  registerDeliveries(app, services);
  registerKeys(app, services);
  registerOperatorHealth(app, services);
  registerOperatorAudit(app, services);
  registerManageOrganizations(app, services);
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

/** Opened by itself, it's a picture that nothing comes with. */
function serveLogo(app: FastifyInstance, logo: OperatorLogo | null): void {
  app.get('/operator/logo', { schema: { hide: true } }, (_request, reply) =>
    logo === null
      ? sendProblem(reply, 'not_found')
      : reply
          .type(logo.type)
          .header('cache-control', 'public, max-age=3600')
          .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
          .send(logo.bytes),
  );
}

/** The forms, on /connect and on hand-off pages, have no fields. */
function readForms(app: FastifyInstance): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, _body, done) => {
    done(null, null);
  });
}
