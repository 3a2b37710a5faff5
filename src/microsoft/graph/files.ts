/**
 * Files: everything in a member's OneDrive by one delta, as names, sizes and places; never the bytes.
 *
 * Source  "driveItem: delta", "driveItem resource type" (learn.microsoft.com/graph).
 */
import { z } from 'zod';
import type { FileFields, SyncedItem } from '../../domain/items.ts';
import type { EachItem, GraphAccess, GraphAnswer, GraphPage, Reading } from '../../sync/ports.ts';
import { fetchEach } from './batch.ts';
import type { CategoryResource } from './categoryResource.ts';
import { firstInstant, instantOrNull } from './fields.ts';
import { Id, itemOf, fetchPage, type Resource } from './pages.ts';
import type { GraphTransport } from './transport.ts';
import { type DesiredStream } from '../../domain/streams.ts';

/** Every item has these; what it is, is said by which facets it has. */
const PROPERTIES = ['id', 'eTag', 'name', 'size', 'parentReference', 'lastModifiedDateTime', 'webUrl'];
/** Folders have no `cTag` in every drive. */
const MORE = ['cTag', 'createdDateTime'];
const FACETS = ['file', 'folder', 'root', 'deleted'];
const FIELDS = [...PROPERTIES, ...MORE, ...FACETS];
const NAMES = ['id', 'eTag', 'name', 'root', 'deleted'];

const DriveItem = z.object({
  id: Id,
  eTag: Id.nullish(),
  name: z.string().nullish(),
  size: z.number().nullish(),
  createdDateTime: z.string().nullish(),
  lastModifiedDateTime: z.string().nullish(),
  webUrl: z.string().nullish(),
  parentReference: z.object({ id: z.string().nullish() }).nullish(),
  cTag: z.string().nullish(),
  file: z
    .object({
      mimeType: z.string().nullish(),
      hashes: z
        .object({
          quickXorHash: z.string().nullish(),
          sha1Hash: z.string().nullish(),
          sha256Hash: z.string().nullish(),
        })
        .nullish(),
    })
    .nullish(),
  folder: z.looseObject({}).nullish(),
  root: z.looseObject({}).nullish(),
});

const DRIVE_ITEMS: Resource<z.infer<typeof DriveItem>, SyncedItem> = {
  schema: DriveItem,
  present: presentDriveItem,
  whole: PROPERTIES,
  changeKey: 'eTag',
};

export const files: CategoryResource = {
  containersPage: null,
  container: null,
  items: { page: fetchDrivePage, each: fetchDriveItems },
  probe: { path: 'drive/root/children', tellsLevelByBody: false },
  sharedProbe: null,
};

function fetchDrivePage(
  transport: GraphTransport,
  access: GraphAccess,
  { pageSize, isLight }: Reading,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<SyncedItem>>> {
  return fetchPage(transport, {
    access,
    url: cursor ?? {
      path: `${access.mailbox}/drive/root/delta`,
      options: { $select: (isLight ? NAMES : FIELDS).join(',') },
      name: 'drive',
    },
    resource: DRIVE_ITEMS,
    pageSize,
    isDelta: true,
    isLight,
  });
}

function fetchDriveItems(
  transport: GraphTransport,
  access: GraphAccess,
  _stream: Pick<DesiredStream, 'container' | 'level'>,
  ids: readonly string[],
): Promise<EachItem<SyncedItem>> {
  const $select = FIELDS.join(',');
  return fetchEach(
    transport,
    access,
    ids,
    (id) => `${access.mailbox}/drive/items/${encodeURIComponent(id)}?$select=${$select}`,
    (body) => itemOf(body, DRIVE_ITEMS),
  );
}

function presentDriveItem(item: z.infer<typeof DriveItem>): SyncedItem | null {
  if ((item.root ?? null) !== null) {
    return null;
  }
  return {
    itemId: item.id,
    changeKey: item.eTag ?? null,
    modifiedAt: instantOrNull(item.lastModifiedDateTime),
    at: firstInstant(item.lastModifiedDateTime, item.createdDateTime),
    content: {
      subject: item.name ?? '',
      people: [],
      file: {
        isFolder: (item.folder ?? null) !== null,
        size: item.size ?? 0,
        mimeType: item.file?.mimeType ?? undefined,
        parentId: item.parentReference?.id ?? undefined,
        webUrl: item.webUrl ?? undefined,
        createdAt: instantOrNull(item.createdDateTime)?.toISOString(),
        eTag: item.eTag ?? undefined,
        cTag: item.cTag ?? undefined,
        ...hashesOf(item.file?.hashes),
      },
    },
  };
}

function hashesOf(hashes: NonNullable<z.infer<typeof DriveItem>['file']>['hashes']): Pick<FileFields, 'hashes'> {
  const { quickXorHash, sha1Hash, sha256Hash } = hashes ?? {};
  return hashes === null || hashes === undefined
    ? {}
    : {
        hashes: {
          quickXorHash: quickXorHash ?? undefined,
          sha1Hash: sha1Hash ?? undefined,
          sha256Hash: sha256Hash ?? undefined,
        },
      };
}
