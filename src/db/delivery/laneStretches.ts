/** The numbers that lanes are about to send, read for many lanes at once. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { LaneRow, LaneStretch } from '../../delivery/webhookPorts.ts';
import { CATEGORIES } from '../../domain/categories/categories.ts';
import type { Reader } from '../transact.ts';
import { TOLD_KINDS, typeOfKind } from './outboxKinds.ts';

/** Numbers of an organization behind one, up to another, at most so many. */
export interface StretchWanted {
  readonly tenantId: string;
  readonly after: number;
  readonly upTo: number;
  readonly most: number;
  readonly at: Date;
}

const Rows = z.array(
  z.object({
    place: z.number(),
    floor: z.number(),
    sequence: z.number().nullable(),
    kind: z.enum([...TOLD_KINDS, 'void']).nullable(),
    member_id: z.string().nullable(),
    connection_id: z.string().nullable(),
    category: z.enum([...CATEGORIES, 'all']).nullable(),
    item_id: z.string().nullable(),
    up_to: z.number().nullable(),
    at: z.date().nullable(),
    detail: z.record(z.string(), z.unknown()).nullable(),
  }),
);
type Row = z.infer<typeof Rows>[number];

/** One answer for each that is wanted, in their order. */
export async function readStretches(db: Reader, wanted: readonly StretchWanted[]): Promise<readonly LaneStretch[]> {
  const { rows } = await sql`
    select wanted.place, coalesce(outbox_floors.sequence, 0) as floor, told.*
    from unnest(
      ${wanted.map(({ tenantId }) => tenantId)}::uuid[], ${wanted.map(({ after }) => after)}::bigint[],
      ${wanted.map(({ upTo }) => upTo)}::bigint[], ${wanted.map(({ most }) => most)}::bigint[]
    ) with ordinality as wanted (tenant_id, after, up_to, most, place)
    left join outbox_floors on outbox_floors.tenant_id = wanted.tenant_id
    left join lateral (
      select sequence, kind, member_id, connection_id, category, item_id, up_to, at, detail from outbox
      where outbox.tenant_id = wanted.tenant_id and sequence > wanted.after and sequence <= wanted.up_to
      order by sequence limit wanted.most
    ) told on true
    order by wanted.place, told.sequence
  `.execute(db);
  const byPlace = Map.groupBy(Rows.parse(rows), ({ place }) => place);
  return wanted.map(({ tenantId, after, at }, index) => {
    const found = byPlace.get(index + 1) ?? [];
    return { tenantId, after, at, rows: found.flatMap(toLaneRow), floor: found[0]?.floor ?? 0 };
  });
}

function toLaneRow(row: Row): readonly LaneRow[] {
  const { sequence, kind, member_id: memberId, connection_id: connectionId, category, at } = row;
  if (sequence === null || kind === null || at === null) {
    return [];
  }
  return [
    {
      sequence,
      type: typeOfKind(kind),
      memberId,
      connectionId,
      category: category === 'all' ? null : category,
      itemId: row.item_id,
      upTo: row.up_to,
      detail: row.detail,
      at,
    },
  ];
}
