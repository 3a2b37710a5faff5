/** Fulfils what sync asks of Graph, category by category. */
import type { Category } from '../../domain/selection.ts';
import { placedAt } from '../../domain/sharedMailboxes.ts';
import type { DesiredStream } from '../../domain/streams.ts';
import type { SyncedItem } from '../../domain/items.ts';
import type { Container, GraphAccess, GraphAnswer, GraphPage, GraphPort } from '../../sync/ports.ts';
import { readCalendarDeltaPage, readCalendarsPage, readCalendarViewPage, readEvent } from './calendar.ts';
import { readContactFoldersPage, readContactsPage } from './contacts.ts';
import { readDrivePage } from './files.ts';
import { readMailFoldersPage, readMessagesPage } from './mail.ts';
import {
  createSubscription,
  deleteSubscription,
  listSubscriptions,
  type NotificationUrls,
  renewSubscription,
} from './subscriptions.ts';
import { readTaskListsPage, readTasksPage } from './tasks.ts';
import type { GraphTransport } from './transport.ts';

export function openGraphPort(transport: GraphTransport, urls: NotificationUrls): GraphPort {
  return {
    containers: (access, category, cursor) => readContainersPage(transport, access, category, cursor),
    items: (access, stream, cursor) => readItemsPage(transport, access, stream, cursor),
    calendarDelta: (access, calendar, window, cursor) =>
      readCalendarDeltaPage(transport, access, calendar, window, cursor),
    calendarView: (access, stream, window, cursor) => readCalendarViewPage(transport, access, stream, window, cursor),
    event: (access, eventId) => readEvent(transport, access, eventId),
    createSubscription: (access, asked) => createSubscription(transport, urls, access, asked),
    renewSubscription: (access, id, expiresAt) => renewSubscription(transport, access, id, expiresAt),
    deleteSubscription: (access, id) => deleteSubscription(transport, access, id),
    listSubscriptions: (access, resource) => listSubscriptions(transport, urls, access, resource),
  };
}

function readContainersPage(
  transport: GraphTransport,
  access: GraphAccess,
  category: Category,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<Container>>> {
  switch (category) {
    case 'mail':
      return readMailFoldersPage(transport, access, cursor);
    case 'calendar':
      return readCalendarsPage(transport, access, cursor);
    case 'contacts':
      return readContactFoldersPage(transport, access, cursor);
    case 'tasks':
      return readTaskListsPage(transport, access, cursor);
    case 'files':
      return Promise.resolve({ kind: 'ok', value: { link: '', changes: [], next: null, delta: null } });
  }
}

function readItemsPage(
  transport: GraphTransport,
  access: GraphAccess,
  { category, container: place, level }: DesiredStream,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<SyncedItem>>> {
  const { container } = placedAt(place);
  switch (category) {
    case 'mail':
      return readMessagesPage(transport, access, container, level, cursor);
    case 'contacts':
      return readContactsPage(transport, access, container, cursor);
    case 'tasks':
      return readTasksPage(transport, access, container, cursor);
    case 'files':
      return readDrivePage(transport, access, cursor);
    case 'calendar':
      return Promise.resolve({ kind: 'failed', code: 'unexpectedAnswer' });
  }
}
