/** Fulfils what sync asks of Graph, category by category. */
import type { SyncedItem } from '../../domain/items.ts';
import type { Category } from '../../domain/selection.ts';
import { placedAt } from '../../domain/sharedMailboxes.ts';
import type { DesiredStream } from '../../domain/streams.ts';
import type { Container, EachItem, GraphAccess, GraphAnswer, GraphPage, GraphPort, Reading } from '../../sync/ports.ts';
import { readCalendarDeltaPage, readCalendarsPage, readCalendarViewPage, readEvents } from './calendar.ts';
import { readContactFolder, readContactFoldersPage, readContacts, readContactsPage } from './contacts.ts';
import { readDriveItems, readDrivePage } from './files.ts';
import {
  readAttachments,
  readMailFolder,
  readMailFoldersPage,
  readMessages,
  readMessagesPage,
  readWellKnownFolders,
} from './mail.ts';
import {
  createSubscription,
  deleteSubscription,
  listSubscriptions,
  type NotificationUrls,
  renewSubscription,
} from './subscriptions.ts';
import { readTaskListsPage, readTasks, readTasksPage } from './tasks.ts';
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
  };
}

const UNASKED = { kind: 'failed', code: 'unexpectedAnswer' } as const;

function readContainersPage(
  transport: GraphTransport,
  access: GraphAccess,
  { category, pageSize }: Reading,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<Container>>> {
  switch (category) {
    case 'mail':
      return readMailFoldersPage(transport, access, pageSize, cursor);
    case 'calendar':
      return readCalendarsPage(transport, access, pageSize, cursor);
    case 'contacts':
      return readContactFoldersPage(transport, access, pageSize, cursor);
    case 'tasks':
      return readTaskListsPage(transport, access, pageSize, cursor);
    case 'files':
      return Promise.resolve({ kind: 'ok', value: { link: '', changes: [], next: null, delta: null, bytes: 0 } });
  }
}

/** Of the categories whose containers come by delta. */
function readContainer(
  transport: GraphTransport,
  access: GraphAccess,
  category: Category,
  id: string,
): Promise<GraphAnswer<Container>> {
  switch (category) {
    case 'mail':
      return readMailFolder(transport, access, id);
    case 'contacts':
      return readContactFolder(transport, access, id);
    case 'calendar':
    case 'tasks':
    case 'files':
      return Promise.resolve(UNASKED);
  }
}

function readItemsPage(
  transport: GraphTransport,
  access: GraphAccess,
  reading: Reading,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<SyncedItem>>> {
  const { container } = placedAt(reading.container);
  switch (reading.category) {
    case 'mail':
      return readMessagesPage(transport, access, container, reading, cursor);
    case 'contacts':
      return readContactsPage(transport, access, container, reading, cursor);
    case 'tasks':
      return readTasksPage(transport, access, container, reading, cursor);
    case 'files':
      return readDrivePage(transport, access, reading, cursor);
    case 'calendar':
      return Promise.resolve(UNASKED);
  }
}

function readItems(
  transport: GraphTransport,
  access: GraphAccess,
  { category, container: place, level }: DesiredStream,
  ids: readonly string[],
): Promise<EachItem<SyncedItem>> {
  const { container } = placedAt(place);
  switch (category) {
    case 'mail':
      return readMessages(transport, access, level, ids);
    case 'contacts':
      return readContacts(transport, access, container, ids);
    case 'tasks':
      return readTasks(transport, access, container, ids);
    case 'files':
      return readDriveItems(transport, access, ids);
    case 'calendar':
      return Promise.resolve(UNASKED);
  }
}
