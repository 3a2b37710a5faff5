/**
 * Occurrences of a series within a window, by ical.js (RFC 5545). A series is laid out on the clock of its own zone, so
 * that a meeting at nine stays at nine when the clocks change.
 */
import ICAL from 'ical.js';
import { type StoredEvent, type StoredException } from './stored.ts';
import { findZone, UTC } from './zones.ts';

const MAX_STEPS = 20_000;

export function isSeries({ rule, added }: Pick<StoredEvent, 'rule' | 'added'>): boolean {
  return rule !== null || added.length > 0;
}

export interface Occurrence {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  /** Set where the occurrence differs from its series. */
  readonly exception: StoredException | null;
}

export function occurrencesOf(event: StoredEvent, from: Date, to: Date): readonly Occurrence[] {
  if (!isSeries(event)) {
    return [];
  }
  const length = Date.parse(event.end) - Date.parse(event.start);
  // What was moved stands where it was moved to, whether or not its series comes by there.
  const moved = Object.keys(event.exceptions).filter((original) => isIn(event.exceptions[original], from, to));
  const latest = Math.max(to.getTime(), ...moved.map((original) => Date.parse(original) + 1));
  const starts = [...startsOf(event, new Date(latest)), ...event.added];
  return [...new Set(starts)]
    .toSorted()
    .filter((start) => !event.excluded.includes(start))
    .map((start) => occurrenceAt(event, start, length))
    .filter((occurrence) => isIn(occurrence, from, to));
}

function isIn(occurrence: Pick<Occurrence, 'start' | 'end'> | undefined, from: Date, to: Date): boolean {
  return (
    occurrence !== undefined &&
    Date.parse(occurrence.start) < to.getTime() &&
    Date.parse(occurrence.end) > from.getTime()
  );
}

/** When the rule has it begin, before `to`. */
export function* startsOf(
  { rule, start, timeZone, zoneDefinition, isAllDay }: StoredEvent,
  to: Date,
): Generator<string> {
  if (rule === null) {
    yield start;
    return;
  }
  const zone = isAllDay ? UTC : (findZone(timeZone, zoneDefinition) ?? UTC);
  const recur = ICAL.Recur.fromString(rule);
  const isOver = endOf(recur.until);
  // The rule is laid out without a zone, where its end in UTC would be compared with times on the wall.
  recur.until = null;
  const iterator = recur.iterator(ICAL.Time.fromDateTimeString(zone.wallOf(new Date(start))));
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const wall = iterator.next()?.toString().slice(0, 19);
    const instant = wall === undefined ? undefined : zone.instantOf(wall);
    if (wall === undefined || instant === undefined || instant >= to || isOver(wall, instant)) {
      return;
    }
    yield instant.toISOString();
  }
}

/** RFC 5545 3.3.10: the end is a day, or a time that is in UTC where the start has a zone; it still belongs to the series. */
function endOf(until: ICAL.Time | null): (wall: string, instant: Date) => boolean {
  if (until === null) {
    return () => false;
  }
  const last = until.toString();
  if (until.isDate) {
    return (wall) => wall.slice(0, 10) > last;
  }
  return last.endsWith('Z') ? (_wall, instant) => instant > new Date(last) : (wall) => wall > last;
}

function occurrenceAt(event: StoredEvent, original: string, length: number): Occurrence {
  const exception = event.exceptions[original] ?? null;
  return {
    id: `${event.id}.${original.replace(/[^0-9]/g, '').slice(0, 12)}`,
    start: exception?.start ?? original,
    end: exception?.end ?? new Date(Date.parse(original) + length).toISOString(),
    exception,
  };
}
