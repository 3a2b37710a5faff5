/** What the operator's API works with. */
import { randomBytes } from 'node:crypto';
import { openApiKeyStore } from '../../db/delivery/apiKeys.ts';
import { openFeedMark } from '../../db/delivery/feedMark.ts';
import { openFeedStore } from '../../db/delivery/feedStore.ts';
import { openEndpointStore } from '../../db/delivery/endpointStore.ts';
import { openItemStore } from '../../db/delivery/itemStore.ts';
import type { Database } from '../../db/openDatabase.ts';
import { FEED_CHANNEL } from '../../db/transact.ts';
import type { ApiKeyPorts } from '../../delivery/apiKeys.ts';
import type { FeedPorts } from '../../delivery/ports.ts';
import type { WebhookPorts, WebhookTransport } from '../../delivery/webhookPorts.ts';
import type { Log } from '../log.ts';
import type { Opened } from './opened.ts';

export function apiKeyPorts(database: Database, now: () => Date): ApiKeyPorts {
  return { keys: openApiKeyStore(database), random: randomBytes, now };
}

export function webhookPorts(
  { database, keyring, clock }: Opened,
  transport: WebhookTransport,
  allowedHosts: readonly string[],
  isOrganization: (tenantId: string) => Promise<boolean>,
): WebhookPorts {
  const endpoints = openEndpointStore(database, keyring);
  return { endpoints, transport, allowedHosts, isOrganization, random: randomBytes, now: clock.now };
}

/** `stop` answers everyone who waits, so that a process that is to end isn't held up by them. */
export async function feedPorts({ database, keyring, clock }: Opened, log: Log): Promise<FeedPorts & { stop(): void }> {
  const { cursors, isRestored } = await openFeedMark(database, keyring);
  if (isRestored) {
    log.warn('an older database was found: every cursor of the feed is refused once');
  }
  const waiting = new Set<() => void>();
  let isStopping = false;
  let news = 0;
  const wakeAll = () => {
    news += 1;
    waiting.forEach((wake) => {
      wake();
    });
  };
  await database.listen(FEED_CHANNEL, wakeAll);
  return {
    feed: openFeedStore(database),
    items: openItemStore(database, keyring),
    cursors,
    newsCount: () => news,
    untilNews: (count, milliseconds) =>
      new Promise((resolve) => {
        if (news > count) {
          resolve();
          return;
        }
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, milliseconds);
        waiting.add(wake);
      }),
    isStopping: () => isStopping,
    now: clock.now,
    stop: () => {
      isStopping = true;
      wakeAll();
    },
  };
}
