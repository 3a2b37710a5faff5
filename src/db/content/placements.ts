/**
 * Where items are. Every stream knows what is in its own container and nothing of the others, and they are read in
 * any order: so an item's row holds every container whose reading has it (`folder_id`, and `elsewhere` while there is
 * more than one), and an item is gone when no container has it any more. Read in any order, a move stays a move.
 *
 * Every function answers what the outbox must tell.
 *
 * What is gone is deleted only when every stream of the category was read as of a later round: until then one of them
 * may still bring it, or bring it back.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { CalendarWindow, Excluded, Stream } from '../../sync/ports.ts';
import { ownedBy, type OutboxEntry, type OutboxOwner } from '../delivery/outbox.ts';
import type { Writer } from '../transact.ts';
import { sharedMailboxOf } from './sharedMailboxOf.ts';

/** Streams that failed this often in a row do not hold back the deletion of what others have lost. */
const MAX_STREAM_FAILURES = 5;

/** Notes that a reading met items again, in the container or elsewhere. */
export async function markSeen(
  tx: Writer,
  owner: OutboxOwner,
  { folderId, generation }: Stream,
  ids: readonly string[],
): Promise<void> {
  if (ids.length > 0) {
    await sql`
      update items set
        generation = case when folder_id = ${folderId} then ${generation} else generation end,
        elsewhere = case when folder_id = ${folderId} then elsewhere
          else elsewhere || jsonb_build_object(${folderId}::text, ${generation}::bigint) end,
        gone_round = null
      where ${ownedBy(owner)} and item_id = any(${ids}::text[])
    `.execute(tx);
  }
}

/**
 * Items that left the stream's container. With a window only what lies in it: of what lies outside Graph says the same
 * when it has only been changed ("event: delta").
 *
 * Something that was in no container and has left one was in that one meanwhile, and may be anywhere again: it waits
 * until every stream was read once more.
 */
export async function markMovedOut(
  tx: Writer,
  owner: OutboxOwner,
  folderId: string,
  round: number,
  { ids, window }: { readonly ids: readonly string[]; readonly window: CalendarWindow | null },
): Promise<readonly OutboxEntry[]> {
  if (ids.length === 0) {
    return [];
  }
  const isMeant = sql`item_id = any(${ids}::text[]) and ${isIn(window)}`;
  await sql`
    update items set gone_round = ${round} where ${ownedBy(owner)} and gone_round < ${round} and ${isMeant}
  `.execute(tx);
  return removePlacement(tx, owner, folderId, round, isMeant, isMeant);
}

/** What a complete reading of the container did not meet. */
export function markMissing(
  tx: Writer,
  owner: OutboxOwner,
  { folderId, generation }: Stream,
  round: number,
  window: CalendarWindow | null,
): Promise<readonly OutboxEntry[]> {
  const inWindow = isIn(window);
  return removePlacement(
    tx,
    owner,
    folderId,
    round,
    sql`generation < ${generation} and ${inWindow}`,
    sql`(elsewhere ->> ${folderId})::bigint < ${generation} and ${inWindow}`,
  );
}

function isIn(window: CalendarWindow | null) {
  return window === null ? sql`true` : sql`item_at >= ${window.start} and item_at < ${window.end}`;
}

/** Everything in containers that no longer exist. */
export async function markContainersDeleted(
  tx: Writer,
  owner: OutboxOwner,
  folderIds: readonly string[],
  round: number,
): Promise<readonly OutboxEntry[]> {
  const entries: OutboxEntry[] = [];
  for (const folderId of folderIds) {
    entries.push(...(await removePlacement(tx, owner, folderId, round, sql`true`, sql`true`)));
  }
  return entries;
}

async function removePlacement(
  tx: Writer,
  owner: OutboxOwner,
  folderId: string,
  round: number,
  isMeant: ReturnType<typeof sql>,
  isMeantByAnother: ReturnType<typeof sql>,
): Promise<readonly OutboxEntry[]> {
  await sql`
    update items set elsewhere = elsewhere - ${folderId}::text
    where ${ownedBy(owner)} and elsewhere <> '{}' and elsewhere ->> ${folderId} is not null and ${isMeantByAnother}
  `.execute(tx);
  const { rows } = await sql`
    with left_behind as (
      update items set
        gone_round = case when elsewhere = '{}' then ${round}::bigint end,
        folder_id = coalesce(${OTHER}, folder_id),
        generation = coalesce((elsewhere ->> ${OTHER})::bigint, generation),
        elsewhere = case when elsewhere = '{}' then elsewhere else elsewhere - ${OTHER} end
      where ${ownedBy(owner)} and folder_id = ${folderId} and gone_round is null and ${isMeant}
      returning item_id, gone_round
    ) select item_id from left_behind where gone_round is null
  `.execute(tx);
  return Ids.parse(rows).map((row) => ({ kind: 'upserted', itemId: row.item_id }));
}

const Ids = z.array(z.object({ item_id: z.string() }));

const OTHER = sql`(select min(other) from jsonb_object_keys(items.elsewhere) as other)`;

/** Deletes up to `most` items that are in no container; answers what the outbox must tell. */
export async function deleteUnplacedRows(
  tx: Writer,
  owner: OutboxOwner,
  limit: number,
): Promise<readonly OutboxEntry[]> {
  const { rows } = await sql`
    delete from items where ctid = any (array(
      select ctid from items
      where ${ownedBy(owner)} and gone_round is not null and not exists (
        select 1 from streams
        where streams.tenant_id = items.tenant_id and streams.mailbox_id = items.member_id
          and streams.category = items.category
          and streams.shared_mailbox_id is not distinct from ${sharedMailboxOf('items.folder_id')}
          and streams.failures < ${MAX_STREAM_FAILURES} and streams.caught_up_round <= items.gone_round
      )
      limit ${limit}
    )) returning item_id
  `.execute(tx);
  return Ids.parse(rows).map((row) => ({ kind: 'removed', itemId: row.item_id }));
}

/** Deletes what must not be stored; answers what the outbox must tell. */
export async function deleteExcluded(
  tx: Writer,
  owner: OutboxOwner,
  excluded: readonly Excluded[],
): Promise<readonly OutboxEntry[]> {
  if (excluded.length === 0) {
    return [];
  }
  const { rows } = await sql`
    delete from items using unnest(
      ${excluded.map(({ itemId }) => itemId)}::text[],
      ${excluded.map(({ modifiedAt }) => modifiedAt?.toISOString() ?? null)}::timestamptz[]
    ) as evaluated (item_id, modified_at)
    where ${ownedBy(owner)} and items.item_id = evaluated.item_id
      and (items.modified_at <= evaluated.modified_at) is not false
    returning items.item_id
  `.execute(tx);
  return Ids.parse(rows).map((row) => ({ kind: 'removed', itemId: row.item_id }));
}
