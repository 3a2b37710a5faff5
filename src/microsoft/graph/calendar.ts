/**
 * The default calendar: changes by `calendarView/delta`, which takes no `$select` and gives occurrences as
 * stubs, and the plain `calendarView`, which gives every occurrence whole.
 *
 * Source  "Get incremental changes to events in a calendar view", "List calendarView".
 */
import { z } from 'zod';
import type { Person } from '../../domain/items.ts';
import type { CalendarEvent, CalendarWindow, GraphAccess, GraphAnswer, GraphPage } from '../../sync/ports.ts';
import { readPage } from './pages.ts';
import type { GraphTransport } from './transport.ts';

const BASIC = [
  'id',
  'changeKey',
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
];

const Instant = z.object({ dateTime: z.string(), timeZone: z.string().nullish() });
const Address = z.object({ name: z.string().nullish(), address: z.string().nullish() });

const Event = z.object({
  id: z.string().min(1),
  changeKey: z.string().nullish(),
  type: z.enum(['singleInstance', 'occurrence', 'exception', 'seriesMaster']).nullish(),
  seriesMasterId: z.string().nullish(),
  subject: z.string().nullish(),
  start: Instant,
  end: Instant,
  isAllDay: z.boolean().nullish(),
  organizer: z.object({ emailAddress: Address.nullish() }).nullish(),
  attendees: z.array(z.object({ type: z.string().nullish(), emailAddress: Address.nullish() })).nullish(),
  location: z.object({ displayName: z.string().nullish() }).nullish(),
  body: z.object({ contentType: z.string(), content: z.string() }).nullish(),
});

export function readCalendarDeltaPage(
  transport: GraphTransport,
  access: GraphAccess,
  window: CalendarWindow,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<CalendarEvent>>> {
  const url = cursor ?? transport.url(`${access.mailbox}/calendarView/delta`, boundsOf(window));
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
  window: CalendarWindow,
  level: 'limited' | 'full',
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<CalendarEvent>>> {
  const select = level === 'full' ? [...BASIC, 'body'] : BASIC;
  const url =
    cursor ?? transport.url(`${access.mailbox}/calendarView`, { ...boundsOf(window), $select: select.join(',') });
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
      at: new Date(start),
      content: {
        subject: event.subject ?? '',
        people: peopleOf(event),
        start,
        end: instantOf(event.end),
        isAllDay: event.isAllDay ?? undefined,
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

function personOf(role: Person['role'], address: z.infer<typeof Address> | null | undefined): Person | null {
  const name = address?.name ?? undefined;
  return (address?.address ?? '') === '' && name === undefined ? null : { role, address: address?.address ?? '', name };
}
