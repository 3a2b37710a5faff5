/** The worker, and what its sync engine, erasures and reviews work with. */
import { randomBytes } from 'node:crypto';
import { AccessTokenProvider } from '../../consent/accessTokens.ts';
import { type ConsentPorts } from '../../consent/ports.ts';
import { repairClockSkew } from '../../db/sync/repairClockSkew.ts';
import { advanceFeedMark } from '../../db/delivery/feedMark.ts';
import { pruneIdempotentRequests } from '../../db/delivery/idempotencyStore.ts';
import { pruneFeed } from '../../db/delivery/pruneFeed.ts';
import { pruneDeliveries } from '../../db/delivery/pruneDeliveries.ts';
import { publishAll } from '../../db/delivery/publisher.ts';
import { openWebhookQueue } from '../../db/delivery/webhookQueue.ts';
import { openRelevanceStore } from '../../db/content/relevanceStore.ts';
import { openEraseStore } from '../../db/content/eraseStore.ts';
import { takeNotifications } from '../../db/sync/notifications.ts';
import { openSyncStore } from '../../db/sync/syncStore.ts';
import { bodyOf, planBatch } from '../../delivery/planBatch.ts';
import type { WebhookTransport } from '../../delivery/webhookPorts.ts';
import type { GraphTransport } from '../../microsoft/graph/transport.ts';
import type { SyncPorts, TokenPort } from '../../sync/ports.ts';
import { type Metrics } from '../metrics.ts';
import type { Settings } from '../settings.ts';
import { WebhookSender } from '../webhookSender.ts';
import { Worker } from '../worker.ts';
import { graphPortOf } from './graph.ts';
import { type Opened, type ProductOptions } from './opened.ts';

const DAY_MILLISECONDS = 86_400_000;

function syncPorts(
  settings: Settings,
  { database, keyring, clock }: Opened,
  transport: GraphTransport,
  tokens: TokenPort,
  isStopping: () => boolean,
): SyncPorts {
  return {
    store: openSyncStore(database, keyring, clock.now),
    graph: graphPortOf(settings, transport),
    tokens,
    ...clock,
    isStopping,
    random: Math.random,
    secret: () => randomBytes(32).toString('base64url'),
  };
}

interface WorkerSources {
  readonly transport: GraphTransport;
  readonly consent: ConsentPorts;
  readonly tokens: AccessTokenProvider;
  readonly metrics: Metrics;
  readonly graphTokens: TokenPort;
  /** Of the feed. */
  readonly generation: string;
  readonly webhooks: WebhookTransport;
}

export function openWorker(
  settings: Settings,
  { log }: ProductOptions,
  opened: Opened,
  { transport, consent, tokens, metrics, graphTokens, generation, webhooks }: WorkerSources,
): Worker {
  const { database, keyring } = opened;
  const { now } = opened.clock;
  const worker: Worker = new Worker({
    database,
    consent,
    tokens,
    sync: syncPorts(settings, opened, transport, graphTokens, () => worker.isStopped),
    erase: openEraseStore(database, keyring, now),
    relevance: openRelevanceStore(database, keyring, now, (error) => {
      log.error({ err: error }, 'a review of the rules failed and is tried again later');
    }),
    webhooks: new WebhookSender({
      queue: openWebhookQueue(database, { keyring, generation, plan: planBatch, write: bodyOf, random: Math.random }),
      transport: webhooks,
      now,
      log,
      onAttempt: metrics.countWebhook,
    }),
    repairClockSkew: () => repairClockSkew(database, now()),
    publish: () => publishAll(database, now()),
    advanceFeedMark: () => advanceFeedMark(database, keyring),
    pruneDeliveries: async () => {
      await pruneDeliveries(database, now());
      await pruneIdempotentRequests(database, now());
    },
    pruneFeed: () => pruneFeed(database, new Date(now().getTime() - settings.feedRetentionDays * DAY_MILLISECONDS)),
    takeNotifications: () => takeNotifications(database, now()),
    log,
    onRound: metrics.countRound,
  });
  return worker;
}
