/** Joins the use cases with their adapters: what routes get to work with, and the worker. */
import { join } from 'node:path';
import { readConsentsAwaitingVerification } from '../../db/consent/consents.ts';
import { storeNotifications } from '../../db/sync/notifications.ts';
import { openHealthStore } from '../../db/delivery/healthStore.ts';
import { openIdempotencyStore } from '../../db/delivery/idempotencyStore.ts';
import { openOrganizationList } from '../../db/delivery/organizationList.ts';
import { readHead } from '../../db/delivery/outbox.ts';
import { readNamedProgress } from '../../db/sync/progress.ts';
import { isOfAValue } from '../../db/transact.ts';
import { SigningKeys } from '../../microsoft/entra/signingKeys.ts';
import { type ApplicationSettings, openApplication } from '../application.ts';
import { identifier } from '../authenticate.ts';
import { openChanges } from '../changes.ts';
import { NotificationInbox } from '../../sync/receiveNotifications.ts';
import { openMetrics } from '../metrics.ts';
import { readOperatorLogo } from '../operatorLogo.ts';
import { openPages } from '../pages/pages.ts';
import { prepareUnsubscribe } from '../../sync/unsubscribe.ts';
import type { Settings } from '../settings.ts';
import { unready } from '../unready.ts';
import { presentReview } from '../present/relevance.ts';
import { People } from '../../administration/people.ts';
import { contentPorts } from './contentPorts.ts';
import { apiKeyPorts, feedPorts, webhookPorts } from './deliveryPorts.ts';
import { createGrantRecheck, openConsent } from './consentPorts.ts';
import { admissionOf, pageSettings } from './addresses.ts';
import { openGraph } from './graph.ts';
import { openWorker } from './openWorker.ts';
import { type Opened, type ProductOptions } from './opened.ts';
import { administrationPorts } from './administrationPorts.ts';

const REQUESTS_PER_MINUTE = 300;

export async function assemble(settings: Settings, options: ProductOptions, opened: Opened) {
  const { database, keyring, http, webhooks } = opened;
  const { now } = opened.clock;
  const transport = openGraph(settings, http);
  const { consent, tokens, graphTokens, unsubscribe } = openConsent(settings, options.log, opened, transport);
  const metrics = openMetrics();
  const feed = await feedPorts(opened, options.log);
  const sources = { transport, consent, tokens, metrics, graphTokens, generation: feed.cursors.generation, webhooks };
  const worker = openWorker(settings, options, opened, sources);
  const isOrganization = async (tenantId: string) => (await consent.store.organization(tenantId)) !== null;
  const administration = administrationPorts(consent, opened);
  const content = contentPorts(consent, graphTokens, opened, transport);
  const keys = new SigningKeys(http, settings.entra.authority, now);
  const assetsFolder = join(options.root, 'dist', 'client');
  const services: Parameters<typeof openApplication>[0] = {
    publicUrl: settings.publicUrl,
    authority: settings.entra.authority,
    identify: identifier({ ...settings.entra, allowedTenants: settings.allowedTenants, keys, now }),
    apiKeys: apiKeyPorts(database, now),
    idempotency: openIdempotencyStore(database, keyring),
    feed,
    organizations: openOrganizationList(database),
    readHealth: openHealthStore(database),
    webhooks: webhookPorts(opened, webhooks, settings.webhookAllowedHosts, isOrganization),
    consent,
    content,
    tokens,
    changes: await openChanges(database),
    contentVersion: (tenantId) => readHead(database, tenantId),
    syncSources: {
      consents: consent.store,
      progress: (tenantId, memberId) => readNamedProgress(database, keyring, tenantId, memberId),
      now,
    },
    organizationSources: {
      consents: consent.store,
      pendingVerification: (tenantId) => readConsentsAwaitingVerification(database.kysely, tenantId),
      offersService: settings.service !== null,
      review: async (tenantId) => presentReview(await content.store.review(tenantId, null)),
      portal: settings.cloud.portal,
      now,
    },
    pages: openPages(pageSettings(settings, assetsFolder)),
    admission: admissionOf(settings),
    prepareUnsubscribe: (principal) => prepareUnsubscribe(unsubscribe, principal),
    recheckGrant: createGrantRecheck(tokens, opened.background),
    background: opened.background,
    administration,
    people: new People(administration),
    notifications: new NotificationInbox(
      (received) => storeNotifications(database, received, now()),
      metrics.countRejectedNotifications,
      isOfAValue,
    ),
    health: { unreadyParts: () => unready(database, keyring, keys), metrics: metrics.read },
  };
  const applicationSettings = applicationSettingsOf(settings, options, assetsFolder);
  return { application: await openApplication(services, applicationSettings, options.log), worker };
}

function applicationSettingsOf(
  settings: Settings,
  { root, maxRequestsPerMinute = REQUESTS_PER_MINUTE }: ProductOptions,
  assetsFolder: string,
): ApplicationSettings {
  return {
    assetsFolder,
    operatorLogo: settings.operator.logoFile === null ? null : readOperatorLogo(settings.operator.logoFile),
    iconsFolder: join(root, 'assets', 'icons'),
    maxRequestsPerMinute,
    trustedProxies: settings.trustedProxies,
    servesOperatorDocs: settings.servesOperatorDocs,
  };
}
