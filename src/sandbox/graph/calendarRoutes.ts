/**
 * Calendars: their list, the plain view of each with whole occurrences, and its delta with stubs. Without a name the
 * default calendar is meant.
 *
 * As in Graph, the delta takes no `$select`, and a single occurrence that was deleted is not reported: only
 * its series' master comes. The plain view is the truth.
 *
 * Source  "event: delta" for calendar views, "List calendarView" (learn.microsoft.com/graph).
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Caller, requirePermission, requireMailboxAccess, has, mailboxCallerOf, mailboxPath } from './access.ts';
import { GRAPH_REFUSALS, GraphError } from './errors.ts';
import type { GraphContext } from './graphContext.ts';
import type { Mailbox } from './mailbox.ts';
import { link, listPage, pageRequest, selected } from './paging.ts';
import { presentEvent, presentOccurrence, presentStub } from './presentItems.ts';
import { isSeries, occurrencesOf } from './recurrence.ts';
import type { StoredContainer, StoredEvent } from './stored.ts';

const CONTEXT = 'https://graph.microsoft.com/v1.0/$metadata#Collection(event)';

export function registerCalendar(app: FastifyInstance, context: GraphContext): void {
  for (const base of ['/v1.0/me', '/v1.0/users/:mailbox']) {
    registerCalendarOf(app, context, base);
  }
}

function registerCalendarOf(app: FastifyInstance, context: GraphContext, base: string): void {
  app.get(`${base}/calendars`, (request) => {
    const { mailbox, caller } = enter(context, request);
    const calendars = [DEFAULT_CALENDAR, ...mailbox.calendars.all()].map((each) => presentCalendar(each, caller));
    return listPage(request, calendars, { origin: context.origin });
  });
  app.get(`${base}/calendar`, (request) => {
    const { caller } = enter(context, request);
    return selected(
      presentCalendar(DEFAULT_CALENDAR, caller),
      pageRequest(request, 'calendar', context.generation()).select,
    );
  });
  for (const path of [base, `${base}/calendar`, `${base}/calendars/:calendar`]) {
    app.get(`${path}/calendarView`, (request) => calendarView(context, request));
    for (const form of ['delta', 'delta()']) {
      app.get(`${path}/calendarView/${form}`, (request) => calendarDelta(context, request));
    }
  }
  app.get(`${base}/events`, (request) => {
    const { caller, mailbox } = enter(context, request);
    const { select, limit } = pageRequest(request, 'events', context.generation());
    const withBody = has(caller, 'calendarBody');
    return {
      value: mailbox
        .events()
        .slice(0, limit)
        .map((event) => selected(presentEvent(event, withBody), select)),
    };
  });
  app.get(`${base}/events/:id`, (request) => {
    const { caller, mailbox } = enter(context, request);
    const { id } = z.object({ id: z.string() }).parse(request.params);
    const { select } = pageRequest(request, 'event', context.generation());
    return selected(eventIn(mailbox, id, has(caller, 'calendarBody')), select);
  });
}

/** An event, a series, or one occurrence of a series. */
function eventIn(mailbox: Mailbox, id: string, withBody: boolean): Record<string, unknown> {
  const event = mailbox.event(id);
  if (event !== null) {
    return presentEvent(event, withBody);
  }
  const master = mailbox.event(id.slice(0, Math.max(0, id.lastIndexOf('.'))));
  const occurrences = master === null ? [] : occurrencesOf(master, LONG_AGO, FAR_AHEAD);
  const occurrence = occurrences.find((each) => each.id === id);
  if (master === null || occurrence === undefined) {
    throw new GraphError(GRAPH_REFUSALS.itemNotFound);
  }
  return presentOccurrence(master, occurrence, withBody);
}

const LONG_AGO = new Date('1900-01-01T00:00:00Z');
const FAR_AHEAD = new Date('2100-01-01T00:00:00Z');

const DEFAULT_CALENDAR: StoredContainer = {
  id: 'AAMkADcalendarAAA',
  container: '',
  changeKey: 'default',
  modifiedAt: '2026-11-20T16:30:00.000Z',
  name: 'Calendar',
  isShared: false,
};

const SOMEBODY_ELSE = { name: 'Somebody else', address: 'somebody.else@sandbox.example' };

function presentCalendar({ id, name, isShared }: StoredContainer, { person }: Caller): Record<string, unknown> {
  const owner = isShared ? SOMEBODY_ELSE : { name: person.name, address: person.upn };
  return { id, name, isDefaultCalendar: id === DEFAULT_CALENDAR.id, canEdit: !isShared, canShare: !isShared, owner };
}

/** The calendar that the path names, and that path for the links of an answer. */
function calendarIn(
  request: FastifyRequest,
  caller: Caller,
  mailbox: Mailbox,
): { readonly id: string; readonly path: string } {
  const { calendar } = z.object({ calendar: z.string().optional() }).parse(request.params);
  const id = calendar ?? DEFAULT_CALENDAR.id;
  const named = mailbox.calendars.get(id);
  if (id !== DEFAULT_CALENDAR.id && named === null) {
    throw new GraphError(GRAPH_REFUSALS.itemNotFound);
  }
  // "Calendars.Read.Shared" in the permissions reference: delegate and shared calendars need it.
  if (named?.isShared === true) {
    requirePermission(caller, 'sharedCalendars');
  }
  const base = mailboxPath(request);
  return { id, path: calendar === undefined ? base : `${base}/calendars/${encodeURIComponent(calendar)}` };
}

function enter(context: GraphContext, request: FastifyRequest): { caller: Caller; mailbox: Mailbox } {
  const caller = mailboxCallerOf(context, request);
  requirePermission(caller, 'calendar');
  requireMailboxAccess(caller);
  return { caller, mailbox: context.mailboxes.of(caller.person.upn) };
}

