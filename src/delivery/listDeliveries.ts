/** What was sent to an endpoint, newest first, page by page. */
import { z } from 'zod';
import { type Refused, refuse } from '../domain/problems.ts';
import type { CursorSecret } from './ports.ts';
import { openText, type Purpose, signText } from './signedText.ts';
import type { DeliveryFilter, EndpointStore, StoredDelivery } from './webhookPorts.ts';

const DELIVERIES: Purpose = { prefix: 'd1.', name: 'deliveries cursor' };
const Parts = z.tuple([z.string(), z.string(), z.coerce.date(), z.string()]);

export interface DeliveriesRequest {
  readonly endpointId: string;
  readonly filter: DeliveryFilter;
  readonly cursor: string | null;
  readonly limit: number;
}

export interface DeliveriesPage {
  readonly kind: 'page';
  readonly deliveries: readonly StoredDelivery[];
  /** `null` at the end. */
  readonly next: string | null;
}

/** Errors: `cursor_invalid` and `cursor_not_for_this`, as the cursor is. */
export async function listDeliveries(
  endpoints: Pick<EndpointStore, 'deliveries'>,
  secret: CursorSecret,
  { endpointId, filter, cursor, limit }: DeliveriesRequest,
): Promise<DeliveriesPage | Refused> {
  const filterText = JSON.stringify([filter.state, filter.organizationId, filter.since?.toISOString() ?? null]);
  const opened = cursor === null ? null : openText(secret, DELIVERIES, cursor);
  if (opened === undefined) {
    return refuse('cursor_invalid');
  }
  const parts = opened === null ? null : Parts.parse(opened);
  if (parts !== null && (parts[0] !== endpointId || parts[1] !== filterText)) {
    return refuse('cursor_not_for_this');
  }
  const before = parts === null ? null : { at: parts[2], id: parts[3] };
  const found = await endpoints.deliveries(endpointId, filter, before, limit + 1);
  const deliveries = found.slice(0, limit);
  const last = deliveries.at(-1);
  const next =
    found.length > limit && last !== undefined
      ? signText(secret, DELIVERIES, [endpointId, filterText, last.lastAt.toISOString(), last.id])
      : null;
  return { kind: 'page', deliveries, next };
}
