/** What an answer makes of an endpoint and of what was sent. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  DISABLED_REASON_WORDS,
  ENDPOINT_STATES,
  type EndpointHealth,
  endpointAfter,
  HEALTHY,
  isScheduleOver,
  type Outcome,
  retryDelay,
  TRIED_STATES,
  trialAfter,
  tryOfFailing,
} from '../../src/domain/webhookLife.ts';

const AT = new Date('2026-11-30T12:00:00Z');
const MIDDLE = 0.5;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DELIVERED: Outcome = { kind: 'delivered' };
const FAILED: Outcome = { kind: 'failed' };
const BUSY: Outcome = { kind: 'busy', retryAfter: null };
const GONE: Outcome = { kind: 'gone' };

const after = (milliseconds: number) => new Date(AT.getTime() + milliseconds);
const failedTimes = (times: number, health: EndpointHealth = HEALTHY) =>
  Array.from({ length: times }).reduce<EndpointHealth>((is) => endpointAfter(is, FAILED, AT, MIDDLE), health);

test('the words are these', () => {
  expect(ENDPOINT_STATES).toEqual(['active', 'failing', 'paused', 'disabled']);
  expect(TRIED_STATES).toEqual(['active', 'failing']);
  expect(DISABLED_REASON_WORDS).toEqual(['gone', 'failing']);
});

describe('the schedule', () => {
  test.each([
    [1, 5 * SECOND],
    [2, 5 * MINUTE],
    [3, 30 * MINUTE],
    [4, 2 * HOUR],
    [5, 5 * HOUR],
    [6, 10 * HOUR],
    [7, 14 * HOUR],
    [8, 20 * HOUR],
    [9, 24 * HOUR],
    [10, 24 * HOUR],
  ])('after %i tries it waits %i ms, a fifth more or less', (tries, delay) => {
    expect(retryDelay(tries, MIDDLE)).toBe(delay);
    expect(retryDelay(tries, 0)).toBe(delay * 0.8);
    expect(retryDelay(tries, 1)).toBe(delay * 1.2);
  });

  test('is over after nine more tries', () => {
    expect([9, 10].map(isScheduleOver)).toEqual([false, true]);
  });
});

describe('an endpoint', () => {
  test('that asked for a pause gets it, whatever was under way', () => {
    const asked = endpointAfter(HEALTHY, { kind: 'busy', retryAfter: HOUR }, AT, MIDDLE);
    expect(endpointAfter(asked, DELIVERED, after(SECOND), MIDDLE)).toEqual({
      ...HEALTHY,
      isBusy: true,
      nextTryAt: after(HOUR),
      succeededAt: after(SECOND),
    });
    expect(endpointAfter(asked, DELIVERED, after(HOUR), MIDDLE)).toEqual({ ...HEALTHY, succeededAt: after(HOUR) });
  });

  test('that takes something is well, whatever was', () => {
    expect(endpointAfter(failedTimes(12), DELIVERED, AT, MIDDLE)).toEqual({ ...HEALTHY, succeededAt: AT });
  });

  test('that fails now and then is active still', () => {
    expect(failedTimes(9)).toEqual({ ...HEALTHY, failures: 9, failingSince: AT });
  });

  test('that fails ten times in a row is failing, and is tried again in five seconds', () => {
    expect(failedTimes(10)).toEqual({
      ...HEALTHY,
      state: 'failing',
      failures: 10,
      failingSince: AT,
      tries: 1,
      nextTryAt: after(5 * SECOND),
    });
  });

  test('that fails is not put off by what was under way', () => {
    expect(failedTimes(14)).toEqual({ ...failedTimes(10), failures: 14 });
  });

  test('that is tried while failing waits longer each time', () => {
    const tried = tryOfFailing(failedTimes(10), AT, MIDDLE);
    expect(tried).toEqual({ ...failedTimes(10), tries: 2, nextTryAt: after(5 * MINUTE) });
    expect(tryOfFailing(tried, AT, MIDDLE)).toEqual({ ...tried, tries: 3, nextTryAt: after(30 * MINUTE) });
  });

  test('that has taken nothing for the whole schedule is disabled', () => {
    const failing = failedTimes(10);
    expect(endpointAfter(failing, FAILED, after(62 * HOUR), MIDDLE)).toMatchObject({ state: 'failing' });
    expect(endpointAfter(failing, FAILED, after(75.5 * HOUR), MIDDLE)).toEqual({
      ...failing,
      failures: 11,
      state: 'disabled',
      disabledReason: 'failing',
    });
  });

  test('that wants nothing any more is disabled at once', () => {
    expect(endpointAfter(HEALTHY, GONE, AT, MIDDLE)).toEqual({
      ...HEALTHY,
      failures: 1,
      failingSince: AT,
      state: 'disabled',
      disabledReason: 'gone',
    });
  });

  test('that is busy gets one at a time, and nothing before it asks for it', () => {
    const asked: Outcome = { kind: 'busy', retryAfter: MINUTE };
    expect(endpointAfter(HEALTHY, asked, AT, MIDDLE)).toEqual({
      ...HEALTHY,
      failures: 1,
      failingSince: AT,
      isBusy: true,
      nextTryAt: after(MINUTE),
    });
    expect(endpointAfter(HEALTHY, BUSY, AT, MIDDLE)).toMatchObject({ isBusy: true, nextTryAt: AT });
    expect(endpointAfter(HEALTHY, { kind: 'busy', retryAfter: 48 * HOUR }, AT, MIDDLE)).toMatchObject({
      nextTryAt: after(24 * HOUR),
    });
  });

  test.each(['paused', 'disabled'] as const)('that is %s stays so, whatever still ends', (state) => {
    const disabledReason = state === 'disabled' ? ('gone' as const) : null;
    const off: EndpointHealth = { ...HEALTHY, state, disabledReason };
    expect(endpointAfter(off, DELIVERED, AT, MIDDLE)).toEqual({ ...off, succeededAt: AT });
    expect(endpointAfter(off, GONE, AT, MIDDLE)).toEqual({ ...off, failures: 1, failingSince: AT });
  });

  test('is disabled by nothing but 410 and a schedule that is over, and well after every success', () => {
    const outcome = fc.constantFrom(DELIVERED, FAILED, BUSY, GONE);
    fc.assert(
      fc.property(fc.array(fc.tuple(outcome, fc.integer({ min: 0, max: 20 * HOUR })), { maxLength: 60 }), (events) => {
        let [health, at] = [HEALTHY, AT];
        for (const [what, passed] of events) {
          at = new Date(at.getTime() + passed);
          const was = health;
          health = endpointAfter(was, what, at, MIDDLE);
          const isNew = health.state === 'disabled' && was.state !== 'disabled';
          const isOver = at.getTime() - (health.failingSince?.getTime() ?? 0) >= 63.5 * HOUR;
          expect(isNew).toBe(
            was.state !== 'disabled' && (what.kind === 'gone' || (what.kind !== 'delivered' && isOver)),
          );
          expect([health.failures, health.failingSince]).toEqual(
            what.kind === 'delivered' ? [0, null] : [was.failures + 1, was.failingSince ?? at],
          );
        }
      }),
    );
  });
});

describe('what is sent', () => {
  const TRIAL = { tries: 0, firstAt: AT };

  test('is done when it is taken', () => {
    expect(trialAfter(TRIAL, DELIVERED, null, AT, MIDDLE)).toEqual({ kind: 'done' });
  });

  test('is tried again on the schedule', () => {
    expect(trialAfter(TRIAL, FAILED, null, AT, MIDDLE)).toEqual({ kind: 'retry', dueAt: after(5 * SECOND), tries: 1 });
    expect(trialAfter({ ...TRIAL, tries: 2 }, GONE, null, AT, MIDDLE)).toEqual({
      kind: 'retry',
      dueAt: after(30 * MINUTE),
      tries: 3,
    });
  });

  test('waits as long as it is asked to, where that is longer, and a day at most', () => {
    const asked = (retryAfter: number): Outcome => ({ kind: 'busy', retryAfter });
    const due = (outcome: Outcome) => trialAfter(TRIAL, outcome, null, AT, MIDDLE);
    expect(due(asked(MINUTE))).toEqual({ kind: 'retry', dueAt: after(MINUTE), tries: 1 });
    expect(due(asked(SECOND))).toEqual({ kind: 'retry', dueAt: after(5 * SECOND), tries: 1 });
    expect(due(asked(48 * HOUR))).toEqual({ kind: 'retry', dueAt: after(24 * HOUR), tries: 1 });
  });

  test('is set aside at the fourth try, where the endpoint has taken something since the first', () => {
    const trial = { tries: 3, firstAt: AT };
    const later = after(SECOND);
    expect(trialAfter(trial, FAILED, later, AT, MIDDLE)).toEqual({
      kind: 'setAside',
      dueAt: after(2 * HOUR),
      tries: 4,
    });
    expect(trialAfter(trial, FAILED, AT, AT, MIDDLE)).toMatchObject({ kind: 'retry', tries: 4 });
    expect(trialAfter(trial, FAILED, null, AT, MIDDLE)).toMatchObject({ kind: 'retry', tries: 4 });
    expect(trialAfter({ ...trial, tries: 2 }, FAILED, later, AT, MIDDLE)).toMatchObject({ kind: 'retry', tries: 3 });
    expect(trialAfter({ ...trial, firstAt: null }, FAILED, later, AT, MIDDLE)).toMatchObject({ kind: 'retry' });
  });
});
