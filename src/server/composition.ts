/**
 * The one place where use cases meet their adapters.
 *
 * `openProduct` makes everything from resolved settings and gives it back in parts that can be started and
 * stopped; it owns no listener.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AccessTokenProvider } from '../consent/accessTokens.ts';
import { type ConsentPorts, type DirectoryAnswer } from '../consent/ports.ts';
import { ServiceTokens } from '../consent/serviceTokens.ts';
import { credentialVault } from '../db/connections.ts';
import { openConsentStore } from '../db/consentStore.ts';
import { readConsentsAwaitingVerification } from '../db/consents.ts';
import { rulesVault } from '../db/memberRules.ts';
import { repairClockSkew } from '../db/repairClockSkew.ts';
import { openRelevanceStore } from '../db/relevanceStore.ts';
import { replayErasures } from '../db/replayErasures.ts';
import { openEraseStore } from '../db/eraseStore.ts';
import { openDatabaseKeyStore } from '../db/keys/databaseKeyStore.ts';
import { openFileKeyStore, loadOrCreateMasterKeys } from '../db/keys/fileKeyStore.ts';
import { Keyring, makeMasterKey, parseMasterKeys } from '../db/keys/keyring.ts';
import type { KeyStore } from '../db/keys/keyStore.ts';
import { migrate, requireCurrentSchema } from '../db/migrate.ts';
import { storeNotifications, takeNotifications } from '../db/notifications.ts';
import { type Database, type DatabaseAddress, openDatabase } from '../db/openDatabase.ts';
import { readNamedProgress } from '../db/progress.ts';
import { isOfAValue } from '../db/transact.ts';
import { openSyncStore } from '../db/syncStore.ts';
import { adminConsentUrl, openEntraClient } from '../microsoft/entra/entraClient.ts';
import { SigningKeys } from '../microsoft/entra/signingKeys.ts';
import { openDirectory } from '../microsoft/graph/directory.ts';
import { openGraphPort } from '../microsoft/graph/graphPort.ts';
import { GraphTransport } from '../microsoft/graph/transport.ts';
import { type MicrosoftHttp, openMicrosoftHttp } from '../microsoft/http.ts';
import { eraseAll } from '../sync/erase.ts';
import type { GraphPort, SyncPorts, TokenPort } from '../sync/ports.ts';
import { type Application, openApplication } from './application.ts';
import { identifier } from './authenticate.ts';
import { openChanges } from './changes.ts';
import type { Log } from './log.ts';
import { mailboxTokens } from './mailboxTokens.ts';
import { NotificationInbox } from '../sync/receiveNotifications.ts';
import { type Metrics, openMetrics } from './metrics.ts';
import { openPages, type PageSettings } from './pages/pages.ts';
import { unsubscribePort, prepareUnsubscribe } from './unsubscribe.ts';
import type { AppApproval, Services } from './services.ts';
import type { Settings } from './settings.ts';
import { unready } from './unready.ts';
import { Worker } from './worker.ts';
import { openContentStore } from '../db/contentStore.ts';
import { presentReview } from './present/content.ts';
import { changeRules } from '../consent/changeRules.ts';
import { openMicrosoftContent } from '../microsoft/graph/microsoftContent.ts';
import { type ContentPorts } from '../content/ports.ts';
import { openAdministrationStore } from '../db/administrationStore.ts';
import { People } from '../administration/people.ts';
import { type AdministrationPorts } from '../administration/ports.ts';

export interface Product {
  readonly application: Application;
  readonly worker: Worker;
  readonly database: Database;
  readonly keyring: Keyring;
  close(): Promise<void>;
}

export interface ProductOptions {
  readonly root: string;
  readonly log: Log;
  readonly migrates: boolean;
  readonly now?: () => Date;
  readonly maxRequestsPerMinute?: number;
}

const REQUESTS_PER_MINUTE = 300;

export async function openProduct(settings: Settings, options: ProductOptions): Promise<Product> {
  const { log } = options;
  const now = options.now ?? (() => new Date());
  const onError = (error: Error) => {
    log.warn({ err: error }, 'a database connection broke');
  };
  const [database, keyStore] = await Promise.all([
    openMigrated(settings.database, options.migrates, onError),
    openKeyStore(settings, onError),
  ]);
  const keyring = await Keyring.open(keyStore, parseMasterKeys(await masterKeys(settings)), now);
  await replayErasuresOnStart(database, keyring, options.log, now);
  const http = openMicrosoftHttp(settings.trustedCaFile);
  const parts = await assemble(settings, options, { database, keyring, http, now });
  return {
    ...parts,
    database,
    keyring,
    close: async () => {
      await parts.application.close();
      await parts.worker.stop();
      await http.close();
      await keyStore.close();
      await database.close();
    },
  };
}

/** Migrations get connections of their own, without limits of time. */
async function openMigrated(
  address: DatabaseAddress,
  migrates: boolean,
  onError: (error: Error) => void,
): Promise<Database> {
  if (migrates && address.kind === 'postgres') {
    const patient = await openDatabase(address, onError, true);
    await migrate(patient).finally(() => patient.close());
    return openDatabase(address, onError);
  }
  const database = await openDatabase(address, onError);
  await (migrates ? migrate(database) : requireCurrentSchema(database));
  return database;
}

