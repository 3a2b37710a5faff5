/**
 * Files: everything in a member's OneDrive by one delta, as names, sizes and places; never the bytes.
 *
 * Source  "driveItem: delta", "driveItem resource type" (learn.microsoft.com/graph).
 */
import { z } from 'zod';
import type { SyncedItem } from '../../domain/items.ts';
import type { GraphAccess, GraphAnswer, GraphPage } from '../../sync/ports.ts';
import { instantOrNull } from './fields.ts';
import { Id, readPage } from './pages.ts';
import type { GraphTransport } from './transport.ts';

const FIELDS = [
  'id',
  'eTag',
  'name',
  'size',
  'file',
  'folder',
  'root',
  'deleted',
  'parentReference',
  'lastModifiedDateTime',
  'webUrl',
];

const DriveItem = z.object({
  id: Id,
  eTag: Id.nullish(),
  name: z.string().nullish(),
  size: z.number().nullish(),
  lastModifiedDateTime: z.iso.datetime({ offset: true }).nullish(),
  webUrl: z.string().nullish(),
  parentReference: z.object({ id: z.string().nullish() }).nullish(),
  file: z.object({ mimeType: z.string().nullish() }).nullish(),
  folder: z.looseObject({}).nullish(),
  root: z.looseObject({}).nullish(),
});

export function readDrivePage(
  transport: GraphTransport,
  access: GraphAccess,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<SyncedItem>>> {
  return readPage(transport, {
    access,
    url: cursor ?? transport.url(`${access.mailbox}/drive/root/delta`, { $select: FIELDS.join(',') }),
    schema: DriveItem,
    present: presentDriveItem,
    isDelta: true,
  });
}

function presentDriveItem(item: z.infer<typeof DriveItem>): SyncedItem | null {
  if ((item.root ?? null) !== null) {
    return null;
  }
  const modifiedAt = instantOrNull(item.lastModifiedDateTime);
  return {
    itemId: item.id,
    changeKey: item.eTag ?? null,
    modifiedAt,
    at: modifiedAt ?? new Date(0),
    content: {
      subject: item.name ?? '',
      people: [],
      file: {
        isFolder: (item.folder ?? null) !== null,
        size: item.size ?? 0,
        mimeType: item.file?.mimeType ?? undefined,
        parentId: item.parentReference?.id ?? undefined,
        webUrl: item.webUrl ?? undefined,
      },
    },
  };
}
