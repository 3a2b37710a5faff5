/** Fulfils what sync asks of Graph, category by category. */
import type { GraphPort } from '../../sync/ports.ts';
import { readCalendarDeltaPage, readCalendarViewPage, readEvent } from './calendar.ts';
import { readMailFoldersPage, readMessagesPage } from './mail.ts';
import type { GraphTransport } from './transport.ts';

export function openGraphPort(transport: GraphTransport): GraphPort {
  return {
    mailFolders: (access, cursor) => readMailFoldersPage(transport, access, cursor),
    messages: (access, folder, level, cursor) => readMessagesPage(transport, access, folder, level, cursor),
    calendarDelta: (access, window, cursor) => readCalendarDeltaPage(transport, access, window, cursor),
    calendarView: (access, window, level, cursor) => readCalendarViewPage(transport, access, window, level, cursor),
    event: (access, eventId) => readEvent(transport, access, eventId),
  };
}
