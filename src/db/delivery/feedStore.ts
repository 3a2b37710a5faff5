/**
 * Reads the feed. Every number up to a head that was read is committed and visible, so that nothing comes later under
 * a smaller one.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Change, FeedFilter, FeedPage, FeedPlace, FeedScope, FeedStore } from '../../delivery/ports.ts';
import { CATEGORIES } from '../../domain/categories/categories.ts';
import { ALWAYS_TOLD, type ChangeType } from '../../domain/feed.ts';
import type { Database } from '../openDatabase.ts';
import type { Reader } from '../transact.ts';
import { TOLD_KINDS, TYPES_OF_KINDS } from './outboxKinds.ts';

const KINDS = Object.entries(TYPES_OF_KINDS).map(([kind, type]) => ({ kind, type }));

const Rows = z.array(
  z.object({
    position: z.number(),
    tenant_id: z.string(),
    sequence: z.number(),
    kind: z.enum(TOLD_KINDS),
    at: z.date(),
    member_id: z.string().nullable(),
    connection_id: z.string().nullable(),
    category: z.enum([...CATEGORIES, 'all']).nullable(),
    item_id: z.string().nullable(),
    up_to: z.number().nullable(),
    detail: z.record(z.string(), z.unknown()).nullable(),
  }),
);
type Row = z.infer<typeof Rows>[number];

export function openFeedStore({ kysely: db }: Database): FeedStore {
  return {
    newest: (scope) => newestOf(db, scope),
    oldest: (scope) => oldestOf(db, scope),
    read: (scope, after, filter, limit) => read(db, scope, after, filter, limit),
  };
}

const Places = z.array(z.object({ position: z.number(), sequence: z.number() }));

async function newestOf(db: Reader, scope: FeedScope): Promise<FeedPlace> {
  const { rows } = await (
    scope.kind === 'all'
      ? sql`
        select feed_head.position, coalesce(feed_runs.last, floor_sequence) as sequence
        from feed_head left join feed_runs on feed_runs.position = feed_head.position`
      : sql`select 0::bigint as position, sequence from outbox_heads where tenant_id = ${scope.tenantId}`
  ).execute(db);
  return Places.parse(rows)[0] ?? { position: 0, sequence: 0 };
}

async function oldestOf(db: Reader, scope: FeedScope): Promise<FeedPlace> {
  const { rows } = await (
    scope.kind === 'all'
      ? sql`select floor_position as position, floor_sequence as sequence from feed_head`
      : sql`select 0::bigint as position, sequence from outbox_floors where tenant_id = ${scope.tenantId}`
  ).execute(db);
  return Places.parse(rows)[0] ?? { position: 0, sequence: 0 };
}

async function read(
  db: Reader,
  scope: FeedScope,
  after: FeedPlace,
  filter: FeedFilter,
  limit: number,
): Promise<FeedPage> {
  // Before the rows: what is committed between the two is told with the next page.
  const newest = await newestOf(db, scope);
  const { rows } = await (
    scope.kind === 'all'
      ? sql`
        select feed_runs.position, outbox.* from feed_runs
        join outbox on outbox.tenant_id = feed_runs.tenant_id
          and outbox.sequence between feed_runs.first and feed_runs.last
        where feed_runs.position between ${after.position} and ${newest.position}
          and (feed_runs.position > ${after.position} or outbox.sequence > ${after.sequence})
          and (${scope.organizationIds === null} or feed_runs.tenant_id = any(${scope.organizationIds ?? []}::uuid[]))
          and ${toldBy(filter)}
        order by feed_runs.position, outbox.sequence limit ${limit + 1}`
      : sql`
        select 0::bigint as position, outbox.* from outbox
        where tenant_id = ${scope.tenantId} and sequence > ${after.sequence} and sequence <= ${newest.sequence}
          and ${toldBy(filter)}
        order by sequence limit ${limit + 1}`
  ).execute(db);
  const found = Rows.parse(rows);
  const page = found.slice(0, limit);
  const isMore = found.length > limit;
  const last = page.at(-1);
  const to = isMore && last !== undefined ? { position: last.position, sequence: last.sequence } : newest;
  return { changes: page.map(toChange), to, isMore };
}

function toldBy({ types, category, memberId }: FeedFilter) {
  const kindsOf = (wanted: (type: ChangeType) => boolean) =>
    KINDS.filter(({ type }) => wanted(type)).map(({ kind }) => kind);
  const always = kindsOf((type) => ALWAYS_TOLD.includes(type));
  const wanted = kindsOf((type) => types === null || types.includes(type));
  return sql`(outbox.kind = any(${always}) or (outbox.kind = any(${wanted})
    and (${category}::text is null or outbox.category = ${category})
    and (${memberId}::uuid is null or outbox.member_id = ${memberId}::uuid)))`;
}

function toChange(row: Row): Change {
  return {
    place: { position: row.position, sequence: row.sequence },
    organizationId: row.tenant_id,
    sequence: row.sequence,
    type: TYPES_OF_KINDS[row.kind],
    at: row.at,
    memberId: row.member_id,
    connectionId: row.connection_id,
    category: row.category === 'all' ? null : row.category,
    itemId: row.item_id,
    upTo: row.up_to,
    detail: row.detail,
  };
}