/** A restored backup may hold what was erased after it was made: that goes before anybody is served. */
async function replayErasuresOnStart(database: Database, keyring: Keyring, log: Log, now: () => Date): Promise<void> {
  const repeated = await replayErasures(database, keyring, now());
  if (repeated > 0) {
    log.warn({ erasures: repeated }, 'an older database was found: what was erased since is erased again');
    await eraseAll(openEraseStore(database, keyring, now));
  }
}

async function openKeyStore({ keys }: Settings, onError: (error: Error) => void): Promise<KeyStore> {
  return keys.kind === 'folder' ? openFileKeyStore(keys.folder) : openDatabaseKeyStore(keys.url, onError);
}

async function masterKeys({ masterKeys: given, keys }: Settings): Promise<string> {
  return given ?? (keys.kind === 'folder' ? loadOrCreateMasterKeys(keys.folder, makeMasterKey) : '');
}

interface Opened {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly http: MicrosoftHttp;
  readonly now: () => Date;
}

async function assemble(settings: Settings, options: ProductOptions, opened: Opened) {
  const { database, keyring, http, now } = opened;
  const transport = new GraphTransport(http, settings.graphUrl);
  const { consent, tokens, graphTokens } = openConsent(settings, options.log, opened, transport);
  const metrics = openMetrics();
  const worker = openWorker(settings, options, opened, { transport, consent, tokens, metrics, graphTokens });
  const administration = administrationPorts(consent, opened);
  const content = contentPorts(consent, graphTokens, opened, transport);
  const keys = new SigningKeys(http, settings.entra.authority, now);
  const assetsFolder = join(options.root, 'dist', 'client');
  const services: Parameters<typeof openApplication>[0] = {
    publicUrl: settings.publicUrl,
    authority: settings.entra.authority,
    identify: identifier({ ...settings.entra, allowedTenants: settings.allowedTenants, keys, now }),
    consent,
    content,
    tokens,
    changes: await openChanges(database),
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
    prepareUnsubscribe: (principal) =>
      prepareUnsubscribe({ database, tokens: graphTokens, graph: graphPortOf(settings, transport), now }, principal),
    recheckGrant: createGrantRecheck(tokens, options.log),
    administration,
    people: new People(administration),
    notifications: new NotificationInbox(
      (received) => storeNotifications(database, received, now()),
      metrics.countRejectedNotifications,
      isOfAValue,
    ),
    health: { unreadyParts: () => unready(database, keyring, keys), metrics: metrics.read },
  };
  const applicationSettings = {
    assetsFolder,
    iconsFolder: join(options.root, 'assets', 'icons'),
    maxRequestsPerMinute: options.maxRequestsPerMinute ?? REQUESTS_PER_MINUTE,
    trustedProxies: settings.trustedProxies,
  };
  return { application: await openApplication(services, applicationSettings, options.log), worker };
}

function pageSettings(settings: Settings, assetsFolder: string): PageSettings {
  const { entra, service, cloud, officeJsUrl, operator } = settings;
  return {
    ...entra,
    apiScope: apiScopeOf(settings),
    officeJsUrl,
    frameAncestors: cloud.frameAncestors,
    operator,
    registrations: [entra.clientId, ...(service === null ? [] : [service.clientId])],
    assetsFolder,
  };
}

function contentPorts(
  consent: ConsentPorts,
  tokens: TokenPort,
  { database, keyring, now }: Opened,
  transport: GraphTransport,
): ContentPorts {
  return {
    records: consent.store,
    store: openContentStore(database, keyring),
    tokens,
    microsoft: openMicrosoftContent(transport),
    changeRules: (member, change) => changeRules(consent, member, change),
    uuid: randomUUID,
    now,
  };
}

interface WorkerSources {
  readonly transport: GraphTransport;
  readonly consent: ConsentPorts;
  readonly tokens: AccessTokenProvider;
  readonly metrics: Metrics;
  readonly graphTokens: TokenPort;
}

function openWorker(
  settings: Settings,
  { log }: ProductOptions,
  opened: Opened,
  { transport, consent, tokens, metrics, graphTokens }: WorkerSources,
): Worker {
  const { database, keyring, now } = opened;
  const worker: Worker = new Worker({
    database,
    consent,
    tokens,
    sync: syncPorts(settings, opened, transport, graphTokens, () => worker.isStopped),
    erase: openEraseStore(database, keyring, now),
    relevance: openRelevanceStore(database, keyring, now, (error) => {
      log.error({ err: error }, 'a review of the rules failed and is tried again later');
    }),
    putClockRight: () => repairClockSkew(database, now()),
    takeNotifications: () => takeNotifications(database, now()),
    log,
    onRound: metrics.countRound,
  });
  return worker;
}

