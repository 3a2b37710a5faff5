/**
 * What is stored of shared mailboxes that are not read any more: forgotten by their member, or not wanted again when
 * the category came back.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import { parseContainer } from '../../domain/sharedMailboxes.ts';
import { removeSharedContainers } from './containers.ts';
import { deleteContents } from '../content/deleteContents.ts';
import { type OutboxOwner, ownedBy } from '../delivery/outbox.ts';
import { isShared } from './sharedContainers.ts';
import type { Reader, Writer } from '../transact.ts';

/** Takes it out of the containers that it is in, all but those in `named`; the next rounds delete what is in none. */
export async function removeUnlistedMailboxes(
  tx: Writer,
  owner: OutboxOwner,
  named: readonly string[],
  round: number,
  at: Date,
): Promise<void> {
  const containers = await sharedContainersOf(tx, owner);
  const unnamed = containers.filter((container) => !named.includes(parseContainer(container).mailbox ?? ''));
  await deleteContents(tx, owner, unnamed, round, at);
  await removeSharedContainers(tx, { tenantId: owner.tenantId, mailboxId: owner.memberId }, owner.category, named);
}

/** By stepping through the index of folders, of which there are few, and not through the items. */
async function sharedContainersOf(db: Reader, owner: OutboxOwner): Promise<readonly string[]> {
  const { rows } = await sql`
    with recursive used (container) as (
      (select folder_id from items where ${ownedBy(owner)} order by folder_id limit 1)
      union all
      select (
        select folder_id from items where ${ownedBy(owner)} and folder_id > used.container order by folder_id limit 1
      ) from used where used.container is not null
    )
    select container from used where ${isShared('container')}
    union
    select container from items cross join jsonb_object_keys(elsewhere) as container
    where ${ownedBy(owner)} and elsewhere <> '{}' and ${isShared('container')}
    union
    select substr(stream_key, length(category) + 2) from quarantine
    where ${ownedBy(owner)} and starts_with(stream_key, category || ':~')
  `.execute(db);
  return z
    .array(z.object({ container: z.string() }))
    .parse(rows)
    .map(({ container }) => container);
}
