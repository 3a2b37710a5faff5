/**
 * The life of an endpoint and of what it is sent: what an answer makes of them.
 *
 * An organization's changes are sent one after another, so what fails holds up what follows it and is sent again on a
 * schedule. One that keeps failing while the endpoint takes others is set aside. An endpoint that takes nothing is only
 * tried on the schedule, and disabled when it has taken nothing for all of it.
 *
 * Units   Milliseconds.
 * Source  Standard Webhooks 1.0, "Retry schedule" and "Disabling failing endpoints".
 */
import { wordsOf } from './vocabulary.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const RETRIES = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;
const LONGEST = 24 * HOUR;
const SPREAD = 0.2;

/** What fails after this has failed at the last try of the schedule, however far that was spread. */
const WHOLE_SCHEDULE = RETRIES.reduce((sum, each) => sum + each, 0) - LONGEST / 2;

/** So often a batch is tried before it is set aside, where the endpoint takes others. */
const TRIES_IN_LINE = 4;
/** So many failures in a row are the endpoint's. */
const FAILURES_OF_ENDPOINT = 10;

/**
 * `delivered`: 2xx. `gone`: 410, the receiver wants nothing any more. `busy`: 429, 502, 503, 504, with what `Retry-After`
 * asks for. `failed`: any other answer, or none.
 */
export type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'busy'; readonly retryAfter: number | null }
  | { readonly kind: 'failed' };

/** How long to wait after so many tries that failed (1 after the first); `chance` is between 0 and 1. */
export function retryDelay(tries: number, chance: number): number {
  const delay = RETRIES[tries - 1] ?? LONGEST;
  return Math.round(delay * (1 - SPREAD + 2 * SPREAD * chance));
}

/** Whether nothing is tried any more after so many tries. */
export function isScheduleOver(tries: number): boolean {
  return tries > RETRIES.length;
}

/** `paused`: by the operator. `disabled`: by us, and said to be. */
const STATES = {
  active: { isTried: true },
  failing: { isTried: true },
  paused: { isTried: false },
  disabled: { isTried: false },
} as const satisfies Readonly<Record<string, { readonly isTried: boolean }>>;
export type EndpointState = keyof typeof STATES;
export const ENDPOINT_STATES: readonly EndpointState[] = wordsOf(STATES);
/** In these something is sent. */
export const TRIED_STATES: readonly EndpointState[] = ENDPOINT_STATES.filter((state) => STATES[state].isTried);

const DISABLED_REASONS = { gone: true, failing: true };
export type DisabledReason = keyof typeof DISABLED_REASONS;
export const DISABLED_REASON_WORDS: readonly DisabledReason[] = wordsOf(DISABLED_REASONS);

export interface EndpointHealth {
  readonly state: EndpointState;
  readonly disabledReason: DisabledReason | null;
  /** In a row. */
  readonly failures: number;
  /** Since the first of them. */
  readonly failingSince: Date | null;
  /** While failing: how often it was tried by itself. */
  readonly tries: number;
  /** Nothing is sent before. */
  readonly nextTryAt: Date | null;
  /** It asked for less: one at a time until it takes something. */
  readonly isBusy: boolean;
  readonly succeededAt: Date | null;
}

export const HEALTHY: EndpointHealth = {
  state: 'active',
  disabledReason: null,
  failures: 0,
  failingSince: null,
  tries: 0,
  nextTryAt: null,
  isBusy: false,
  succeededAt: null,
};

/** What an answer says of the endpoint. */
export function endpointAfter(health: EndpointHealth, outcome: Outcome, at: Date, chance: number): EndpointHealth {
  if (outcome.kind === 'delivered') {
    const { state, disabledReason, nextTryAt, isBusy } = health;
    // What was under way doesn't end the wait that another answer asked for.
    const asked = state === 'active' && nextTryAt !== null && nextTryAt > at ? { nextTryAt, isBusy } : {};
    const off = STATES[state].isTried ? {} : { state, disabledReason };
    return { ...HEALTHY, ...asked, ...off, succeededAt: at };
  }
  const failures = health.failures + 1;
  const failingSince = health.failingSince ?? at;
  const asked = outcome.kind === 'busy' ? at.getTime() + Math.min(outcome.retryAfter ?? 0, LONGEST) : 0;
  const failed = {
    ...health,
    failures,
    failingSince,
    isBusy: health.isBusy || outcome.kind === 'busy',
    nextTryAt: laterOf(health.nextTryAt, asked),
  };
  if (!STATES[health.state].isTried) {
    return failed;
  }
  if (outcome.kind === 'gone') {
    return { ...failed, state: 'disabled', disabledReason: 'gone' };
  }
  if (at.getTime() - failingSince.getTime() >= WHOLE_SCHEDULE) {
    return { ...failed, state: 'disabled', disabledReason: 'failing' };
  }
  // What was under way when it began to fail is no try of the schedule.
  if (failures < FAILURES_OF_ENDPOINT || health.state === 'failing') {
    return failed;
  }
  const nextTryAt = laterOf(failed.nextTryAt, at.getTime() + retryDelay(1, chance));
  return { ...failed, state: 'failing', tries: 1, nextTryAt };
}

function laterOf(one: Date | null, other: number): Date | null {
  const latest = Math.max(one?.getTime() ?? 0, other);
  return latest === 0 ? null : new Date(latest);
}

/** A failing endpoint is about to be tried: when it is tried again, should this fail. */
export function tryOfFailing(health: EndpointHealth, at: Date, chance: number): EndpointHealth {
  const tries = health.tries + 1;
  return { ...health, tries, nextTryAt: new Date(at.getTime() + retryDelay(tries, chance)) };
}

/** How what was to be sent goes on. */
export interface Trial {
  /** Tries of this batch that failed. */
  readonly tries: number;
  /** When it was tried first; `null` before. */
  readonly firstAt: Date | null;
}

export type AfterTrial =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly dueAt: Date; readonly tries: number }
  /** It holds up nothing any more, and is tried for the rest of its schedule. */
  | { readonly kind: 'setAside'; readonly dueAt: Date; readonly tries: number };

/** `succeededAt`: when the endpoint last took something. */
export function trialAfter(
  trial: Trial,
  outcome: Outcome,
  succeededAt: Date | null,
  at: Date,
  chance: number,
): AfterTrial {
  if (outcome.kind === 'delivered') {
    return { kind: 'done' };
  }
  const tries = trial.tries + 1;
  const asked = outcome.kind === 'busy' && outcome.retryAfter !== null ? Math.min(outcome.retryAfter, LONGEST) : 0;
  const dueAt = new Date(at.getTime() + Math.max(asked, retryDelay(tries, chance)));
  const takesOthers = succeededAt !== null && trial.firstAt !== null && succeededAt > trial.firstAt;
  return { kind: tries >= TRIES_IN_LINE && takesOthers ? 'setAside' : 'retry', dueAt, tries };
}
