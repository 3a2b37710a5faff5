/**
 * Calendars: their list, and of each the changes by `calendarView/delta`, which takes no `$select` and gives
 * occurrences as stubs, and the plain `calendarView`, which gives every occurrence whole.
 *
 * Source  "List calendars", "Get incremental changes to events in a calendar view", "List calendarView".
 */
import { z } from 'zod';
import type { Person } from '../../domain/items.ts';
import type { DesiredStream } from '../../domain/streams.ts';
import type {
  CalendarEvent,
  CalendarWindow,
  Container,
  GraphAccess,
  GraphAnswer,
  GraphPage,
} from '../../sync/ports.ts';
import { EmailAddress, instantOrNull, personOf } from './fields.ts';
import { Id, readPage } from './pages.ts';
import type { GraphTransport } from './transport.ts';

const BASIC = [
  'id',
  'changeKey',
  'lastModifiedDateTime',
  'type',
  'seriesMasterId',
  'subject',
  'start',
  'end',
  'isAllDay',
  'organizer',
  'attendees',
  'location',
  'iCalUId',
  'originalStartTimeZone',
  'originalEndTimeZone',
];

const Instant = z.object({ dateTime: z.string(), timeZone: z.string().nullish() });

const Calendar = z.object({ id: Id, name: z.string().nullish(), canShare: z.boolean().nullish() });

const Event = z.object({
  id: Id,
  changeKey: Id.nullish(),
  lastModifiedDateTime: z.iso.datetime({ offset: true }).nullish(),
  originalStartTimeZone: z.string().nullish(),
  originalEndTimeZone: z.string().nullish(),
  type: z.enum(['singleInstance', 'occurrence', 'exception', 'seriesMaster']).nullish(),
  seriesMasterId: z.string().nullish(),
  subject: z.string().nullish(),
  start: Instant,
  end: Instant,
  isAllDay: z.boolean().nullish(),
  organizer: z.object({ emailAddress: EmailAddress.nullish() }).nullish(),
  attendees: z.array(z.object({ type: z.string().nullish(), emailAddress: EmailAddress.nullish() })).nullish(),
  location: z.object({ displayName: z.string().nullish() }).nullish(),
  body: z.object({ contentType: z.string(), content: z.string() }).nullish(),
});

/** Only the owner may share a calendar on, so that tells whose it is. */
export function readCalendarsPage(
  transport: GraphTransport,
  access: GraphAccess,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<Container>>> {
  return readPage(transport, {
    access,
    url: cursor ?? transport.url(`${access.mailbox}/calendars`, { $select: 'id,name,canShare', $top: '100' }),
    schema: Calendar,
    present: ({ id, name, canShare }) => ({
      id,
      name: name ?? '',
      parentId: null,
      isShared: canShare === false,
      itemCount: null,
    }),
    isDelta: false,
  });
}

export function readCalendarDeltaPage(
  transport: GraphTransport,
  access: GraphAccess,
  calendar: string,
  window: CalendarWindow,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<CalendarEvent>>> {
  const url = cursor ?? transport.url(`${viewOf(access, calendar)}/delta`, boundsOf(window));
  return readPage(transport, {
    access,
    url,
    schema: Event,
    present: (event) => presentEvent(event, 'full'),
    isDelta: true,
  });
}

export function readCalendarViewPage(
  transport: GraphTransport,
  access: GraphAccess,
  { container, level }: DesiredStream,
  window: CalendarWindow,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<CalendarEvent>>> {
  const select = level === 'full' ? [...BASIC, 'body'] : BASIC;
  const url = cursor ?? transport.url(viewOf(access, container), { ...boundsOf(window), $select: select.join(',') });
  return readPage(transport, {
    access,
    url,
    schema: Event,
    present: (event) => presentEvent(event, level),
    isDelta: false,
  });
}

export async function readEvent(
  transport: GraphTransport,
  access: GraphAccess,
  eventId: string,
): Promise<GraphAnswer<CalendarEvent>> {
  const answer = await transport.get(
    access.accessToken,
    transport.url(`${access.mailbox}/events/${encodeURIComponent(eventId)}`),
    Event,
  );
  return answer.kind === 'ok' ? { kind: 'ok', value: presentEvent(answer.value, 'full') } : answer;
}

function viewOf({ mailbox }: GraphAccess, calendar: string): string {
  return `${mailbox}/calendars/${encodeURIComponent(calendar)}/calendarView`;
}

function boundsOf({ start, end }: CalendarWindow): Record<string, string> {
  return { startDateTime: start.toISOString(), endDateTime: end.toISOString() };
}

function presentEvent(event: z.infer<typeof Event>, level: 'limited' | 'full'): CalendarEvent {
  const start = instantOf(event.start);
  return {
    type: event.type ?? 'singleInstance',
    seriesMasterId: event.seriesMasterId ?? null,
    isStub: event.type === 'occurrence' && event.subject === undefined,
    item: {
      itemId: event.id,
      changeKey: event.changeKey ?? null,
      modifiedAt: instantOrNull(event.lastModifiedDateTime),
      at: new Date(start),
      content: {
        subject: event.subject ?? '',
        people: peopleOf(event),
        start,
        end: instantOf(event.end),
        isAllDay: event.isAllDay ?? undefined,
        startTimeZone: event.originalStartTimeZone ?? undefined,
        endTimeZone: event.originalEndTimeZone ?? undefined,
        location: event.location?.displayName ?? undefined,
        body: level === 'full' ? (event.body ?? undefined) : undefined,
      },
    },
  };
}

/** Every call asks for UTC, so the zone is not read; Graph writes seven decimals, which is more than a Date has. */
function instantOf({ dateTime }: z.infer<typeof Instant>): string {
  const instant = new Date(`${dateTime.replace(/(\.\d{3})\d*$/, '$1').replace(/Z$/, '')}Z`);
  return Number.isNaN(instant.getTime()) ? new Date(0).toISOString() : instant.toISOString();
}

const ATTENDEE_ROLES = ['required', 'optional', 'resource'] as const;

function peopleOf(event: z.infer<typeof Event>): readonly Person[] {
  const attendees = (event.attendees ?? []).map(({ type, emailAddress }) =>
    personOf(ATTENDEE_ROLES.find((role) => role === type) ?? 'required', emailAddress),
  );
  return [personOf('organizer', event.organizer?.emailAddress), ...attendees].flatMap((person) => person ?? []);
}
