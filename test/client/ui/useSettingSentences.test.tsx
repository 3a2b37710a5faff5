import { describe, expect, test } from '@jest/globals';
import { renderHook } from '@testing-library/react';
import { ScreenTextProvider } from '../../../src/client/text/ScreenTextProvider.tsx';
import { useSettingSentences } from '../../../src/client/ui/useSettingSentences.ts';
import { NO_SETTINGS, type RuleSettings } from '../../../src/domain/ruleSettings.ts';

function said(settings: Partial<RuleSettings>, side: 'rules.shown' | 'own'): readonly string[] {
  return renderHook(() => useSettingSentences({ ...NO_SETTINGS, ...settings }, side), { wrapper: ScreenTextProvider })
    .result.current;
}

describe('settings as sentences', () => {
  test.each([
    ['rules.shown', { knownContactsOnly: true }, 'Without a known contact'],
    ['rules.shown', { leavesOutDrafts: true }, 'Drafts, until they are sent'],
    ['rules.shown', { privateEvents: 'busyTimes' }, 'Details of private events: only busy times are kept'],
    ['rules.shown', { privateEvents: 'leftOut' }, 'Private events'],
    ['rules.shown', { lookBackDays: 30 }, 'Older than 30 days when somebody connects'],
    ['rules.shown', { retentionDays: 365 }, 'As soon as it is older than 1 year'],
    ['own', { knownContactsOnly: true }, 'Without a known contact'],
    ['own', { leavesOutDrafts: true }, 'Drafts, until they are sent'],
    ['own', { lookBackDays: 1 }, 'Older than 1 day at connecting'],
    ['own', { retentionDays: 730 }, 'As soon as it is older than 2 years'],
  ] as const)('%s: %j', (side, settings, sentence) => {
    expect(said(settings, side)).toEqual([sentence]);
  });

  test.each(['rules.shown', 'own'] as const)('of %s say nothing where nothing is left out', (side) => {
    expect(said({}, side)).toEqual([]);
  });

  test('come in the order of the fields', () => {
    expect(said({ retentionDays: 90, knownContactsOnly: true, privateEvents: 'leftOut' }, 'own')).toEqual([
      'Without a known contact',
      'Private events',
      'As soon as it is older than 90 days',
    ]);
  });
});
