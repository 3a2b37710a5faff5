import { describe, expect, test } from '@jest/globals';
import {
  admitsMore,
  isSet,
  NO_SETTINGS,
  RULE_SETTINGS,
  type RuleSettings,
  SETTINGS_AT_FIRST,
  settingsOf,
} from '../../src/domain/ruleSettings.ts';

test('without settings nothing is left out; at first drafts wait, and of private events only their times are kept', () => {
  expect(NO_SETTINGS).toEqual({
    knownContactsOnly: false,
    leavesOutDrafts: false,
    privateEvents: 'whole',
    lookBackDays: null,
    retentionDays: null,
  });
  expect(SETTINGS_AT_FIRST).toEqual({ ...NO_SETTINGS, leavesOutDrafts: true, privateEvents: 'busyTimes' });
});

test('the settings of a policy are all of them, and nothing else of it', () => {
  const settings = { ...SETTINGS_AT_FIRST, lookBackDays: 30 };

  const policy = { ...settings, excludedDomains: ['quillworks.example'] };

  expect(settingsOf(policy)).toEqual(settings);
});

test('a setting that has its first value is none, whatever the organization begins with', () => {
  expect(RULE_SETTINGS.filter((setting) => isSet(NO_SETTINGS, setting))).toEqual([]);
  expect(RULE_SETTINGS.filter((setting) => isSet(SETTINGS_AT_FIRST, setting))).toEqual([
    'leavesOutDrafts',
    'privateEvents',
  ]);
  expect(isSet({ ...NO_SETTINGS, retentionDays: 1 }, 'retentionDays')).toBe(true);
});

describe('a change admits more', () => {
  test.each<[Partial<RuleSettings>, Partial<RuleSettings>, boolean]>([
    [{}, {}, false],
    [{ knownContactsOnly: true }, { knownContactsOnly: false }, true],
    [{ knownContactsOnly: false }, { knownContactsOnly: true }, false],
    [{ knownContactsOnly: true }, { knownContactsOnly: true }, false],
    [{ leavesOutDrafts: true }, { leavesOutDrafts: false }, true],
    [{ leavesOutDrafts: false }, { leavesOutDrafts: true }, false],
    // What is kept in another form has to be read again, in either direction.
    [{ privateEvents: 'busyTimes' }, { privateEvents: 'whole' }, true],
    [{ privateEvents: 'whole' }, { privateEvents: 'busyTimes' }, true],
    [{ privateEvents: 'leftOut' }, { privateEvents: 'busyTimes' }, true],
    [{ privateEvents: 'busyTimes' }, { privateEvents: 'leftOut' }, false],
    [{ privateEvents: 'busyTimes' }, { privateEvents: 'busyTimes' }, false],
    [{ lookBackDays: 30 }, { lookBackDays: 31 }, true],
    [{ lookBackDays: 30 }, { lookBackDays: 30 }, false],
    [{ lookBackDays: 30 }, { lookBackDays: 29 }, false],
    [{ lookBackDays: 30 }, { lookBackDays: null }, true],
    [{ lookBackDays: null }, { lookBackDays: 30 }, false],
    [{ lookBackDays: null }, { lookBackDays: null }, false],
    [{ retentionDays: 365 }, { retentionDays: null }, true],
    [{ retentionDays: null }, { retentionDays: 365 }, false],
    // One that admits more is enough, whatever the others do.
    [{ lookBackDays: 30, leavesOutDrafts: true }, { lookBackDays: 7, leavesOutDrafts: false }, true],
  ])('from %j to %j: %s', (before, after, isMore) => {
    expect(admitsMore({ ...NO_SETTINGS, ...after }, { ...NO_SETTINGS, ...before })).toBe(isMore);
  });
});
