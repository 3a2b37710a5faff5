/**
 * A pause: reading stops, data stays, and sync resumes where it left off.
 *
 * Shapes  `until` is an RFC 3339 instant, or `null` for a pause that someone has to end.
 */
import type { Category } from './categories/categories.ts';

export interface Pause {
  readonly until: string | null;
}

export type Pauses = Partial<Readonly<Record<Category, Pause>>>;

/** The pause as it is at `now`: `null` where there is none, or none any more. */
export function pauseAt(pause: Pause | null | undefined, now: Date): Pause | null {
  const { until } = pause ?? { until: '1970-01-01T00:00:00Z' };
  return until === null || Date.parse(until) > now.getTime() ? { until } : null;
}

/** Whether a pause that is asked for would be over before it begins. */
export function hasExpired(pause: Pause | null | undefined, now: Date): boolean {
  return pause !== null && pause !== undefined && pauseAt(pause, now) === null;
}

/** The pauses that hold at `now`. */
export function pausesAt(pauses: Pauses, now: Date): Pauses {
  return Object.fromEntries(Object.entries(pauses).filter(([, pause]) => pauseAt(pause, now) !== null));
}
