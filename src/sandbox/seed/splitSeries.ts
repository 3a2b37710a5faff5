/**
 * A change of one occurrence and all that follow it (RFC 5545 3.2.13, THISANDFUTURE): the series ends before it and
 * another one begins, as calendars do it that have no such thing.
 */
import ICAL from 'ical.js';
import { startsOf } from '../graph/recurrence.ts';
import type { StoredEvent } from '../graph/stored.ts';

/** `original` is when the series has the occurrence from which on it is as `change` says. */
export function splitSeries(series: StoredEvent, change: StoredEvent, original: string): readonly StoredEvent[] {
  const from = new Date(original);
  const before = [...startsOf(series, from)].length;
  const shift = Date.parse(change.start) - from.getTime();
  const isBefore = (start: string) => new Date(start) < from;
  const moved = (start: string) => new Date(Date.parse(start) + shift).toISOString();
  const first: StoredEvent = {
    ...series,
    rule: ruleWith(series.rule, (recur) => {
      recur.until = null;
      recur.count = before;
    }),
    excluded: series.excluded.filter(isBefore),
    added: series.added.filter(isBefore),
    exceptions: Object.fromEntries(Object.entries(series.exceptions).filter(([start]) => isBefore(start))),
  };
  const second: StoredEvent = {
    ...change,
    uid: `${series.uid} from ${original}`,
    rule: ruleWith(series.rule, (recur) => {
      recur.count = recur.count === null ? null : recur.count - before;
      recur.until?.addDuration(ICAL.Duration.fromSeconds(shift / 1_000));
      // The days of the rule are those of the old start: the new one names its own.
      if (change.start.slice(0, 10) !== original.slice(0, 10)) {
        delete recur.parts['BYDAY'];
        delete recur.parts['BYMONTHDAY'];
      }
    }),
    excluded: series.excluded.filter((start) => !isBefore(start)).map(moved),
    added: series.added.filter((start) => !isBefore(start)).map(moved),
    exceptions: {},
  };
  return before === 0 ? [second] : [first, second];
}

function ruleWith(rule: string | null, change: (recur: ICAL.Recur) => void): string | null {
  if (rule === null) {
    return null;
  }
  const recur = ICAL.Recur.fromString(rule);
  change(recur);
  return recur.toString();
}
