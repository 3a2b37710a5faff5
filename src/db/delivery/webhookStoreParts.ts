/** What the tables of webhooks are worked on with. */
import { createHash } from 'node:crypto';
import type { Endpoint, PlanBatch } from '../../delivery/webhookPorts.ts';
import { type WebhookEvent, webhookIdOf } from '../../domain/webhooks.ts';
import type { Keyring } from '../keys/keyring.ts';

export interface WebhookStoreParts {
  readonly keyring: Keyring;
  /** Of the feed: a database that was restored gives its numbers again, and they are not to be taken for the same. */
  readonly generation: string;
  readonly plan: PlanBatch;
  /** The text of what is in no feed. */
  write(event: WebhookEvent, at: Date, data: Readonly<Record<string, unknown>>): string;
  /** Between 0 and 1. */
  random(): number;
}

/** How much of an endpoint may be taken now. */
export interface Room {
  readonly endpoint: Endpoint;
  readonly slots: number;
}

/** What names a request: the same for each try of the same thing. */
export interface BatchNames {
  readonly deliveryId: string;
  readonly messageId: string;
}

export function namesOf(
  { generation }: Pick<WebhookStoreParts, 'generation'>,
  endpointId: string,
  event: WebhookEvent,
  ...rest: readonly (string | number)[]
): BatchNames {
  const parts = JSON.stringify([generation, endpointId, event, ...rest]);
  const name = createHash('sha256').update(parts).digest('base64url').slice(0, 22);
  const deliveryId = `dlv_${name}`;
  return { deliveryId, messageId: webhookIdOf(deliveryId) };
}
