/**
 * Writes one page with its cursor: items, what left, what was set aside, the feed, and how far the stream has come, in
 * one transaction. Writing the same page again changes nothing.
 *
 * Errors  What the database refuses of one item (a value that it does not keep) sets that item aside, and the rest of
 *         the page is written: one message never stops a mailbox.
 */
import { errorCode } from '../../domain/errorCode.ts';
import type { SyncedItem } from '../../domain/items.ts';
import { needsContacts } from '../../domain/relevance.ts';
import { type Category, definitionOf } from '../../domain/categories/categories.ts';
import type { PageCommit, RoundState, WriteAnswer } from '../../sync/ports.ts';
import { sealItem, type SealedItem, upsertItems } from '../content/items.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Database } from '../openDatabase.ts';
import { appendOutbox, type OutboxOwner } from '../delivery/outbox.ts';
import { deleteExcluded, markMovedOut, markSeen, markMissing } from '../content/placements.ts';
import { quarantine, releaseFromQuarantine } from './quarantine.ts';
import type { DataKey } from '../keys/sealing.ts';
import { updateAfter, rereadForContacts } from './streams.ts';
import { tellScreens } from '../delivery/recordChange.ts';
import { isOfAValue, type Writer } from '../transact.ts';

const BATCH = 200;
/** Runs work in a transaction that holds lease and epochs, or not at all. */
export type Fenced = <T>(state: RoundState, work: (tx: Writer) => Promise<T>) => Promise<T | 'stale'>;

/** What writing a page takes beside the page. */
export interface PageWriter {
  readonly keyring: Keyring;
  readonly fenced: Fenced;
  readonly engine: Database['engine'];
}

export async function commitPage(writer: PageWriter, state: RoundState, page: PageCommit): Promise<WriteAnswer> {
  try {
    return await writePage(writer, state, page);
  } catch (error) {
    if (!isOfAValue(error) || page.upserts.length === 0) {
      throw error;
    }
    return writePage(writer, state, await excludePoisonRows(writer, state, page));
  }
}

async function writePage(writer: PageWriter, state: RoundState, page: PageCommit): Promise<WriteAnswer> {
  const { keyring, fenced, engine } = writer;
  const { stream, at } = page;
  const { fence } = state.lease;
  const owner = ownerOf(state, stream.category);
  const key = await keyring.forWriting({ ...owner, purpose: stream.category });
  const sealed = page.upserts.map((item) => sealItem(key, owner, item));
  return fenced(state, async (tx): Promise<WriteAnswer> => {
    let changed = page.removals.length;
    for (const batch of batchesOf(sealed)) {
      const entries = await upsertItems(tx, owner, { stream, at, engine }, batch);
      appendOutbox(tx, owner, entries, page.at);
      changed += entries.length;
    }
    appendOutbox(tx, owner, await deleteExcluded(tx, owner, page.excluded), page.at);
    const { removals: ids, proves: window } = page;
    appendOutbox(tx, owner, await markMovedOut(tx, owner, stream.folderId, fence, { ids, window }), page.at);
    await quarantineItems(tx, key, owner, page);
    if (page.end === 'complete') {
      appendOutbox(tx, owner, await markMissing(tx, owner, stream, fence, window), page.at);
    }
    const isNews = changed > 0 || page.end === 'complete';
    if (definitionOf(stream.category).isContactSource && needsContacts(state.rules) && isNews) {
      await rereadForContacts(tx, state.lease, page.at);
    }
    await updateAfter(tx, state.lease, stream, page);
    await announce(tx, state);
    return 'written';
  });
}

async function quarantineItems(tx: Writer, key: DataKey, owner: OutboxOwner, page: PageCommit): Promise<void> {
  const { stream, upserts, removals, excluded, unreadable, seen, at } = page;
  await releaseFromQuarantine(tx, owner, [
    ...[...upserts, ...excluded].map(({ itemId }) => itemId),
    ...removals,
    ...seen,
  ]);
  await quarantine(tx, key, owner, stream, unreadable, at);
  // An older version that is stored stays: the item is there, it only cannot be read.
  const ids = unreadable.map(({ itemId }) => itemId);
  await markSeen(tx, owner, stream, [...ids, ...seen]);
}

/** The page with every item set aside that the database does not take by itself either. */
async function excludePoisonRows(writer: PageWriter, state: RoundState, page: PageCommit): Promise<PageCommit> {
  const { keyring } = writer;
  const owner = ownerOf(state, page.stream.category);
  const key = await keyring.forWriting({ ...owner, purpose: page.stream.category });
  const reasons = new Map<SyncedItem, string>();
  for (const item of page.upserts) {
    const refusal = await refusalOf(writer, state, page, sealItem(key, owner, item));
    if (refusal !== null) {
      reasons.set(item, refusal);
    }
  }
  const poison = [...reasons].map(([item, reason]) => ({ itemId: item.itemId, reason, raw: item }));
  return {
    ...page,
    upserts: page.upserts.filter((item) => !reasons.has(item)),
    unreadable: [...page.unreadable, ...poison],
    itemCount: page.itemCount - poison.length,
  };
}

/** Tries one item alone, in a transaction of its own: writing it again with its page changes nothing. */
async function refusalOf(
  { fenced, engine }: PageWriter,
  state: RoundState,
  { stream, at }: PageCommit,
  item: SealedItem,
): Promise<string | null> {
  const owner = ownerOf(state, stream.category);
  try {
    await fenced(state, async (tx) => {
      appendOutbox(tx, owner, await upsertItems(tx, owner, { stream, at, engine }, [item]), at);
    });
    return null;
  } catch (error) {
    if (isOfAValue(error)) {
      return `the database refused it (${errorCode(error) ?? ''})`;
    }
    throw error;
  }
}

function batchesOf(sealed: readonly SealedItem[]): readonly (readonly SealedItem[])[] {
  return Array.from({ length: Math.ceil(sealed.length / BATCH) }, (_, index) =>
    sealed.slice(index * BATCH, (index + 1) * BATCH),
  );
}

export function ownerOf({ lease, connectionId }: RoundState, category: Category): OutboxOwner {
  return { tenantId: lease.tenantId, memberId: lease.mailboxId, connectionId, category };
}

export function announce(tx: Writer, { lease }: RoundState): Promise<void> {
  return tellScreens(tx, lease.tenantId, [lease.mailboxId]);
}
