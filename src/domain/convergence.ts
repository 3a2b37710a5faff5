/**
 * How the streams of a mailbox get from what they are to what they should be. A category that is on hold keeps its
 * streams as they are.
 */
import type { Category } from './categories/categories.ts';
import { supportsSharedMailboxes } from './sharedMailboxes.ts';
import { type DesiredSet, type DesiredStream, isContainerList } from './streams.ts';

/** What there is of a stream: enough to compare it with what should be. */
export type ExistingStream = Omit<DesiredStream, 'sharedMailbox'>;

export interface Convergence {
  /** The keys of streams that end. */
  readonly removed: readonly string[];
  /** Streams that begin, and those that begin again because their level is another one. */
  readonly added: readonly DesiredStream[];
  /** What is stored and is not read any more, by category. A category that is off keeps what it has. */
  readonly abandoned: readonly Abandoned[];
}

export interface Abandoned {
  readonly category: Category;
  readonly folderIds: readonly string[];
  /**
   * The shared mailboxes that are read, where all others are to be forgotten; `null` where that cannot have changed. Where
   * a list of containers came or went, mailboxes may have gone with streams that were not there to end.
   */
  readonly onlyMailboxes: readonly string[] | null;
}

export function converge(existing: readonly ExistingStream[], { streams: desired, held }: DesiredSet): Convergence {
  const onHold = new Set(held.map(({ category }) => category));
  const wanted = new Set(desired.map(({ key }) => key));
  const ended = existing.filter(({ key, category }) => !wanted.has(key) && !onHold.has(category));
  const levels = new Map(existing.map(({ key, level }) => [key, level]));
  const added = desired.filter(({ key, level }) => levels.get(key) !== level);
  const changedLists = [...ended, ...added].filter(isContainerList);
  const categories = [...new Set(desired.map(({ category }) => category))];
  return {
    removed: ended.map(({ key }) => key),
    added,
    abandoned: categories.map((category) => {
      const isOf = (stream: ExistingStream) => stream.category === category;
      const mayForget = supportsSharedMailboxes(category) && changedLists.some(isOf);
      return {
        category,
        folderIds: ended.filter(isOf).map(({ folderId }) => folderId),
        onlyMailboxes: mayForget ? mailboxesOf(desired.filter(isOf)) : null,
      };
    }),
  };
}

function mailboxesOf(streams: readonly DesiredStream[]): readonly string[] {
  return [...new Set(streams.flatMap(({ sharedMailbox }) => sharedMailbox ?? []))];
}
