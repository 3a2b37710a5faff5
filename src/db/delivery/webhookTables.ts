/** Tables of webhooks. */
import type { DisabledReason, EndpointState } from '../../domain/webhookLife.ts';
import type { DeliveryState, WebhookEvent, WebhookPayload } from '../../domain/webhooks.ts';
import type { DefaultedJson, Json } from '../columns.ts';

export interface WebhookEndpointsTable {
  endpoint_id: string;
  url: string;
  /** `null`: all that there are. */
  events: string[] | null;
  /** `null`: every organization. */
  organization_ids: string[] | null;
  payload: WebhookPayload;
  linger_milliseconds: number;
  max_in_flight: number;
  /** Its secrets and headers, as base64: an envelope of the master key. */
  sealed: string;
  state: EndpointState;
  disabled_reason: DisabledReason | null;
  failures: number;
  failing_since: Date | null;
  tries: number;
  next_try_at: Date | null;
  is_busy: boolean;
  succeeded_at: Date | null;
  /** It was off, and is sent what it missed at a pace of its own. */
  is_catching_up: boolean;
  /** When something was last taken for it while it catches up. */
  claimed_at: Date | null;
  created_at: Date;
}

/** How far an endpoint has come in an organization. */
export interface WebhookLanesTable {
  endpoint_id: string;
  tenant_id: string;
  /** The last number that it took. */
  delivered: number;
  /** The last number that the feed has. */
  published: number;
  /** The last number of what is being sent: settled before it is tried, so that it is the same each time. */
  pending_to: number | null;
  /** While it is sent again what it had: up to here, and where it goes on then. */
  replay_until: number | null;
  resume_from: number | null;
  /** `null` where there is nothing to send. */
  due_at: Date | null;
  tries: number;
  first_at: Date | null;
  lease_owner: string | null;
  lease_until: Date | null;
}

/** An attempt, as the operator reads it. */
export interface StoredAttempt {
  readonly at: string;
  readonly status: number | null;
  readonly milliseconds: number;
  readonly error: string | null;
  readonly excerpt: string | null;
}

export interface WebhookDeliveriesTable {
  delivery_id: string;
  endpoint_id: string;
  /** `null` where it is of no organization. */
  tenant_id: string | null;
  event: WebhookEvent;
  first: number | null;
  last: number | null;
  /** What is sent, where it is not in the feed. */
  detail: Json<unknown> | null;
  state: DeliveryState;
  tries: number;
  attempts: DefaultedJson<readonly StoredAttempt[]>;
  first_at: Date;
  last_at: Date;
  due_at: Date | null;
  lease_owner: string | null;
  lease_until: Date | null;
}
