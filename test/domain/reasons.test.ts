import { describe, expect, test } from '@jest/globals';
import { ACTIONS, FAILING_REASONS, PAUSES, type Reason, REASON_WORDS, REASONS } from '../../src/domain/reasons.ts';

const withStanding = (standing: string): readonly Reason[] =>
  REASON_WORDS.filter((reason) => REASONS[reason].standing === standing);

describe('what happens to streams and items', () => {
  test('what is on runs, also with less than was wanted', () => {
    expect(withStanding('runs')).toEqual(['grantedLess', 'onByAdministrator', 'onByOwnChoice']);
  });

  test('what someone decided against, or what can never be, ends', () => {
    expect(withStanding('stopped')).toEqual([
      'guestHasNoMailbox',
      'notAllowed',
      'notCovered',
      'notInPlan',
      'offByAdministrator',
      'offByOwnChoice',
    ]);
  });

  test('only an erasure lets the items go', () => {
    expect(withStanding('erasing')).toEqual(['erasing']);
  });

  test('everything else waits where it stopped', () => {
    expect(withStanding('onHold')).toEqual(
      REASON_WORDS.filter((reason) => !['runs', 'stopped', 'erasing'].includes(REASONS[reason].standing)),
    );
    expect(withStanding('onHold')).toContain('consentRevoked');
  });
});

test('a pause is what a person stopped for a while, and no failure', () => {
  expect(PAUSES).toEqual(['paused', 'pausedByAdministrator']);
  expect(FAILING_REASONS).toEqual(withStanding('onHold').filter((reason) => !PAUSES.includes(reason)));
});

test('a permission that is granted changes the decision where one is lacking', () => {
  expect(REASON_WORDS.filter((reason) => REASONS[reason].lacksPermission)).toEqual([
    'consentNeeded',
    'consentNeedsAdministrator',
    'consentNeedsSomeone',
    'grantedLess',
  ]);
});

describe('who controls it, and what to do next', () => {
  test('depends on who decides only where a grant is lacking that either could give', () => {
    const differing = REASON_WORDS.filter(
      (reason) => JSON.stringify(REASONS[reason].individual) !== JSON.stringify(REASONS[reason].tenantWide),
    );

    expect(differing).toEqual(['consentRevoked', 'grantedLess']);
  });

  test('a member who controls something can do something about it', () => {
    const stuck = REASON_WORDS.filter((reason) =>
      [REASONS[reason].individual, REASONS[reason].tenantWide].some(
        ({ control, action }) =>
          control === 'member' && ['none', 'askAdministrator', 'contactOperator'].includes(action),
      ),
    );

    expect(stuck).toEqual([]);
  });

  test('where an admin, the operator or Microsoft decides, a member is not told to do it', () => {
    const own = ['turnOn', 'turnOff', 'consent', 'reconnect', 'resume'];
    const misled = REASON_WORDS.filter((reason) =>
      [REASONS[reason].individual, REASONS[reason].tenantWide].some(
        ({ control, action }) => control !== 'member' && own.includes(action),
      ),
    );

    expect(misled).toEqual([]);
  });

  test("the operator's plan and clouds are asked of the operator", () => {
    const told = REASON_WORDS.filter((reason) => REASONS[reason].individual.action === 'contactOperator');

    expect(told).toEqual(['cloudNotSupported', 'suspended', 'notInPlan']);
    expect(told.map((reason) => REASONS[reason].individual.control)).toEqual(['operator', 'operator', 'operator']);
  });

  test('every action is one that some reason asks for', () => {
    const asked = new Set(
      REASON_WORDS.flatMap((reason) => [REASONS[reason].individual.action, REASONS[reason].tenantWide.action]),
    );

    expect(ACTIONS.filter((action) => !asked.has(action))).toEqual([]);
  });
});
