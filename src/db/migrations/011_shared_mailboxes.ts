/**
 * Which shared mailbox a stream or a folder is in stands in a column of its own, and so does what Graph calls the folder
 * there; beside them stays the id by which items name their folder.
 */
import { type Kysely, sql } from 'kysely';

/** Folders of shared mailboxes are called `~MAILBOX/FOLDER`. */
const MAILBOX = sql`substr(split_part(folder_id, '/', 1), 2)`;
const FOLDER = sql`substr(folder_id, strpos(folder_id, '/') + 1)`;
const IS_SHARED = sql`folder_id like '~%/%'`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table streams rename column container to folder_id`.execute(db);
  await sql`alter table streams rename column rejudge_at to reread_at`.execute(db);
  await sql`alter table containers rename column container_id to folder_id`.execute(db);
  for (const table of ['streams', 'containers']) {
    const named = sql.table(table);
    await sql`alter table ${named} add column shared_mailbox_id text, add column container text`.execute(db);
    await sql`
      update ${named} set
        shared_mailbox_id = case when ${IS_SHARED} then ${MAILBOX} end,
        container = case when ${IS_SHARED} then ${FOLDER} else folder_id end
    `.execute(db);
    await sql`alter table ${named} alter column container set not null`.execute(db);
  }
  await sql`alter table quarantine add column shared_mailbox_id text`.execute(db);
  await sql`
    update quarantine set shared_mailbox_id = substr(split_part(substr(stream_key, length(category) + 2), '/', 1), 2)
    where stream_key like category || ':~%/%'
  `.execute(db);
  // Versions before this one write the columns that were renamed.
  await sql`update schema_floor set oldest_version = '011_shared_mailboxes'`.execute(db);
}
