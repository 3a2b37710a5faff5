/** Fulfils what sync asks of Graph, category by category. */
import type { SyncedItem } from '../../domain/items.ts';
import type { Category } from '../../domain/categories/categories.ts';
import type { DesiredStream } from '../../domain/streams.ts';
import type { Container, EachItem, GraphAccess, GraphAnswer, GraphPage, GraphPort, Reading } from '../../sync/ports.ts';
import { fetchCalendarDeltaPage, fetchCalendarViewPage, fetchEvents } from './calendar.ts';
import { flagsOf } from './itemFlags.ts';
import { fetchAttachments, fetchWellKnownFolders } from './mail.ts';
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
    containers: (access, reading, cursor) => fetchContainersPage(transport, access, reading, cursor),
    wellKnownFolders: (access) => fetchWellKnownFolders(transport, access),
    container: (access, category, id) => fetchContainer(transport, access, category, id),
    items: (access, reading, cursor) => fetchItemsPage(transport, access, reading, cursor),
    calendarDelta: (access, reading, window, cursor) =>
      fetchCalendarDeltaPage(transport, access, reading, window, cursor),
    calendarView: (access, reading, window, cursor) =>
      fetchCalendarViewPage(transport, access, reading, window, cursor),
    itemsById: (access, stream, ids) => fetchItemsById(transport, access, stream, ids),
    eventsById: (access, ids) => fetchEvents(transport, access, ids),
    attachments: (access, messageIds) => fetchAttachments(transport, access, messageIds),
    createSubscription: (access, asked) => createSubscription(transport, urls, access, asked),
    renewSubscription: (access, id, expiresAt) => renewSubscription(transport, access, id, expiresAt),
    deleteSubscription: (access, id) => deleteSubscription(transport, access, id),
    listSubscriptions: (access, resource) => listSubscriptions(transport, urls, access, resource),
    flagsOf,
  };
}

const NOT_ASKED = { kind: 'failed', code: 'unexpectedAnswer' } as const;
const NO_CONTAINERS = { kind: 'ok', value: { link: '', changes: [], next: null, delta: null, bytes: 0 } } as const;

async function fetchContainersPage(
  transport: GraphTransport,
  access: GraphAccess,
  { category, pageSize }: Reading,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<Container>>> {
  return RESOURCES[category].containersPage?.(transport, access, pageSize, cursor) ?? NO_CONTAINERS;
}

async function fetchContainer(
  transport: GraphTransport,
  access: GraphAccess,
  category: Category,
  id: string,
): Promise<GraphAnswer<Container>> {
  return RESOURCES[category].container?.(transport, access, id) ?? NOT_ASKED;
}

async function fetchItemsPage(
  transport: GraphTransport,
  access: GraphAccess,
  reading: Reading,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<SyncedItem>>> {
  return RESOURCES[reading.category].items?.page(transport, access, reading, cursor) ?? NOT_ASKED;
}

async function fetchItemsById(
  transport: GraphTransport,
  access: GraphAccess,
  stream: DesiredStream,
  ids: readonly string[],
): Promise<EachItem<SyncedItem>> {
  return RESOURCES[stream.category].items?.each(transport, access, stream, ids) ?? NOT_ASKED;
}
