import { describe, expect, test } from '@jest/globals';
import { renderHook } from '@testing-library/react';
import { ScreenTextProvider } from '../../../src/client/text/ScreenTextProvider.tsx';
import { useSettingSentences } from '../../../src/client/ui/useSettingSentences.ts';
import { NO_SETTINGS, type RuleSettings } from '../../../src/domain/ruleSettings.ts';

function said(settings: Partial<RuleSettings>, whose: 'organization' | 'member'): readonly string[] {
  return renderHook(() => useSettingSentences({ ...NO_SETTINGS, ...settings }, whose), { wrapper: ScreenTextProvider })
    .result.current;
}

describe('settings as sentences', () => {
  test.each([
    ['organization', { knownContactsOnly: true }, 'Without a known contact'],
    ['organization', { leavesOutDrafts: true }, 'Drafts, until they are sent'],
    ['organization', { privateEvents: 'busyTimes' }, 'Details of private events: only busy times are kept'],
    ['organization', { privateEvents: 'leftOut' }, 'Private events'],
    ['organization', { lookBackDays: 30 }, 'Older than 30 days when somebody connects'],
    ['organization', { retentionDays: 365 }, 'As soon as it is older than 1 year'],
    ['member', { knownContactsOnly: true }, 'Without a known contact'],
    ['member', { leavesOutDrafts: true }, 'Drafts, until they are sent'],
    ['member', { lookBackDays: 1 }, 'Older than 1 day at connecting'],
    ['member', { retentionDays: 730 }, 'As soon as it is older than 2 years'],
  ] as const)('%s: %j', (whose, settings, sentence) => {
    expect(said(settings, whose)).toEqual([sentence]);
  });

  test.each(['organization', 'member'] as const)('of %s say nothing where nothing is left out', (whose) => {
    expect(said({}, whose)).toEqual([]);
  });

  test('come in the order of the fields', () => {
    expect(said({ retentionDays: 90, knownContactsOnly: true, privateEvents: 'leftOut' }, 'member')).toEqual([
      'Without a known contact',
      'Private events',
      'As soon as it is older than 90 days',
    ]);
  });
});
