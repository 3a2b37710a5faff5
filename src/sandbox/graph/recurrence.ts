/** Occurrences of a series within a window, by ical.js (RFC 5545). */
import ICAL from 'ical.js';
import type { Occurrence } from './present.ts';
import type { StoredEvent } from './stored.ts';

const MOST_OCCURRENCES = 2_000;

export function occurrencesOf(event: StoredEvent, from: Date, to: Date): readonly Occurrence[] {
  if (event.rule === null) {
    return [];
  }
  const length = Date.parse(event.end) - Date.parse(event.start);
  const iterator = ICAL.Recur.fromString(event.rule).iterator(ICAL.Time.fromJSDate(new Date(event.start), true));
  const found: Occurrence[] = [];
  for (let count = 0; count < MOST_OCCURRENCES; count += 1) {
    const next = iterator.next();
    if (!next) {
      break;
    }
    const start = next.toJSDate();
    if (start >= to) {
      break;
    }
    if (start.getTime() + length > from.getTime() && !event.excluded.includes(start.toISOString())) {
      found.push(occurrenceAt(event, start, length));
    }
  }
  return found;
}

function occurrenceAt(event: StoredEvent, start: Date, length: number): Occurrence {
  const original = start.toISOString();
  const exception = event.exceptions[original];
  return {
    id: `${event.id}.${original.replace(/[^0-9]/g, '').slice(0, 12)}`,
    start: exception?.start ?? original,
    end: exception?.end ?? new Date(start.getTime() + length).toISOString(),
    subject: exception?.subject ?? null,
  };
}
