/** Endpoints of webhooks and what was sent to them, as the operator's API shows them. */
import type { DeliveryDocument, EndpointDocument } from '../../contract/operator/webhooks.ts';
import type { Attempt, Endpoint, StoredDelivery } from '../../delivery/webhookPorts.ts';
import { webhookIdOf } from '../../domain/webhooks.ts';

export function presentEndpoint(endpoint: Endpoint): EndpointDocument {
  const { id, url, events, organizationIds, payload, linger, maxInFlight, headers, secrets, health } = endpoint;
  return {
    id,
    url,
    events: events === null ? ['*'] : [...events],
    organizationIds: organizationIds === null ? null : [...organizationIds],
    payload,
    linger,
    maxInFlight,
    headerNames: Object.keys(headers).toSorted(),
    state: health.state,
    disabledReason: health.disabledReason,
    failures: health.failures,
    failingSince: textOf(health.failingSince),
    nextTryAt: textOf(health.nextTryAt),
    succeededAt: textOf(health.succeededAt),
    secretsUntil: secrets.flatMap(({ until }) => (until === null ? [] : [until.toISOString()])),
    createdAt: endpoint.createdAt.toISOString(),
  };
}

export function presentDelivery(delivery: StoredDelivery): DeliveryDocument {
  const { id, event, organizationId, first, last, state, attempts, dueAt } = delivery;
  return {
    id,
    webhookId: webhookIdOf(id),
    event,
    organizationId,
    from: first,
    to: last,
    state,
    dueAt: textOf(dueAt),
    tries: attempts.map(presentAttempt),
  };
}

export function presentAttempt({ at, ...attempt }: Attempt) {
  return { at: at.toISOString(), ...attempt };
}

function textOf(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
