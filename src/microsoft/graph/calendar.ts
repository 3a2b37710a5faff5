/**
 * Calendars: their list, and of each the changes by `calendarView/delta`, which takes no `$select` and gives
 * occurrences as stubs, and the plain `calendarView`, which gives every occurrence whole.
 *
 * Source  "List calendars", "Get incremental changes to events in a calendar view", "List calendarView", "event
 *         resource type".
 */
import { z } from 'zod';
import { EVENT_TYPES, type ItemContent, type Person, RESPONSES, SENSITIVITIES, SHOWN_AS } from '../../domain/items.ts';
import type {
  CalendarEvent,
  CalendarWindow,
  Change,
  Container,
  EachItem,
  GraphAccess,
  GraphAnswer,
  GraphPage,
  Reading,
} from '../../sync/ports.ts';
import { fetchEach } from './batch.ts';
import type { CategoryResource } from './categoryResource.ts';
import {
  bodyOf,
  DateTimeTimeZone,
  EmailAddress,
  instantOrNull,
  ItemBody,
  oneOf,
  OUTLOOK_ITEM,
  OutlookItem,
  outlookItemOf,
  personOf,
  Recipient,
} from './fields.ts';
import { Id, itemOf, fetchPage, type Resource } from './pages.ts';
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
  'isCancelled',
  'isDraft',
  'showAs',
  'sensitivity',
  'responseStatus',
  'organizer',
  'attendees',
  'location',
  'iCalUId',
  'originalStartTimeZone',
  'originalEndTimeZone',
  'onlineMeeting',
  ...OUTLOOK_ITEM,
];

/** What a whole event has in a delta; occurrences there have their times, and the rest from their series. */
const WHOLE = ['changeKey', 'lastModifiedDateTime', 'type', 'subject', 'start', 'end', 'isAllDay', 'attendees', 'body'];
const WHOLE_OCCURRENCE = ['seriesMasterId', 'start', 'end'];

const Calendar = z.object({
  id: Id,
  name: z.string().nullish(),
  canShare: z.boolean().nullish(),
  isDefaultCalendar: z.boolean().nullish(),
  owner: EmailAddress.nullish(),
});

interface ListedCalendar {
  readonly container: Container;
  readonly isDefault: boolean;
  readonly owner: string | null;
}

const CALENDARS: Resource<z.infer<typeof Calendar>, ListedCalendar> = {
  schema: Calendar,
  present: ({ id, name, canShare, isDefaultCalendar, owner }) => ({
    container: { id, name: name ?? '', parentId: null, isShared: canShare === false, itemCount: null },
    isDefault: isDefaultCalendar === true,
    owner: owner?.address?.toLowerCase() ?? null,
  }),
  whole: [],
  changeKey: '',
};

const Event = OutlookItem.extend({
  id: Id,
  changeKey: Id.nullish(),
  lastModifiedDateTime: z.string().nullish(),
  originalStartTimeZone: z.string().nullish(),
  originalEndTimeZone: z.string().nullish(),
  type: z.string().nullish(),
  seriesMasterId: z.string().nullish(),
  subject: z.string().nullish(),
  /** An event at no time is in no window, so that no one would ever find out that it is gone. */
  start: z.object({ dateTime: z.string().refine((text) => instantOf({ dateTime: text }) !== undefined) }),
  end: DateTimeTimeZone.nullish(),
  isAllDay: z.boolean().nullish(),
  isCancelled: z.boolean().nullish(),
  isDraft: z.boolean().nullish(),
  showAs: z.string().nullish(),
  sensitivity: z.string().nullish(),
  responseStatus: z.object({ response: z.string().nullish() }).nullish(),
  organizer: Recipient.nullish(),
  attendees: z.array(z.object({ type: z.string().nullish(), emailAddress: EmailAddress.nullish() })).nullish(),
  location: z.object({ displayName: z.string().nullish() }).nullish(),
  iCalUId: z.string().nullish(),
  onlineMeeting: z.object({ joinUrl: z.string().nullish() }).nullish(),
  body: ItemBody.nullish(),
});

function eventsAt(level: Reading['level']): Resource<z.infer<typeof Event>, CalendarEvent> {
  return {
    schema: Event,
    present: (event) => presentEvent(event, level),
    whole: (raw) => (Reflect.get(Object(raw), 'type') === 'occurrence' ? WHOLE_OCCURRENCE : WHOLE),
    changeKey: 'changeKey',
  };
}

export const calendar: CategoryResource = {
  containersPage: fetchCalendarsPage,
  container: null,
  items: null,
  probe: { path: 'events', tellsLevelByBody: true },
  sharedProbe: null,
};

/**
 * Whose a calendar is tells its owner, beside that of the person's default calendar: birthdays and holidays cannot be
 * shared on by anyone, and are their own. Where no one is named, only the owner may share a calendar on.
 */
