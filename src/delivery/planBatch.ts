/**
 * What is sent next of an organization's changes: one event, below the size that receivers take.
 *
 * Shapes  `{type, timestamp, data}`; `data.from` and `data.to` are the first and the last number that it covers, also those
 *         of what an endpoint doesn't want. The same numbers give the same text, unless something of them was erased since.
 * Units   Bytes; at most 16 KiB.
 * Source  Standard Webhooks 1.0: payloads stay below 20 KB.
 */
import { CHANGES } from '../domain/feed.ts';
import { changesSent, eventOf, type WebhookEvent } from '../domain/webhooks.ts';
import type { Batch, LaneRow, LaneStretch, PlanBatch } from './webhookPorts.ts';

const MAX_BYTES = 16 * 1024;
/** What a body has beside its changes. */
const FRAME_BYTES = 300;

type Data = Readonly<Record<string, unknown>>;

export function bodyOf(event: WebhookEvent, at: Date, data: Data): string {
  return JSON.stringify({ type: event, timestamp: at.toISOString(), data });
}

export const planBatch: PlanBatch = (stretch, { events, payload }) => {
  if (stretch.floor > stretch.after) {
    return gapBatch(stretch);
  }
  const sent = changesSent(events);
  const isWanted = ({ type }: LaneRow) => type !== null && sent.includes(type);
  const [first] = stretch.rows.filter(isWanted);
  if (first?.type == null) {
    return null;
  }
  const event = eventOf(first.type);
  return event === 'items.changed'
    ? itemsBatch(stretch, isWanted, payload === 'changes')
    : batchOf(stretch, event, first.sequence, first.at, ownData(first));
};

function gapBatch(stretch: LaneStretch): Batch {
  const { after, floor, at } = stretch;
  return batchOf(stretch, 'feed.gap', floor, at, { from: after + 1, to: floor });
}

function itemsBatch(stretch: LaneStretch, isWanted: (row: LaneRow) => boolean, isNamed: boolean): Batch {
  const changes: Data[] = [];
  let bytes = FRAME_BYTES;
  let last = stretch.after;
  let at = new Date(0);
  for (const row of stretch.rows) {
    if (isWanted(row)) {
      const change = changeOf(row);
      bytes += isNamed ? Buffer.byteLength(JSON.stringify(change)) + 1 : 0;
      if (change === null || (bytes > MAX_BYTES && changes.length > 0)) {
        break;
      }
      at = row.at;
      if (isNamed) {
        changes.push(change);
      }
    }
    last = row.sequence;
  }
  return batchOf(stretch, 'items.changed', last, at, { from: stretch.after + 1, to: last, changes });
}

/** `null` for what is told by itself. */
function changeOf({ sequence, type, memberId, category, itemId }: LaneRow): Data | null {
  return type !== null && CHANGES[type].isOfItem ? { sequence, type, memberId, category, itemId } : null;
}

function ownData({ sequence, memberId, connectionId, category, upTo, detail }: LaneRow): Data {
  return {
    sequence,
    ...(memberId === null ? {} : { memberId }),
    ...(connectionId === null ? {} : { connectionId }),
    ...(category === null ? {} : { category }),
    ...(upTo === null ? {} : { upTo }),
    ...(detail === null ? {} : { detail }),
  };
}

function batchOf({ tenantId, after }: LaneStretch, event: WebhookEvent, last: number, at: Date, data: Data): Batch {
  return {
    event,
    range: { tenantId, first: after + 1, last },
    body: bodyOf(event, at, { organizationId: tenantId, ...data }),
  };
}
