/** Fulfils what sync asks of Graph, category by category. */
import type { GraphPort } from '../../sync/ports.ts';
import { readCalendarDeltaPage, readCalendarViewPage, readEvent } from './calendar.ts';
import { readMailFoldersPage, readMessagesPage } from './mail.ts';
import type { GraphTransport } from './transport.ts';

export function openGraphPort(transport: GraphTransport): GraphPort {
  return {
    mailFolders: (accessToken, cursor) => readMailFoldersPage(transport, accessToken, cursor),
    messages: (accessToken, folder, level, cursor) => readMessagesPage(transport, accessToken, folder, level, cursor),
    calendarDelta: (accessToken, window, cursor) => readCalendarDeltaPage(transport, accessToken, window, cursor),
    calendarView: (accessToken, window, level, cursor) =>
      readCalendarViewPage(transport, accessToken, window, level, cursor),
    event: (accessToken, eventId) => readEvent(transport, accessToken, eventId),
  };
}