/** The answer does not wait for it, and its failure is nobody's but the log's. */
function createGrantRecheck(tokens: AccessTokenProvider, log: Log): Services['recheckGrant'] {
  return ({ tenantId, memberId }) => {
    tokens.refreshSeen(tenantId, memberId).catch((error: unknown) => {
      log.warn({ err: error }, 'a grant could not be looked at again');
    });
  };
}

/** The directory can be read where the tenant has granted the second registration its permissions. */
function administrationPorts(consent: ConsentPorts, { database, keyring, now }: Opened): AdministrationPorts {
  const { store, entra, directory } = consent;
  const ask = async <T>(tenantId: string, read: (accessToken: string) => Promise<DirectoryAnswer<T>>) => {
    const service = entra.offersService ? (await store.organization(tenantId))?.service : null;
    const token = (service ?? null) === null ? null : await entra.applicationToken(tenantId);
    const answer = token?.kind === 'tokens' ? await read(token.accessToken) : null;
    return answer?.kind === 'ok' ? answer.value : null;
  };
  return {
    store: openAdministrationStore(database, keyring, {
      organization: (tenantId) => store.organization(tenantId),
      members: (tenantId) => store.members(tenantId),
      membersOf: (tenantId, memberIds) => store.membersOf(tenantId, memberIds),
      peopleIn: (tenantId, audience) => store.peopleIn(tenantId, audience),
      addPeople: (tenantId, people, at) => store.transact((writer) => writer.addPeople(tenantId, people, at)),
    }),
    directory: {
      findPeople: (tenantId, search) => ask(tenantId, (token) => directory.findPeople(token, search)),
      everyone: (tenantId) => ask(tenantId, (token) => directory.everybody(token)),
      findGroups: (tenantId, search) => ask(tenantId, (token) => directory.groups(token, search)),
    },
    now,
  };
}

/** The ports of consent, and the tokens that come of it; taking leave of Graph needs one of them once more. */
function openConsent(settings: Settings, log: Log, opened: Opened, transport: GraphTransport) {
  const { database, now } = opened;
  const graph = graphPortOf(settings, transport);
  const lent: Pick<TokenPort, 'get'> = { get: (mailbox, needed) => graphTokens.get(mailbox, needed) };
  const unsubscriber = unsubscribePort({ database, tokens: lent, graph, now }, (error) => {
    log.warn({ err: error }, 'subscriptions could not be ended');
  });
  const consent: ConsentPorts = { ...consentPorts(settings, opened, transport), unsubscriber };
  const tokens = new AccessTokenProvider(consent);
  const graphTokens = mailboxTokens(tokens, new ServiceTokens(consent));
  return { consent, tokens, graphTokens };
}

function consentPorts(
  settings: Settings,
  { database, keyring, http, now }: Opened,
  transport: GraphTransport,
): Omit<ConsentPorts, 'unsubscriber'> {
  const urls = {
    redirectUri: `${settings.publicUrl}/consent/return`,
    signIn: { redirectUri: `${settings.publicUrl}/sign-in/return`, scope: apiScopeOf(settings) },
  };
  return {
    store: openConsentStore(database, now),
    directory: openDirectory(transport, settings.entra.clientId),
    entra: openEntraClient({ ...settings.entra, ...urls, cloud: settings.cloud, service: settings.service }, http, now),
    vault: credentialVault(database, keyring),
    rules: rulesVault(keyring),
    chance: { token: (bytes) => randomBytes(bytes).toString('base64url'), uuid: randomUUID },
    now,
  };
}

function graphPortOf({ publicUrl }: Settings, transport: GraphTransport): GraphPort {
  return openGraphPort(transport, {
    notifications: `${publicUrl}/graph/notifications`,
    lifecycle: `${publicUrl}/graph/lifecycle`,
  });
}

function syncPorts(
  settings: Settings,
  { database, keyring, now }: Opened,
  transport: GraphTransport,
  tokens: TokenPort,
  isStopping: () => boolean,
): SyncPorts {
  return {
    store: openSyncStore(database, keyring, now),
    graph: graphPortOf(settings, transport),
    tokens,
    now,
    wait: (milliseconds) => setTimeout(milliseconds),
    isStopping,
    random: Math.random,
    secret: () => randomBytes(32).toString('base64url'),
  };
}

/**
 * The scope of Assent's own API, asked for by the application itself: `clientId/access_as_user`. Brokers refuse
 * the form with `api://` where client and API are one registration (AADSTS90009).
 */
export function apiScopeOf({ entra }: Pick<Settings, 'entra'>): string {
  return `${entra.clientId}/access_as_user`;
}

export function applicationIdUriOf(publicUrl: string, clientId: string): string {
  return `api://${new URL(publicUrl).host}/${clientId}`;
}

function admissionOf(settings: Settings): AppApproval {
  const redirectUri = `${settings.publicUrl}/connect/return`;
  const scopes = {
    graph: ['openid', 'profile', 'offline_access', 'User.Read'],
    api: [apiScopeOf(settings)],
  } as const;
  return {
    url: (step, state) => adminConsentUrl({ ...settings.entra, redirectUri }, 'organizations', scopes[step], state),
  };
}
