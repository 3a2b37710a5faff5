/** Lanes of webhooks on a database, with a clock that a test moves. */
import { randomUUID } from 'node:crypto';
import { openEndpointStore } from '../../src/db/delivery/endpointStore.ts';
import { appendOutbox, type OutboxOwner } from '../../src/db/delivery/outbox.ts';
import { publishAll } from '../../src/db/delivery/publisher.ts';
import { openWebhookQueue } from '../../src/db/delivery/webhookQueue.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { transact } from '../../src/db/transact.ts';
import { bodyOf, planBatch } from '../../src/delivery/planBatch.ts';
import type {
  ClaimedBatch,
  DisabledEndpoint,
  Endpoint,
  EndedBatch,
  EndpointStore,
} from '../../src/delivery/webhookPorts.ts';
import { HEALTHY, type Outcome } from '../../src/domain/webhookLife.ts';
import { openTestDatabase } from './databases.ts';
import { memoryKeys } from './memoryKeys.ts';
import { emptyTables } from './tables.ts';

const START = Date.parse('2026-11-30T12:00:00Z');

export const DELIVERED: Outcome = { kind: 'delivered' };
export const FAILED: Outcome = { kind: 'failed' };

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A process that sends: its leases are its own. */
export interface SendingProcess {
  /** At most so many; a hundred without. */
  claim(most?: number): Promise<readonly ClaimedBatch[]>;
  nextAt(): Promise<Date | null>;
  /** All of them end alike. */
  finish(batches: readonly ClaimedBatch[], outcome: Outcome): Promise<readonly DisabledEndpoint[]>;
}

export interface WebhookLanes {
  readonly database: Database;
  readonly endpoints: EndpointStore;
  now(): Date;
  pass(milliseconds: number): void;
  anEndpoint(id: string, choice?: Partial<Endpoint>): Promise<void>;
  /** Items change in an organization, and it is published. */
  change(tenantId: string, ...ids: readonly string[]): Promise<OutboxOwner>;
  aProcess(): SendingProcess;
  empty(): Promise<void>;
  close(): Promise<void>;
}

export async function openWebhookLanes(engine: Database['engine']): Promise<WebhookLanes> {
  const database = await openTestDatabase(engine);
  let now = new Date(START);
  const keyring = await memoryKeys(() => now);
  const endpoints = openEndpointStore(database, keyring);
  const parts = { keyring, generation: 'first', plan: planBatch, write: bodyOf, random: () => 0.5 };
  const queue = openWebhookQueue(database, parts);
  return {
    database,
    endpoints,
    now: () => now,
    pass: (milliseconds) => {
      now = new Date(now.getTime() + milliseconds);
    },
    anEndpoint: (id, choice = {}) => endpoints.add({ ...USUAL, id, createdAt: now, ...choice }),
    change: async (tenantId, ...ids) => {
      const [memberId, connectionId] = [randomUUID(), randomUUID()];
      const owner: OutboxOwner = { tenantId, memberId, connectionId, category: 'mail' };
      await transact(database, (tx) => {
        appendOutbox(
          tx,
          owner,
          ids.map((itemId) => ({ kind: 'upserted', itemId }) as const),
          now,
        );
        return Promise.resolve();
      });
      await publishAll(database, now);
      return owner;
    },
    aProcess: () => {
      const name = randomUUID();
      const attempt = { at: now, status: 204, milliseconds: 7, error: null, excerpt: null };
      return {
        claim: async (most = 100) => (await queue.claim(name, now, most)).batches,
        nextAt: async () => (await queue.claim(name, now, 100)).nextAt,
        finish: (batches, outcome) => {
          const status = outcome.kind === 'delivered' ? 204 : 500;
          const end = (claimed: ClaimedBatch): EndedBatch => ({
            claimed,
            outcome,
            attempt: { ...attempt, at: now, status },
          });
          return queue.finish(name, batches.map(end), now);
        },
      };
    },
    empty: async () => {
      await emptyTables(database);
      now = new Date(START);
    },
    close: () => database.close(),
  };
}

const USUAL: Omit<Endpoint, 'id' | 'createdAt'> = {
  url: 'https://hooks.example.com/',
  events: null,
  organizationIds: null,
  payload: 'changes',
  linger: 250,
  maxInFlight: 10,
  headers: {},
  secrets: [{ text: `whsec_${Buffer.alloc(32, 1).toString('base64')}`, until: null }],
  health: HEALTHY,
};

/** Of each batch: its endpoint, its event, its organization, and the numbers that it covers. */
export function spansOf(batches: readonly ClaimedBatch[]) {
  return batches.map(({ endpoint, event, range }) => [endpoint.id, event, range?.tenantId, range?.first, range?.last]);
}
