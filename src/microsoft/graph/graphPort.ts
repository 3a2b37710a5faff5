/** Fulfils what sync asks of Graph, category by category. */
import type { SyncedItem } from '../../domain/items.ts';
import type { Category } from '../../domain/categories/categories.ts';
import type { DesiredStream } from '../../domain/streams.ts';
import type { Container, EachItem, GraphAccess, GraphAnswer, GraphPage, GraphPort, Reading } from '../../sync/ports.ts';
import { readCalendarDeltaPage, readCalendarViewPage, readEvents } from './calendar.ts';
import { flagsOf } from './itemFlags.ts';
import { readAttachments, readWellKnownFolders } from './mail.ts';
import { RESOURCES } from './resources.ts';
import {
  createSubscription,
  deleteSubscription,
  listSubscriptions,
  type NotificationUrls,
  renewSubscription,
} from './subscriptions.ts';
import type { GraphTransport } from './transport.ts';

export function openGraphPort(transport: GraphTransport, urls: NotificationUrls): GraphPort {
  return {
    containers: (access, reading, cursor) => readContainersPage(transport, access, reading, cursor),
    wellKnownFolders: (access) => readWellKnownFolders(transport, access),
    container: (access, category, id) => readContainer(transport, access, category, id),
    items: (access, reading, cursor) => readItemsPage(transport, access, reading, cursor),
    calendarDelta: (access, reading, window, cursor) =>
      readCalendarDeltaPage(transport, access, reading, window, cursor),
    calendarView: (access, reading, window, cursor) => readCalendarViewPage(transport, access, reading, window, cursor),
    itemsById: (access, stream, ids) => readItems(transport, access, stream, ids),
    eventsById: (access, ids) => readEvents(transport, access, ids),
    attachments: (access, messageIds) => readAttachments(transport, access, messageIds),
    createSubscription: (access, asked) => createSubscription(transport, urls, access, asked),
    renewSubscription: (access, id, expiresAt) => renewSubscription(transport, access, id, expiresAt),
    deleteSubscription: (access, id) => deleteSubscription(transport, access, id),
    listSubscriptions: (access, resource) => listSubscriptions(transport, urls, access, resource),
    flagsOf,
  };
}

const NOT_ASKED = { kind: 'failed', code: 'unexpectedAnswer' } as const;
const NO_CONTAINERS = { kind: 'ok', value: { link: '', changes: [], next: null, delta: null, bytes: 0 } } as const;

async function readContainersPage(
  transport: GraphTransport,
  access: GraphAccess,
  { category, pageSize }: Reading,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<Container>>> {
  return RESOURCES[category].containersPage?.(transport, access, pageSize, cursor) ?? NO_CONTAINERS;
}

async function readContainer(
  transport: GraphTransport,
  access: GraphAccess,
  category: Category,
  id: string,
): Promise<GraphAnswer<Container>> {
  return RESOURCES[category].container?.(transport, access, id) ?? NOT_ASKED;
}

async function readItemsPage(
  transport: GraphTransport,
  access: GraphAccess,
  reading: Reading,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<SyncedItem>>> {
  return RESOURCES[reading.category].items?.page(transport, access, reading, cursor) ?? NOT_ASKED;
}

async function readItems(
  transport: GraphTransport,
  access: GraphAccess,
  stream: DesiredStream,
  ids: readonly string[],
): Promise<EachItem<SyncedItem>> {
  return RESOURCES[stream.category].items?.each(transport, access, stream, ids) ?? NOT_ASKED;
}
