/**
 * Subscriptions to change notifications: made, renewed, listed and ended.
 *
 * Source  "Create subscription", "Update subscription", "List subscriptions", "Delete subscription"
 *         (learn.microsoft.com/graph).
 */
import { z } from 'zod';
import type { AskedSubscription, GraphAccess, GraphAnswer, MadeSubscription } from '../../sync/ports.ts';
import type { GraphTransport } from './transport.ts';

/** Where Graph brings its notifications. */
export interface NotificationUrls {
  readonly notifications: string;
  readonly lifecycle: string;
}

const Made = z.object({ id: z.string().min(1).max(100), expirationDateTime: z.iso.datetime({ offset: true }) });
const Listed = z.object({
  value: z.array(z.object({ id: z.string(), resource: z.string(), notificationUrl: z.string().nullish() })),
});

export async function createSubscription(
  transport: GraphTransport,
  urls: NotificationUrls,
  access: GraphAccess,
  { resource, clientState, expiresAt }: AskedSubscription,
): Promise<GraphAnswer<MadeSubscription>> {
  const body = {
    changeType: 'created,updated,deleted',
    notificationUrl: urls.notifications,
    lifecycleNotificationUrl: urls.lifecycle,
    resource: `${access.mailbox}/${resource}`,
    expirationDateTime: expiresAt.toISOString(),
    clientState,
    latestSupportedTlsVersion: 'v1_2',
  };
  return madeOf(await transport.change(access.accessToken, 'POST', transport.url('subscriptions'), body, Made));
}

export async function renewSubscription(
  transport: GraphTransport,
  access: GraphAccess,
  id: string,
  expiresAt: Date,
): Promise<GraphAnswer<MadeSubscription>> {
  const body = { expirationDateTime: expiresAt.toISOString() };
  return madeOf(await transport.change(access.accessToken, 'PATCH', urlOf(transport, id), body, Made));
}

export function deleteSubscription(
  transport: GraphTransport,
  { accessToken }: GraphAccess,
  id: string,
): Promise<GraphAnswer<null>> {
  return transport.change(accessToken, 'DELETE', urlOf(transport, id), null);
}

/** Graph writes a resource down with whose it is, and without the slash that some ask with. */
export async function listSubscriptions(
  transport: GraphTransport,
  urls: NotificationUrls,
  { accessToken }: GraphAccess,
  resource: string,
): Promise<GraphAnswer<readonly string[]>> {
  const answer = await transport.get(accessToken, transport.url('subscriptions'), Listed);
  if (answer.kind !== 'ok') {
    return answer;
  }
  const ours = answer.value.value.filter(
    (each) => each.notificationUrl === urls.notifications && each.resource.endsWith(`/${resource}`),
  );
  return { kind: 'ok', value: ours.map(({ id }) => id) };
}

function urlOf(transport: GraphTransport, id: string): string {
  return transport.url(`subscriptions/${encodeURIComponent(id)}`);
}

function madeOf(answer: GraphAnswer<z.infer<typeof Made> | null>): GraphAnswer<MadeSubscription> {
  if (answer.kind !== 'ok') {
    return answer;
  }
  return answer.value === null
    ? { kind: 'failed', code: 'unexpectedAnswer' }
    : { kind: 'ok', value: { id: answer.value.id, expiresAt: new Date(answer.value.expirationDateTime) } };
}
