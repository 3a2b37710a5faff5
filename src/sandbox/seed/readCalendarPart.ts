/** Reads one event or to-do of an iCalendar file (RFC 5545) by ical.js. */
import { createHash } from 'node:crypto';
import ICAL from 'ical.js';
import { type Address, type StoredEvent, type StoredTask, USUAL } from '../graph/stored.ts';
import { findZone, UTC, type Zone } from '../graph/zones.ts';
import { DEFAULT_TASK_LIST } from './generateOtherContent.ts';
import { UnreadableFileError } from './leftOut.ts';
import type { CalendarPart } from './splitCalendar.ts';

export interface ReadEvent {
  readonly event: StoredEvent;
  /** Of what differs from its series: the time for which it stands; a day, where the file names only that. */
  readonly original: string | null;
  /** Whether that holds for everything after it, too. */
  readonly isRange: boolean;
  readonly sequence: number;
  /** When the series begins on a day, or at a time, that something else of the file names. */
  startOn(original: string): string;
}

const A_DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MILLISECONDS = 86_400_000;

/** What the part calls itself, or which it is. */
export function nameOfPart({ text }: CalendarPart, index: number): string {
  return /^SUMMARY[^:]*:(.*)$/m.exec(text)?.[1]?.trim() ?? `number ${index + 1}`;
}

export function readEvent(part: CalendarPart): ReadEvent {
  const component = parse(part);
  const times = new Times(component, part.zones);
  const start = times.of('dtstart');
  if (start === null) {
    throw new UnreadableFileError('it does not say when it begins');
  }
  const end = endOf(component, times, start);
  if (end < start.at) {
    throw new UnreadableFileError('it ends before it begins');
  }
  const hash = createHash('sha256').update(part.text.trim()).digest();
  const uid = textOf(component, 'uid') || `without-${hash.toString('hex').slice(0, 24)}`;
  const startOn = (original: string) => (A_DAY.test(original) ? start.on(original) : original);
  const recurrence = component.getFirstProperty('recurrence-id');
  return {
    original: times.of('recurrence-id')?.named ?? null,
    isRange: recurrence?.getFirstParameter('range') === 'THISANDFUTURE',
    sequence: Number(component.getFirstPropertyValue('sequence') ?? 0),
    startOn,
    event: {
      ...USUAL,
      id: '',
      changeKey: hash.toString('base64').slice(0, 16),
      uid,
      subject: textOf(component, 'summary'),
      body: textOf(component, 'description'),
      location: textOf(component, 'location'),
      organizer: addressOf(component.getFirstProperty('organizer')),
      attendees: component.getAllProperties('attendee').flatMap((property) => {
        const address = addressOf(property);
        return address === null ? [] : [{ ...address, type: roleOf(property) }];
      }),
      start: start.at,
      end,
      isAllDay: start.isDay,
      calendar: 'AAMkADcalendarAAA',
      timeZone: start.zoneName,
      zoneDefinition: start.definition,
      rule: component.getFirstPropertyValue('rrule')?.toString() ?? null,
      excluded: times.all('exdate').map(({ named }) => startOn(named)),
      added: times.all('rdate').map(({ named }) => startOn(named)),
      exceptions: {},
      isCancelled: textOf(component, 'status') === 'CANCELLED',
      sensitivity: sensitivityOf(textOf(component, 'class')),
      showAs: shownAs(component),
    },
  };
}

export function readTask(part: CalendarPart, at: Date): StoredTask {
  const component = parse(part);
  const uid = textOf(component, 'uid') || part.text.trim();
  const due = component.getFirstPropertyValue('due');
  const status = STATUSES[textOf(component, 'status')] ?? 'notStarted';
  return {
    id: `AAkALgAAt${createHash('sha256').update(uid).digest('base64url').slice(0, 40)}`,
    container: DEFAULT_TASK_LIST,
    changeKey: createHash('sha256').update(part.text).digest('base64').slice(0, 16),
    modifiedAt: at.toISOString(),
    title: textOf(component, 'summary'),
    body: textOf(component, 'description'),
    status,
    dueOn: due instanceof ICAL.Time ? due.toString().slice(0, 10) : null,
  };
}

const STATUSES: Readonly<Record<string, StoredTask['status']>> = {
  'IN-PROCESS': 'inProgress',
  COMPLETED: 'completed',
};

