/** How far each stream of a mailbox has come, with the name of what it reads, and the mailboxes that are named. */
import type { Category } from '../../domain/categories/categories.ts';
import type { SharedMailbox } from '../../domain/sharedMailboxes.ts';
import { readContainers } from './containers.ts';
import type { Keyring } from '../keys/keyring.ts';
import { readMemberRulesOrNone } from '../organization/memberRulesStore.ts';
import type { Database } from '../openDatabase.ts';
import { countSetAside } from './quarantine.ts';
import { streamsOf } from './streams.ts';
import { type SyncErrorCode, syncErrorOf } from '../../domain/syncErrors.ts';

export interface StreamProgress {
  readonly category: Category;
  /** As Graph calls it. */
  readonly container: string;
  /** The id of the shared mailbox that it is in; `null` for the member's own. */
  readonly sharedMailbox: string | null;
  /** `null` for what has none: lists, and what does not open any more. */
  readonly name: string | null;
  readonly itemsSeen: number;
  readonly itemsExpected: number | null;
  readonly startedAt: Date;
  readonly succeededAt: Date | null;
  readonly dueAt: Date;
  readonly error: SyncErrorCode | null;
}

export interface MailboxProgress {
  readonly streams: readonly StreamProgress[];
  readonly mailboxes: readonly SharedMailbox[];
  /** How much could not be read of each category. */
  readonly setAside: ReadonlyMap<Category, number>;
}

export async function readNamedProgress(
  { kysely }: Database,
  keyring: Keyring,
  tenantId: string,
  memberId: string,
): Promise<MailboxProgress> {
  const mailbox = { tenantId, mailboxId: memberId };
  const { mailboxes } = await readMemberRulesOrNone(kysely, keyring, tenantId, memberId);
  const rows = await streamsOf(kysely, mailbox).selectAll().orderBy('stream_key').execute();
  const listed =
    rows.length === 0 ? {} : await readContainers(kysely, mailbox, await keyring.allForReading({ tenantId, memberId }));
  const names = new Map<string, string | null>(
    Object.entries(listed).flatMap(([category, folders]) =>
      folders.map(({ id, name }) => [`${category}:${id}`, name] as const),
    ),
  );
  const streams = rows.map((row) => ({
    category: row.category,
    container: row.container,
    sharedMailbox: row.shared_mailbox_id,
    name: names.get(row.stream_key) ?? null,
    itemsSeen: row.items_seen,
    itemsExpected: row.items_expected,
    startedAt: row.started_at,
    succeededAt: row.succeeded_at,
    dueAt: row.due_at,
    error: syncErrorOf(row.error),
  }));
  const setAside = await countSetAside(kysely, { tenantId, memberId });
  return { streams, mailboxes, setAside };
}
