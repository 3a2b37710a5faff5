/** Takes an iCalendar file apart into what it holds, so that one part that is broken does not cost the others. */
import { UnreadableFileError } from './leftOut.ts';

export const PARTS = ['VEVENT', 'VTODO'] as const;

export interface CalendarPart {
  readonly kind: (typeof PARTS)[number];
  /** From BEGIN to END. */
  readonly text: string;
  /** False where the next part begins, or the calendar ends, before this one does. */
  readonly isEnded: boolean;
  /** The time zones that its calendar defines. */
  readonly zones: readonly string[];
}

/** A file may hold several calendars one after the other (RFC 5545 3.4). */
export function splitCalendar(text: string): readonly CalendarPart[] {
  const calendars = text.split(/^(?=BEGIN:VCALENDAR\s*$)/im).filter((part) => /^BEGIN:VCALENDAR/i.test(part));
  if (calendars.length === 0) {
    throw new UnreadableFileError('not an iCalendar file');
  }
  return calendars.flatMap((calendar) => {
    const zones = blocksOf(calendar, 'VTIMEZONE').flatMap((block) => (block.isEnded ? [block.text] : []));
    return PARTS.flatMap((kind) => blocksOf(calendar, kind).map((block) => ({ kind, ...block, zones })));
  });
}

function blocksOf(calendar: string, name: string): readonly { readonly text: string; readonly isEnded: boolean }[] {
  return calendar.split(new RegExp(`^(?=BEGIN:${name}\\s*$)`, 'im')).flatMap((part) => {
    if (!new RegExp(`^BEGIN:${name}\\s*$`, 'im').test(part.slice(0, part.indexOf('\n')))) {
      return [];
    }
    const end = new RegExp(`^END:${name}\\s*$`, 'im').exec(part);
    return [
      end === null
        ? { text: part, isEnded: false }
        : { text: `${part.slice(0, end.index)}END:${name}\r\n`, isEnded: true },
    ];
  });
}
