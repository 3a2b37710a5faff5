/**
 * Which shared mailbox an item is in, from the id of its folder (`domain/sharedMailboxes.ts`): an item stays when the rows
 * of its folder have gone, and may be in folders of several mailboxes at once. Streams and folders have a column.
 */
import { sql } from 'kysely';

/** `null` for the member's own mailbox. `column` holds a folder's id. */
export function sharedMailboxOf(column: string) {
  const folderId = sql.ref(column);
  return sql<
    string | null
  >`case when starts_with(${folderId}, '~') then substr(split_part(${folderId}, '/', 1), 2) end`;
}
