/**
 * Reads iCalendar files (RFC 5545) by ical.js: single events, series with what differs from them, and to-dos.
 *
 * Times are taken by the zone that they name, of the IANA database or of Windows, whether or not the file defines it;
 * times without a zone are taken for UTC. What cannot be taken is named with the reason.
 */
import { createHash } from 'node:crypto';
import type { StoredEvent, StoredException, StoredTask } from '../graph/stored.ts';
import { startsOf } from '../graph/recurrence.ts';
import { type LeftOut, readParts, UnreadableFileError } from './leftOut.ts';
import { nameOfPart, readEvent, type ReadEvent, readTask } from './readCalendarPart.ts';
import { splitCalendar } from './splitCalendar.ts';
import { splitSeries } from './splitSeries.ts';

export interface ReadCalendar {
  readonly events: readonly StoredEvent[];
  readonly tasks: readonly StoredTask[];
  readonly leftOut: readonly LeftOut[];
}

export async function readCalendar(text: string, at: Date): Promise<ReadCalendar> {
  const parts = splitCalendar(text);
  if (parts.length === 0) {
    throw new UnreadableFileError('a calendar without an event');
  }
  const read = await readParts(
    parts.filter(({ kind }) => kind === 'VEVENT'),
    nameOfPart,
    readEvent,
  );
  const todos = await readParts(
    parts.filter(({ kind }) => kind === 'VTODO'),
    nameOfPart,
    (part) => readTask(part, at),
  );
  const groups = [...Map.groupBy(read.items, ({ event }) => event.uid).values()].map(joinSeries);
  return {
    events: groups.flatMap(({ events }) => events).map((event) => ({ ...event, id: idOf(event.uid) })),
    tasks: todos.items,
    leftOut: [...read.leftOut, ...todos.leftOut, ...groups.flatMap(({ leftOut }) => leftOut)],
  };
}

function idOf(uid: string): string {
  return `AAkALgAAc${createHash('sha256').update(uid).digest('base64url').slice(0, 40)}`;
}

/** The event, or the series with its exceptions, that the parts of one uid make together. */
function joinSeries(parts: readonly ReadEvent[]): Pick<ReadCalendar, 'events' | 'leftOut'> {
  const [master, ...older] = parts
    .filter(({ original }) => original === null)
    .toSorted((first, second) => second.sequence - first.sequence);
  const changes = parts
    .filter(({ original }) => original !== null)
    .toSorted((first, second) => first.sequence - second.sequence);
  if (master === undefined) {
    // An invitation to one occurrence of someone's series: the series itself is not there.
    return {
      events: changes.map(({ event, original }) => ({ ...event, uid: `${event.uid} ${original ?? ''}` })),
      leftOut: [],
    };
  }
  const leftOut: LeftOut[] = older.map(({ event }) => ({
    item: event.subject,
    reason: 'a newer version of it is in the same file',
  }));
  let series: readonly StoredEvent[] = [master.event];
  for (const { event, original, isRange } of changes) {
    const start = original === null ? null : master.startOn(original);
    const target = series.find((each) => start !== null && hasStart(each, start));
    if (target === undefined || start === null) {
      leftOut.push({ item: event.subject, reason: 'its series has nothing at the time that it stands for' });
      continue;
    }
    const next = isRange ? splitSeries(target, event, start) : [withException(target, event, start)];
    series = series.flatMap((each) => (each === target ? next : [each]));
  }
  return { events: series, leftOut };
}

function hasStart(event: StoredEvent, start: string): boolean {
  const after = new Date(Date.parse(start) + 1);
  return event.added.includes(start) || [...startsOf(event, after)].includes(start);
}

function withException(series: StoredEvent, event: StoredEvent, start: string): StoredEvent {
  const { subject, body, location, attendees, isCancelled } = event;
  const exception: StoredException = {
    subject,
    body,
    location,
    attendees,
    isCancelled,
    start: event.start,
    end: event.end,
  };
  return { ...series, exceptions: { ...series.exceptions, [start]: exception } };
}
