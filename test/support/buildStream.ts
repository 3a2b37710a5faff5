/** Streams and folders as they are before anything was read. */
import type { Category } from '../../src/domain/categories/categories.ts';
import { folderIdIn } from '../../src/domain/sharedMailboxes.ts';
import { type DesiredStream, type ListedContainer, streamKey } from '../../src/domain/streams.ts';
import type { PlacedContainer, Stream } from '../../src/sync/ports.ts';

/** `sharedMailbox`: the id of the one that it is in; `null` for the member's own. */
export function aDesiredStream(
  category: Category,
  container: string,
  level: Stream['level'] = 'full',
  sharedMailbox: string | null = null,
): DesiredStream {
  const folderId = folderIdIn(sharedMailbox, container);
  return { key: streamKey(category, folderId), category, folderId, container, sharedMailbox, level };
}

export function aListedFolder(
  container: string,
  change: Partial<Pick<ListedContainer, 'name' | 'parentId' | 'isShared' | 'sharedMailbox'>> = {},
): ListedContainer {
  const { sharedMailbox = null } = change;
  return {
    id: folderIdIn(sharedMailbox, container),
    container,
    sharedMailbox,
    name: container,
    parentId: null,
    isShared: sharedMailbox !== null,
    ...change,
  };
}

export function aPlacedFolder(container: string, name: string, parentId: string | null): PlacedContainer {
  return { ...aListedFolder(container), name, parentId, itemCount: null };
}

export function aStream(category: Category, container: string, level: Stream['level'], dueAt: Date): Stream {
  return {
    ...aDesiredStream(category, container, level),
    cursor: null,
    generation: 1,
    stage: 'baseline',
    windowOn: null,
    reconciledAt: null,
    dueAt,
    failures: 0,
    begunRound: null,
    rereadAt: null,
    isShared: false,
    succeededAt: null,
    wakes: 0,
    pageSize: null,
    isLight: false,
    emptyPages: 0,
    endless: 0,
  };
}
