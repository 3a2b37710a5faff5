/** Reads iCalendar files (RFC 5545) by ical.js: single events, series, their exceptions and exclusions. */
import { createHash } from 'node:crypto';
import ICAL from 'ical.js';
import type { Address, StoredEvent } from '../graph/stored.ts';
import { UnreadableFileError } from './readMail.ts';

export function readCalendar(text: string): readonly StoredEvent[] {
  const root = parse(text);
  for (const zone of root.getAllSubcomponents('vtimezone')) {
    ICAL.TimezoneService.register(zone);
  }
  const events = root.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component));
  const masters = events.filter((event) => !event.isRecurrenceException());
  const exceptions = events.filter((event) => event.isRecurrenceException());
  if (masters.length === 0) {
    throw new UnreadableFileError('a calendar without an event');
  }
  return masters.map((master) =>
    storedEvent(
      master,
      exceptions.filter(({ uid }) => uid === master.uid),
    ),
  );
}

function parse(text: string): ICAL.Component {
  try {
    return ICAL.Component.fromString(text);
  } catch (cause) {
    throw new UnreadableFileError('not an iCalendar file', { cause });
  }
}

function storedEvent(event: ICAL.Event, exceptions: readonly ICAL.Event[]): StoredEvent {
  const hash = createHash('sha256').update(event.component.toString()).digest();
  return {
    id: `AAkALgAAc${createHash('sha256').update(event.uid).digest('base64url').slice(0, 40)}`,
    changeKey: hash.toString('base64').slice(0, 16),
    uid: event.uid,
    subject: event.summary ?? '',
    body: event.description ?? '',
    location: event.location ?? '',
    organizer: addressOf(event.component.getFirstProperty('organizer')),
    attendees: event.attendees.flatMap((property) => {
      const address = addressOf(property);
      return address === null ? [] : [{ ...address, type: roleOf(property) }];
    }),
    start: instantOf(event.startDate),
    end: instantOf(event.endDate),
    isAllDay: event.startDate.isDate,
    calendar: 'AAMkADcalendarAAA',
    timeZone: zoneOf(event.startDate),
    rule: event.component.getFirstPropertyValue('rrule')?.toString() ?? null,
    excluded: event.component
      .getAllProperties('exdate')
      .flatMap((property) =>
        property.getValues().flatMap((value) => (value instanceof ICAL.Time ? [instantOf(value)] : [])),
      ),
    exceptions: Object.fromEntries(
      exceptions.map((exception) => [
        instantOf(exception.recurrenceId),
        { subject: exception.summary ?? '', start: instantOf(exception.startDate), end: instantOf(exception.endDate) },
      ]),
    ),
  };
}

/** The zone that the file names; floating times are taken for UTC. */
function zoneOf({ zone }: ICAL.Time): string {
  return zone === null || zone.tzid === 'floating' ? 'UTC' : zone.tzid;
}

/** A whole day begins at midnight UTC, as Graph has it. */
function instantOf(time: ICAL.Time): string {
  return time.isDate
    ? new Date(Date.UTC(time.year, time.month - 1, time.day)).toISOString()
    : time.toJSDate().toISOString();
}

function addressOf(property: ICAL.Property | null): Address | null {
  const value = property?.getFirstValue();
  if (property === null || typeof value !== 'string') {
    return null;
  }
  const address = value.replace(/^mailto:/i, '');
  const name = property.getFirstParameter('cn');
  return { name: name ?? address, address };
}

function roleOf(property: ICAL.Property): 'required' | 'optional' | 'resource' {
  if (property.getFirstParameter('cutype') === 'ROOM' || property.getFirstParameter('cutype') === 'RESOURCE') {
    return 'resource';
  }
  return property.getFirstParameter('role') === 'OPT-PARTICIPANT' ? 'optional' : 'required';
}
