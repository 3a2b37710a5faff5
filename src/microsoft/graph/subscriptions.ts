/**
 * Subscriptions to change notifications: made, renewed, listed and ended.
 *
 * Source  "Create subscription", "Update subscription", "List subscriptions", "Delete subscription"
 *         (learn.microsoft.com/graph).
 */
import { z } from 'zod';
import type { SubscriptionRequest, GraphAccess, GraphAnswer, CreatedSubscription } from '../../sync/ports.ts';
import { namesMailbox } from './links.ts';
import type { GraphTransport } from './transport.ts';

/** Where Graph brings its notifications. */
export interface NotificationUrls {
  readonly notifications: string;
  readonly lifecycle: string;
}

const Made = z.object({ id: z.string().min(1).max(100), expirationDateTime: z.iso.datetime({ offset: true }) });
const Listed = z.object({
  value: z.array(z.object({ id: z.string(), resource: z.string(), notificationUrl: z.string().nullish() })),
  '@odata.nextLink': z.string().optional(),
});
/** An application sees what it has made in the whole tenant; what continues after this many pages does not end. */
const MAX_PAGES = 100;

export async function createSubscription(
  transport: GraphTransport,
  urls: NotificationUrls,
  access: GraphAccess,
  { resource, clientState, expiresAt }: SubscriptionRequest,
): Promise<GraphAnswer<CreatedSubscription>> {
  const body = {
    changeType: 'created,updated,deleted',
    notificationUrl: urls.notifications,
    lifecycleNotificationUrl: urls.lifecycle,
    resource: `${access.mailbox}/${resource}`,
    expirationDateTime: expiresAt.toISOString(),
    clientState,
    latestSupportedTlsVersion: 'v1_2',
  };
  return toCreatedSubscription(
    await transport.change(access.accessToken, 'POST', transport.url('subscriptions'), body, Made),
  );
}

export async function renewSubscription(
  transport: GraphTransport,
  access: GraphAccess,
  id: string,
  expiresAt: Date,
): Promise<GraphAnswer<CreatedSubscription>> {
  const body = { expirationDateTime: expiresAt.toISOString() };
  return toCreatedSubscription(await transport.change(access.accessToken, 'PATCH', urlOf(transport, id), body, Made));
}

export function deleteSubscription(
  transport: GraphTransport,
  { accessToken }: GraphAccess,
  id: string,
): Promise<GraphAnswer<null>> {
  return transport.change(accessToken, 'DELETE', urlOf(transport, id), null);
}

/** The mailbox's own subscriptions to `resource`: an application's list covers the whole tenant. */
export async function listSubscriptions(
  transport: GraphTransport,
  urls: NotificationUrls,
  access: GraphAccess,
  resource: string,
): Promise<GraphAnswer<readonly string[]>> {
  const found: string[] = [];
  let url: string | undefined = transport.url('subscriptions');
  for (let page = 0; url !== undefined; page += 1) {
    if (page === MAX_PAGES || !transport.isOurs(url)) {
      return { kind: 'failed', code: 'unexpectedAnswer' };
    }
    const answer: GraphAnswer<z.infer<typeof Listed>> = await transport.get(access.accessToken, url, Listed);
    if (answer.kind !== 'ok') {
      return answer;
    }
    const ours = answer.value.value.filter(
      (each) => each.notificationUrl === urls.notifications && isOf(access, each.resource, resource),
    );
    found.push(...ours.map(({ id }) => id));
    url = answer.value['@odata.nextLink'];
  }
  return { kind: 'ok', value: found };
}

/** Graph writes a resource down with whose it is, with or without the slash that some ask with. */
function isOf(access: GraphAccess, written: string, resource: string): boolean {
  const path = written.replace(/^\//, '');
  return namesMailbox(access, path) && path.toLowerCase().endsWith(`/${resource.toLowerCase()}`);
}

function urlOf(transport: GraphTransport, id: string): string {
  return transport.url(`subscriptions/${encodeURIComponent(id)}`);
}

function toCreatedSubscription(answer: GraphAnswer<z.infer<typeof Made> | null>): GraphAnswer<CreatedSubscription> {
  if (answer.kind !== 'ok') {
    return answer;
  }
  return answer.value === null
    ? { kind: 'failed', code: 'unexpectedAnswer' }
    : { kind: 'ok', value: { id: answer.value.id, expiresAt: new Date(answer.value.expirationDateTime) } };
}