function parse({ kind, text, isEnded, zones }: CalendarPart): ICAL.Component {
  if (!isEnded) {
    throw new UnreadableFileError('it does not end');
  }
  try {
    const calendar = ICAL.Component.fromString(`BEGIN:VCALENDAR\r\n${zones.join('')}${text}END:VCALENDAR`);
    const component = calendar.getFirstSubcomponent(kind.toLowerCase());
    if (component !== null) {
      return component;
    }
  } catch (cause) {
    throw new UnreadableFileError('one of its lines is none of iCalendar', { cause });
  }
  throw new UnreadableFileError('it has no lines');
}

interface Moment {
  /** An instant; of a whole day midnight UTC, as Graph has it. */
  readonly at: string;
  readonly isDay: boolean;
  /** As the file names it: an instant, or a day. */
  readonly named: string;
  readonly zoneName: string;
  readonly definition: string;
  /** The same time of another day. */
  on(day: string): string;
}

/** The times of a part, by the zones that they name. */
class Times {
  readonly #component: ICAL.Component;
  readonly #zones: readonly string[];

  constructor(component: ICAL.Component, zones: readonly string[]) {
    this.#component = component;
    this.#zones = zones;
  }

  of(name: string): Moment | null {
    return this.all(name)[0] ?? null;
  }

  all(name: string): readonly Moment[] {
    return this.#component
      .getAllProperties(name)
      .flatMap((property) => property.getValues().flatMap((value) => this.#moment(property, value) ?? []));
  }

  #moment(property: ICAL.Property, value: unknown): Moment | null {
    const time = value instanceof ICAL.Period ? value.start : value;
    if (!(time instanceof ICAL.Time)) {
      return null;
    }
    const text = time.toString();
    const wall = time.isDate ? `${text}T00:00:00` : text.slice(0, 19);
    const { zone, zoneName, definition } = this.#zoneOf(property, time.isDate || text.endsWith('Z'));
    const at = zone.instantOf(wall).toISOString();
    return {
      at,
      isDay: time.isDate,
      named: time.isDate ? text : at,
      zoneName,
      definition,
      on: (day) => zone.instantOf(`${day}${wall.slice(10)}`).toISOString(),
    };
  }

  #zoneOf(property: ICAL.Property, isUtc: boolean): { zone: Zone; zoneName: string; definition: string } {
    const named = property.getFirstParameter('tzid');
    if (isUtc || named === undefined || named === '') {
      return { zone: UTC, zoneName: 'UTC', definition: '' };
    }
    const isOfName = (text: string) => /^TZID[^:\n]*:([^\r\n]*)/im.exec(text)?.[1]?.trim() === named;
    const known = findZone(named, '');
    const definition = known === null ? (this.#zones.find(isOfName) ?? '') : '';
    const zone = known ?? findZone(named, definition);
    if (zone === null) {
      throw new UnreadableFileError(`nobody knows its time zone "${named}"`);
    }
    return { zone, zoneName: named, definition };
  }
}

/** RFC 5545 3.6.1: without an end or a duration a day lasts a day, and a time no time. */
function endOf(component: ICAL.Component, times: Times, start: Moment): string {
  const duration = component.getFirstPropertyValue('duration');
  const length = duration instanceof ICAL.Duration ? duration.toSeconds() * 1_000 : start.isDay ? DAY_MILLISECONDS : 0;
  return times.of('dtend')?.at ?? new Date(Date.parse(start.at) + length).toISOString();
}

function textOf(component: ICAL.Component, name: string): string {
  const value = component.getFirstPropertyValue(name);
  return typeof value === 'string' ? value : '';
}

/** RFC 5545 3.8.1.3: what no one knows is as private as `PRIVATE`. */
function sensitivityOf(text: string): StoredEvent['sensitivity'] {
  switch (text.toUpperCase()) {
    case '':
    case 'PUBLIC':
      return 'normal';
    case 'CONFIDENTIAL':
      return 'confidential';
    default:
      return 'private';
  }
}

/** Source: [MS-OXCICAL] 2.1.3.1.1.20.31, X-MICROSOFT-CDO-BUSYSTATUS. */
const BUSY: Readonly<Record<string, StoredEvent['showAs']>> = {
  FREE: 'free',
  TENTATIVE: 'tentative',
  BUSY: 'busy',
  OOF: 'oof',
  WORKINGELSEWHERE: 'workingElsewhere',
};

function shownAs(component: ICAL.Component): StoredEvent['showAs'] {
  const told = BUSY[textOf(component, 'x-microsoft-cdo-busystatus').toUpperCase()];
  const isFree = textOf(component, 'transp').toUpperCase() === 'TRANSPARENT';
  return told ?? (isFree ? 'free' : textOf(component, 'status') === 'TENTATIVE' ? 'tentative' : 'busy');
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
