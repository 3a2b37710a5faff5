/** Endpoints: what was chosen for each, its secrets, sealed by the master key, and how it is. */
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Endpoint } from '../../delivery/webhookPorts.ts';
import { WEBHOOK_EVENTS, type WebhookEvent } from '../../domain/webhooks.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { WebhookEndpointsTable } from './webhookTables.ts';

const Sealed = z.object({
  secrets: z.array(z.object({ text: z.string(), until: z.coerce.date().nullable() })),
  headers: z.record(z.string(), z.string()),
});

type Row = Selectable<WebhookEndpointsTable>;

export function toEndpoint(keyring: Keyring, row: Row): Endpoint {
  const opened = keyring.openByMaster(contextOf(row.endpoint_id), Buffer.from(row.sealed, 'base64'));
  const { secrets, headers } = Sealed.parse(JSON.parse(opened.toString('utf8')));
  return {
    id: row.endpoint_id,
    url: row.url,
    events: toEvents(row.events),
    organizationIds: row.organization_ids,
    payload: row.payload,
    linger: row.linger_milliseconds,
    maxInFlight: row.max_in_flight,
    headers,
    secrets,
    createdAt: row.created_at,
    health: {
      state: row.state,
      disabledReason: row.disabled_reason,
      failures: row.failures,
      failingSince: row.failing_since,
      tries: row.tries,
      nextTryAt: row.next_try_at,
      isBusy: row.is_busy,
      succeededAt: row.succeeded_at,
    },
  };
}

/** An event that this version doesn't know isn't sent by it. */
export function toEvents(stored: readonly string[] | null): readonly WebhookEvent[] | null {
  return stored === null ? null : WEBHOOK_EVENTS.filter((event) => stored.includes(event));
}

/** The columns of what the operator chose. */
export function chosenColumns(keyring: Keyring, endpoint: Endpoint) {
  const { id, url, events, organizationIds, payload, linger, maxInFlight, headers, secrets } = endpoint;
  const plain = Buffer.from(JSON.stringify({ secrets, headers }));
  return {
    url,
    events: events === null ? null : [...events],
    organization_ids: organizationIds === null ? null : [...organizationIds],
    payload,
    linger_milliseconds: linger,
    max_in_flight: maxInFlight,
    sealed: keyring.sealByMaster(contextOf(id), plain).toString('base64'),
  };
}

export function healthColumns({ health }: Pick<Endpoint, 'health'>) {
  return {
    state: health.state,
    disabled_reason: health.disabledReason,
    failures: health.failures,
    failing_since: health.failingSince,
    tries: health.tries,
    next_try_at: health.nextTryAt,
    is_busy: health.isBusy,
    succeeded_at: health.succeededAt,
  };
}

function contextOf(endpointId: string): readonly string[] {
  return ['webhook endpoint', endpointId];
}