interface Window {
  readonly start: Date;
  readonly end: Date;
  readonly name: string;
}

function windowIn(request: FastifyRequest): Window {
  const bounds = z
    .object({
      startDateTime: z.iso.datetime({ offset: true, local: true }),
      endDateTime: z.iso.datetime({ offset: true, local: true }),
    })
    .safeParse(request.query);
  if (!bounds.success) {
    throw new GraphError(GRAPH_REFUSALS.badRequest);
  }
  const { startDateTime, endDateTime } = bounds.data;
  return { start: new Date(startDateTime), end: new Date(endDateTime), name: `${startDateTime} ${endDateTime}` };
}

function calendarView(context: GraphContext, request: FastifyRequest): object {
  const { caller, mailbox } = enter(context, request);
  const asked = z.object({ $skiptoken: z.string().optional() }).parse(request.query);
  const window = asked.$skiptoken === undefined ? windowIn(request) : windowOf(asked.$skiptoken);
  const { id: calendar, path } = calendarIn(request, caller, mailbox);
  const of = `view ${window.name} ${calendar}`;
  const { cursor, select, limit } = pageRequest(request, of, context.generation());
  const from = cursor?.position ?? 0;
  const withBody = has(caller, 'calendarBody');
  const all = eventsOf(mailbox, calendar).flatMap((event) => expandedIn(event, window, withBody));
  const value = all.slice(from, from + limit).map((event) => selected(event, select));
  const position = from + limit;
  const next = { of, generation: context.generation(), select, after: 0, position };
  return {
    '@odata.context': CONTEXT,
    value,
    ...(position < all.length
      ? { '@odata.nextLink': link(context.origin, `${path}/calendarView`, '$skiptoken', next) }
      : {}),
  };
}

function calendarDelta(context: GraphContext, request: FastifyRequest): object {
  const { caller, mailbox } = enter(context, request);
  requirePermission(caller, 'calendarDelta');
  const query = z.record(z.string(), z.unknown()).parse(request.query);
  const token = query['$skiptoken'] ?? query['$deltatoken'];
  const window = typeof token === 'string' ? windowOf(token) : windowIn(request);
  const { id: calendar, path: base } = calendarIn(request, caller, mailbox);
  const of = `delta ${window.name} ${calendar}`;
  const { cursor, limit } = pageRequest(request, of, context.generation());
  const isFirst = cursor === null || cursor.position !== undefined;
  const all = isFirst
    ? eventsOf(mailbox, calendar).flatMap((event) => deltaEntriesIn(event, window))
    : mailbox.eventChanges(cursor.after, calendar).flatMap((id) => changeIn(mailbox, id, window, calendar));
  const after = isFirst ? (cursor?.after ?? mailbox.sequence) : cursor.after;
  const from = cursor?.position ?? 0;
  const common = { of, generation: context.generation(), select: '' };
  const isLast = !isFirst || from + limit >= all.length;
  const path = `${base}/calendarView/delta`;
  return {
    '@odata.context': CONTEXT,
    value: isFirst ? all.slice(from, from + limit) : all,
    ...(isLast
      ? {
          '@odata.deltaLink': link(context.origin, path, '$deltatoken', {
            ...common,
            after: isFirst ? after : mailbox.sequence,
          }),
        }
      : { '@odata.nextLink': link(context.origin, path, '$skiptoken', { ...common, after, position: from + limit }) }),
  };
}

/** The window is frozen in the token. */
function windowOf(token: string): Window {
  const { of } = z.object({ of: z.string() }).parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
  const [, start = '', end = ''] = of.split(' ');
  return { start: new Date(start), end: new Date(end), name: `${start} ${end}` };
}

function eventsOf(mailbox: Mailbox, calendar: string): readonly StoredEvent[] {
  return mailbox.events().filter((event) => event.calendar === calendar);
}

function isIn({ start, end }: StoredEvent, window: Window): boolean {
  return Date.parse(start) < window.end.getTime() && Date.parse(end) > window.start.getTime();
}

function expandedIn(event: StoredEvent, window: Window, withBody: boolean): readonly Record<string, unknown>[] {
  if (!isSeries(event)) {
    return isIn(event, window) ? [presentEvent(event, withBody)] : [];
  }
  return occurrencesOf(event, window.start, window.end).map((occurrence) =>
    presentOccurrence(event, occurrence, withBody),
  );
}

/** A single event whole; a series as its master and a stub for every occurrence, exceptions whole. */
function deltaEntriesIn(event: StoredEvent, window: Window): readonly object[] {
  if (!isSeries(event)) {
    return isIn(event, window) ? [presentEvent(event, true)] : [];
  }
  const occurrences = occurrencesOf(event, window.start, window.end).map((occurrence) =>
    occurrence.exception === null ? presentStub(event, occurrence) : presentOccurrence(event, occurrence, true),
  );
  return occurrences.length === 0 ? [] : [presentEvent(event, true), ...occurrences];
}

function changeIn(mailbox: Mailbox, id: string, window: Window, calendar: string): readonly object[] {
  const event = mailbox.event(id);
  if (event?.calendar === calendar) {
    const stubs = deltaEntriesIn(event, window);
    return stubs.length === 0 ? [{ id, '@removed': { reason: 'deleted' } }] : stubs;
  }
  const gone = event ?? mailbox.removedEvent(id);
  const occurrences = gone === null ? [] : occurrencesOf(gone, window.start, window.end);
  return [id, ...occurrences.map((occurrence) => occurrence.id)].map((each) => ({
    id: each,
    '@removed': { reason: 'deleted' },
  }));
}
