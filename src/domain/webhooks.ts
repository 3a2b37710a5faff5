/**
 * Webhooks: the events that an endpoint of the operator's product is sent.
 *
 * Shapes  What the feed tells, item changes together and everything else by itself, and what only an endpoint has to know.
 */
import { CHANGES, type ChangeType, CHANGE_TYPES } from './feed.ts';
import { wordsOf } from './vocabulary.ts';

interface EventDefinition {
  /** Whether an endpoint can do without it: what a consumer must not miss is always sent. */
  readonly canBeLeftOut: boolean;
}

/**
 * `feed.gap`: what lies between was removed before it could be sent; everything has to be read again. `webhook.test`: sent
 * on request. `webhook.disabled`: another endpoint gets nothing any more.
 */
const OWN_EVENTS = {
  'items.changed': { canBeLeftOut: true },
  'feed.gap': { canBeLeftOut: false },
  'webhook.test': { canBeLeftOut: false },
  'webhook.disabled': { canBeLeftOut: true },
} as const satisfies Readonly<Record<string, EventDefinition>>;

/** What the feed tells by itself is an event of the same name. */
type ToldByItself = {
  [Type in ChangeType]: (typeof CHANGES)[Type]['isOfItem'] extends false ? Type : never;
}[ChangeType];

export type WebhookEvent = keyof typeof OWN_EVENTS | ToldByItself;
const TOLD_BY_ITSELF = CHANGE_TYPES.filter((type): type is ToldByItself => !CHANGES[type].isOfItem);
export const WEBHOOK_EVENTS: readonly WebhookEvent[] = [...wordsOf(OWN_EVENTS), ...TOLD_BY_ITSELF];

export function eventOf(type: ChangeType): WebhookEvent {
  return TOLD_BY_ITSELF.find((event) => event === type) ?? 'items.changed';
}

function isOwn(event: WebhookEvent): event is keyof typeof OWN_EVENTS {
  return event in OWN_EVENTS;
}

function canBeLeftOut(event: WebhookEvent): boolean {
  return isOwn(event) ? OWN_EVENTS[event].canBeLeftOut : CHANGES[event].canBeFiltered;
}

/** What one chooses from where not everything is wanted. */
export const CHOSEN_EVENTS: readonly WebhookEvent[] = WEBHOOK_EVENTS.filter(canBeLeftOut);

/** Whether an endpoint is sent an event; `chosen` is `null` for everything. */
export function isSent(event: WebhookEvent, chosen: readonly WebhookEvent[] | null): boolean {
  return chosen === null || !canBeLeftOut(event) || chosen.includes(event);
}

/** The types of changes that an endpoint is sent. */
export function changesSent(chosen: readonly WebhookEvent[] | null): readonly ChangeType[] {
  return CHANGE_TYPES.filter((type) => isSent(eventOf(type), chosen));
}

/** `changes`: which items changed. `hint`: only how far the feed has come. */
const PAYLOADS = { changes: true, hint: true };
export type WebhookPayload = keyof typeof PAYLOADS;
export const WEBHOOK_PAYLOADS: readonly WebhookPayload[] = wordsOf(PAYLOADS);

/**
 * `retrying`: what an organization's changes wait for. `waiting`: set aside, or asked for again, and sent when it is due.
 * `failed`: it is not tried any more.
 */
const DELIVERY_STATES_TABLE = { delivered: true, retrying: true, waiting: true, failed: true };
export type DeliveryState = keyof typeof DELIVERY_STATES_TABLE;
export const DELIVERY_STATES: readonly DeliveryState[] = wordsOf(DELIVERY_STATES_TABLE);

/** What every try of a delivery carries as `webhook-id`. */
export function webhookIdOf(deliveryId: string): string {
  return deliveryId.replace(/^dlv_/, 'evt_');
}
