/** Containers in shared mailboxes, as SQL tells them from the member's own (`domain/sharedMailboxes.ts`). */
import { sql } from 'kysely';

/** Whether the container that a column names is in a shared mailbox. */
export function isShared(column: string) {
  return sql<boolean>`starts_with(${sql.ref(column)}, '~')`;
}

/** The mailbox that it is in, empty for the member's own: only there can something turn up again. */
export function mailboxIn(column: string) {
  return sql<string>`case when ${isShared(column)} then split_part(${sql.ref(column)}, '/', 1) else '' end`;
}
