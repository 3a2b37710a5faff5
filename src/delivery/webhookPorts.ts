/** What webhooks need of the database, of the network, of time and of chance. */
import type { Category } from '../domain/categories/categories.ts';
import type { ChangeType } from '../domain/feed.ts';
import type { EndpointHealth, Outcome, Trial } from '../domain/webhookLife.ts';
import type { ChangeDetail } from './ports.ts';
import type { DeliveryState, WebhookEvent, WebhookPayload } from '../domain/webhooks.ts';

/** What the operator chose for an endpoint. */
export interface EndpointChoice {
  readonly url: string;
  /** `null`: everything. */
  readonly events: readonly WebhookEvent[] | null;
  /** `null`: every organization. */
  readonly organizationIds: readonly string[] | null;
  readonly payload: WebhookPayload;
  /** How long changes are collected before they are sent, in milliseconds. */
  readonly linger: number;
  /** How many requests there are at once at most. */
  readonly maxInFlight: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface EndpointSecret {
  /** `whsec_` and base64. */
  readonly text: string;
  /** `null`: the newest one. */
  readonly until: Date | null;
}

export interface Endpoint extends EndpointChoice {
  readonly id: string;
  /** Newest first. */
  readonly secrets: readonly EndpointSecret[];
  readonly health: EndpointHealth;
  readonly createdAt: Date;
}

/** A number of the feed of an organization; `type` is `null` for what is not told any more. */
export interface LaneRow {
  readonly sequence: number;
  readonly type: ChangeType | null;
  readonly memberId: string | null;
  readonly connectionId: string | null;
  readonly category: Category | null;
  readonly itemId: string | null;
  readonly upTo: number | null;
  readonly detail: ChangeDetail | null;
  readonly at: Date;
}

/** What is sent in one request: numbers of an organization, or something that is about no organization. */
export interface Batch {
  readonly event: WebhookEvent;
  readonly range: { readonly tenantId: string; readonly first: number; readonly last: number } | null;
  /** The exact text of the request. */
  readonly body: string;
}

/** Numbers of an organization that begin behind what an endpoint has taken. */
export interface LaneStretch {
  readonly tenantId: string;
  readonly after: number;
  /** All of them, in their order, without a gap. */
  readonly rows: readonly LaneRow[];
  /** Up to here everything was removed. */
  readonly floor: number;
  /** When it is tried first. */
  readonly at: Date;
}

/** What to send next of a stretch; `null` where the endpoint wants nothing of it. */
export type PlanBatch = (stretch: LaneStretch, choice: Pick<Endpoint, 'events' | 'payload'>) => Batch | null;

/** A batch that was taken to be sent, and that no other process sends meanwhile. */
export interface ClaimedBatch extends Batch {
  readonly endpoint: Endpoint;
  /** The same for each try of the same thing. */
  readonly deliveryId: string;
  readonly messageId: string;
  /** In an organization's order, or by itself. */
  readonly place: 'lane' | 'aside';
  readonly trial: Trial;
}

export interface Attempt {
  readonly at: Date;
  /** `null` where none came. */
  readonly status: number | null;
  readonly milliseconds: number;
  /** Why there was no answer, as a code. */
  readonly error: string | null;
  /** How the answer began. */
  readonly excerpt: string | null;
}

export interface EndedBatch {
  readonly claimed: ClaimedBatch;
  readonly outcome: Outcome;
  readonly attempt: Attempt;
}

/** What became of an endpoint that is disabled now. */
export interface DisabledEndpoint {
  readonly endpointId: string;
  readonly reason: string;
}

export interface WebhookQueue {
  /** Takes batches that are due, few of each endpoint; answers when the next one is, where it is known. */
  claim(
    owner: string,
    now: Date,
    most: number,
  ): Promise<{ readonly batches: readonly ClaimedBatch[]; readonly nextAt: Date | null }>;
  /** Writes what became of them. What another process has taken since is left alone. */
  finish(owner: string, ended: readonly EndedBatch[], now: Date): Promise<readonly DisabledEndpoint[]>;
}

export interface StoredDelivery {
  readonly id: string;
  readonly event: WebhookEvent;
  readonly organizationId: string | null;
  readonly first: number | null;
  readonly last: number | null;
  readonly state: DeliveryState;
  readonly attempts: readonly Attempt[];
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly dueAt: Date | null;
}

/** One request to an address that the operator named. */
export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type WebhookAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | null;
      /** At most a thousand characters, without those that control a terminal. */
      readonly excerpt: string;
      readonly tlsVersion: string | null;
    }
  | { readonly kind: 'unreached'; readonly error: string };

export interface WebhookTransport {
  post(request: WebhookRequest): Promise<WebhookAnswer>;
}

/** Which deliveries are listed, newest first. */
export interface DeliveryFilter {
  readonly state: DeliveryState | null;
  readonly organizationId: string | null;
  readonly since: Date | null;
}

/** Where a page of deliveries ends. */
export interface DeliveryPlace {
  readonly at: Date;
  readonly id: string;
}

export interface Replay {
  /** What changed from then on. */
  readonly from: Date;
  /** Up to then; `null` for everything. */
  readonly to: Date | null;
  /** `null`: every organization of the endpoint. */
  readonly organizationId: string | null;
  /** `failed`: what was not taken. `all`: everything that the feed still has. */
  readonly only: 'failed' | 'all';
}

export interface EndpointStore {
  add(endpoint: Endpoint): Promise<void>;
  list(): Promise<readonly Endpoint[]>;
  find(id: string): Promise<Endpoint | null>;
  /** Writes what `change` makes of it as it is then (`null`: nothing); `null` where there is none. */
  change(id: string, change: (endpoint: Endpoint) => Endpoint | null): Promise<Endpoint | null>;
  /** Is tried again, where its lanes stand, at a pace of its own. */
  resume(id: string, isMeant: (endpoint: Endpoint) => boolean, now: Date): Promise<Endpoint | null>;
  remove(id: string, isMeant: (endpoint: Endpoint) => boolean): Promise<boolean>;
  deliveries(
    id: string,
    filter: DeliveryFilter,
    before: DeliveryPlace | null,
    limit: number,
  ): Promise<readonly StoredDelivery[]>;
  /** Has one sent again now; answers whether there is one. */
  retry(id: string, deliveryId: string, now: Date): Promise<boolean>;
  /** Has them sent again; answers how many lanes, or deliveries, that are. */
  replay(id: string, replay: Replay, now: Date): Promise<number>;
}

export interface WebhookPorts {
  readonly endpoints: EndpointStore;
  readonly transport: WebhookTransport;
  /** Hosts that may be named wherever they are. */
  readonly allowedHosts: readonly string[];
  isOrganization(tenantId: string): Promise<boolean>;
  random(bytes: number): Uint8Array;
  now(): Date;
}
