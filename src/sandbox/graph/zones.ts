/**
 * What a clock on the wall shows in a time zone, as an instant, and the other way around.
 *
 * Shapes  A zone has a name of the IANA database or of Windows, as Exchange writes it; the table between the two is
 *         Unicode CLDR's ("windowsZones"). Of other names the file's own VTIMEZONE says what they mean (RFC 5545).
 * Errors  `null` for a name that no one knows.
 */
import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import { findIana } from 'windows-iana';

export interface Zone {
  /** `wall` is a local time without an offset, `2026-12-07T09:00:00`; what the clock skips is moved ahead. */
  instantOf(wall: string): Date;
  wallOf(instant: Date): string;
}

export const UTC: Zone = {
  instantOf: (wall) => new Date(`${wall}Z`),
  wallOf: (instant) => instant.toISOString().slice(0, 19),
};

export function findZone(name: string, definition: string): Zone | null {
  if (name === 'UTC') {
    return UTC;
  }
  // Some calendars write the path of their own library before the name.
  const tail = /^\/.*\/([^/]+\/[^/]+)$/.exec(name)?.[1] ?? name;
  const iana = [name, tail, ...findIana(name)].find(isIana);
  if (iana !== undefined) {
    return {
      instantOf: (wall) => new Date(Temporal.PlainDateTime.from(wall).toZonedDateTime(iana).epochMilliseconds),
      wallOf: (instant) =>
        Temporal.Instant.fromEpochMilliseconds(instant.getTime())
          .toZonedDateTimeISO(iana)
          .toPlainDateTime()
          .toString({ smallestUnit: 'second' }),
    };
  }
  return definition === '' ? null : definedZone(definition);
}

function isIana(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function definedZone(definition: string): Zone {
  const zone = new ICAL.Timezone(ICAL.Component.fromString(definition));
  return {
    instantOf: (wall) => {
      const time = ICAL.Time.fromDateTimeString(wall);
      time.zone = zone;
      return time.toJSDate();
    },
    wallOf: (instant) => ICAL.Time.fromJSDate(instant, true).convertToZone(zone).toString().slice(0, 19),
  };
}