async function fetchCalendarsPage(
  transport: GraphTransport,
  access: GraphAccess,
  pageSize: number,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<Container>>> {
  const $select = 'id,name,canShare,isDefaultCalendar,owner';
  const answer = await fetchPage(transport, {
    access,
    url: cursor ?? transport.url(`${access.mailbox}/calendars`, { $select, $top: '100' }),
    resource: CALENDARS,
    pageSize,
    isDelta: false,
  });
  if (answer.kind !== 'ok') {
    return answer;
  }
  const listed = answer.value.changes.flatMap((change) => (change.kind === 'upsert' ? [change.item] : []));
  const self = listed.find(({ isDefault }) => isDefault)?.owner ?? null;
  const changes = answer.value.changes.map((change): Change<Container> => {
    if (change.kind !== 'upsert') {
      return change;
    }
    const { container, owner } = change.item;
    const isShared = self === null || owner === null ? container.isShared : owner !== self;
    return { ...change, item: { ...container, isShared } };
  });
  return { kind: 'ok', value: { ...answer.value, changes } };
}

export function fetchCalendarDeltaPage(
  transport: GraphTransport,
  access: GraphAccess,
  { container, pageSize }: Reading,
  window: CalendarWindow,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<CalendarEvent>>> {
  const url = cursor ?? transport.url(`${viewOf(access, container)}/delta`, boundsOf(window));
  return fetchPage(transport, { access, url, resource: eventsAt('full'), pageSize, isDelta: true });
}

export function fetchCalendarViewPage(
  transport: GraphTransport,
  access: GraphAccess,
  { container, level, pageSize, isLight }: Reading,
  window: CalendarWindow,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<CalendarEvent>>> {
  return fetchPage(transport, {
    access,
    url: cursor ?? {
      path: viewOf(access, container),
      query: boundsOf(window),
      options: { $select: (level === 'full' && !isLight ? [...BASIC, 'body'] : BASIC).join(',') },
      name: 'calendarView',
    },
    resource: eventsAt(level),
    pageSize,
    isDelta: false,
    isLight: isLight && level === 'full',
  });
}

export function fetchEvents(
  transport: GraphTransport,
  access: GraphAccess,
  ids: readonly string[],
): Promise<EachItem<CalendarEvent>> {
  return fetchEach(
    transport,
    access,
    ids,
    (id) => `${access.mailbox}/events/${encodeURIComponent(id)}`,
    (body) => itemOf(body, eventsAt('full')),
  );
}

function viewOf({ mailbox }: GraphAccess, calendar: string): string {
  return `${mailbox}/calendars/${encodeURIComponent(calendar)}/calendarView`;
}

function boundsOf({ start, end }: CalendarWindow): Record<string, string> {
  return { startDateTime: start.toISOString(), endDateTime: end.toISOString() };
}

const TYPES = [...EVENT_TYPES, 'seriesMaster'] as const;

function presentEvent(event: z.infer<typeof Event>, level: Reading['level']): CalendarEvent {
  const start = instantOf(event.start) ?? '';
  return {
    type: oneOf(TYPES, event.type) ?? 'singleInstance',
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
        ...flagsOf(event),
        startTimeZone: event.originalStartTimeZone ?? undefined,
        endTimeZone: event.originalEndTimeZone ?? undefined,
        location: event.location?.displayName ?? undefined,
        ...placeInSeries(event),
        joinUrl: event.onlineMeeting?.joinUrl ?? undefined,
        ...outlookItemOf(event),
        body: level === 'full' ? bodyOf(event.body) : undefined,
      },
    },
  };
}

/** An occurrence's own `iCalUId` is only in the view; without it, it is the same from wherever it was read. */
function placeInSeries({
  type,
  seriesMasterId,
  iCalUId,
}: z.infer<typeof Event>): Pick<ItemContent, 'eventType' | 'seriesMasterId' | 'iCalUId'> {
  return {
    eventType: oneOf(EVENT_TYPES, type),
    seriesMasterId: seriesMasterId ?? undefined,
    ...(type === 'occurrence' ? {} : { iCalUId: iCalUId ?? undefined }),
  };
}

/** What changes the meaning of an event; what is as usual is not said. */
function flagsOf({
  isCancelled,
  isDraft,
  showAs,
  sensitivity,
  responseStatus,
}: z.infer<typeof Event>): Pick<ItemContent, 'isCancelled' | 'isDraft' | 'showAs' | 'sensitivity' | 'response'> {
  const kept = oneOf(SENSITIVITIES, sensitivity);
  return {
    ...(isCancelled === true ? { isCancelled } : {}),
    ...(isDraft === true ? { isDraft } : {}),
    showAs: oneOf(SHOWN_AS, showAs),
    ...(kept === 'normal' ? {} : { sensitivity: kept }),
    response: oneOf(RESPONSES, responseStatus?.response),
  };
}

/**
 * Every call asks for UTC; a zone that is not UTC is one that Graph could not turn into it, and its time stands as it is.
 * Graph writes seven decimals, which is more than a Date has.
 */
function instantOf(time: z.infer<typeof DateTimeTimeZone> | null | undefined): string | undefined {
  const text = time?.dateTime ?? '';
  const instant = new Date(`${text.replace(/(\.\d{3})\d*$/, '$1').replace(/Z$/, '')}Z`);
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
}

const ATTENDEE_ROLES = ['required', 'optional', 'resource'] as const;

function peopleOf(event: z.infer<typeof Event>): readonly Person[] {
  const attendees = (event.attendees ?? []).map(({ type, emailAddress }) =>
    personOf(oneOf(ATTENDEE_ROLES, type) ?? 'required', emailAddress),
  );
  return [personOf('organizer', event.organizer?.emailAddress), ...attendees].flatMap((person) => person ?? []);
}
