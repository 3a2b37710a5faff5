/**
 * Endpoints: where an operator's product is sent what changes.
 *
 * An endpoint of some organizations is there for keys that may see all of them, and for no other. What a key may not see
 * isn't there.
 *
 * Errors  `not_found`; `body_invalid` with the field.
 */
import { type ApiKey, coversOrganization, coversOrganizations } from '../domain/apiKeys.ts';
import { type FieldRefused, type Refused, refuse, refuseField } from '../domain/problems.ts';
import { faultOf } from '../domain/webhookAddress.ts';
import { HEALTHY } from '../domain/webhookLife.ts';
import type { WebhookEvent } from '../domain/webhooks.ts';
import { type Sent, sendOnce } from './deliverBatch.ts';
import { bodyOf } from './planBatch.ts';
import type { Endpoint, EndpointChoice, EndpointSecret, WebhookPorts } from './webhookPorts.ts';

const SECRET_BYTES = 32;
const ID_BYTES = 12;
const HOUR_MILLISECONDS = 3_600_000;
/** So many that each can be looked after. */
const MOST_ENDPOINTS = 50;

export interface MadeEndpoint {
  readonly kind: 'made';
  readonly endpoint: Endpoint;
  /** Shown now, and never again. */
  readonly secret: string;
}

export async function createEndpoint(
  ports: WebhookPorts,
  key: ApiKey,
  choice: EndpointChoice,
): Promise<MadeEndpoint | FieldRefused | Refused> {
  const organizationIds = choice.organizationIds ?? key.organizationIds;
  const refused = await refusalOf(ports, key, { ...choice, organizationIds });
  if (refused !== null) {
    return refused;
  }
  if ((await ports.endpoints.list()).length >= MOST_ENDPOINTS) {
    return refuseField('url', `There can be ${MOST_ENDPOINTS} endpoints: remove one first`);
  }
  const secret = newSecret(ports);
  const endpoint = {
    ...choice,
    organizationIds,
    id: `whk_${Buffer.from(ports.random(ID_BYTES)).toString('base64url')}`,
    secrets: [{ text: secret, until: null }],
    health: HEALTHY,
    createdAt: ports.now(),
  };
  await ports.endpoints.add(endpoint);
  return { kind: 'made', endpoint, secret };
}

export async function listEndpoints(ports: WebhookPorts, key: ApiKey): Promise<readonly Endpoint[]> {
  return (await ports.endpoints.list()).filter((endpoint) => isSeenBy(key, endpoint));
}

export async function findEndpoint(ports: WebhookPorts, key: ApiKey, id: string): Promise<Endpoint | null> {
  const endpoint = await ports.endpoints.find(id);
  return endpoint !== null && isSeenBy(key, endpoint) ? endpoint : null;
}

export async function changeEndpoint(
  ports: WebhookPorts,
  key: ApiKey,
  id: string,
  change: Partial<EndpointChoice>,
): Promise<Endpoint | FieldRefused | Refused> {
  const endpoint = await findEndpoint(ports, key, id);
  if (endpoint === null) {
    return refuse('not_found');
  }
  const refused = await refusalOf(ports, key, { ...endpoint, ...change });
  const apply = (current: Endpoint) => (isSeenBy(key, current) ? { ...current, ...change } : null);
  return refused ?? (await ports.endpoints.change(id, apply)) ?? refuse('not_found');
}

export function removeEndpoint(ports: WebhookPorts, key: ApiKey, id: string): Promise<boolean> {
  return ports.endpoints.remove(id, (current) => isSeenBy(key, current));
}

/** Nothing is sent until it is resumed; what it has taken stays known. */
export async function pauseEndpoint(ports: WebhookPorts, key: ApiKey, id: string): Promise<Endpoint | Refused> {
  const pause = (current: Endpoint): Endpoint =>
    current.health.state === 'disabled'
      ? current
      : { ...current, health: { ...HEALTHY, state: 'paused', succeededAt: current.health.succeededAt } };
  const paused = await ports.endpoints.change(id, (current) => (isSeenBy(key, current) ? pause(current) : null));
  return paused ?? refuse('not_found');
}

export async function resumeEndpoint(ports: WebhookPorts, key: ApiKey, id: string): Promise<Endpoint | Refused> {
  const resumed = await ports.endpoints.resume(id, (current) => isSeenBy(key, current), ports.now());
  return resumed ?? refuse('not_found');
}

/** A new secret; the one before signs beside it for so many hours. */
export async function rotateSecret(
  ports: WebhookPorts,
  key: ApiKey,
  id: string,
  overlapHours: number,
): Promise<MadeEndpoint | Refused> {
  const secret = newSecret(ports);
  const now = ports.now();
  const until = new Date(now.getTime() + overlapHours * HOUR_MILLISECONDS);
  const rotate = (current: Endpoint): Endpoint => {
    if (current.secrets[0]?.text === secret) {
      // An earlier try of the same request has come so far.
      return current;
    }
    const older = current.secrets
      .map((each): EndpointSecret => ({
        ...each,
        until: each.until === null || each.until > until ? until : each.until,
      }))
      .filter((each) => each.until !== null && each.until > now);
    return { ...current, secrets: [{ text: secret, until: null }, ...older] };
  };
  const endpoint = await ports.endpoints.change(id, (current) => (isSeenBy(key, current) ? rotate(current) : null));
  return endpoint === null ? refuse('not_found') : { kind: 'made', endpoint, secret };
}

/** Sends something at once that says nothing, whatever state the endpoint is in. */
export async function testEndpoint(
  ports: WebhookPorts,
  key: ApiKey,
  id: string,
): Promise<({ readonly kind: 'sent' } & Sent) | Refused> {
  const endpoint = await findEndpoint(ports, key, id);
  if (endpoint === null) {
    return refuse('not_found');
  }
  const event: WebhookEvent = 'webhook.test';
  const messageId = `evt_${Buffer.from(ports.random(ID_BYTES)).toString('base64url')}`;
  const body = bodyOf(event, ports.now(), { endpointId: id });
  return { kind: 'sent', ...(await sendOnce(ports, endpoint, messageId, body)) };
}

function newSecret({ random }: WebhookPorts): string {
  return `whsec_${Buffer.from(random(SECRET_BYTES)).toString('base64')}`;
}

function isSeenBy(key: ApiKey, { organizationIds }: Endpoint): boolean {
  return coversOrganizations(key, organizationIds);
}

async function refusalOf(
  { allowedHosts, isOrganization }: WebhookPorts,
  key: ApiKey,
  { url, organizationIds }: Pick<EndpointChoice, 'url' | 'organizationIds'>,
): Promise<FieldRefused | Refused | null> {
  const fault = faultOf(url, allowedHosts);
  if (fault !== null) {
    return refuseField('url', `The address ${fault}`);
  }
  if (organizationIds === null) {
    return key.organizationIds === null ? null : refuse('not_found');
  }
  for (const tenantId of organizationIds) {
    // Looked up first, so that how long it takes doesn't tell the two apart.
    if (!(await isOrganization(tenantId)) || !coversOrganization(key, tenantId)) {
      return refuse('not_found');
    }
  }
  return null;
}
