/** The same settings are asked of an organization for everyone, and of a member for themselves below its rules. */
import { describe, expect, test } from '@jest/globals';
import { fireEvent, render, screen } from '@testing-library/react';
import { ScreenTextProvider } from '../../../src/client/text/ScreenTextProvider.tsx';
import { RuleSettingsFields } from '../../../src/client/ui/RuleSettingsFields.tsx';
import { NO_SETTINGS, type RuleSettings } from '../../../src/domain/ruleSettings.ts';
import { write } from '../../support/onScreen.ts';

const EVERYONES =
  "Only mail and meetings with known contacts: somebody on them is among the person's synchronized contacts";
const OWN = 'Only mail and meetings with somebody from my contacts';
const DRAFTS = 'Leave out drafts until they are sent';
const PRIVATE = 'Private and confidential events';
const RETENTION = 'How long mail and meetings are kept';

function show(settings: Partial<RuleSettings>, above: RuleSettings | null) {
  const changes: Partial<RuleSettings>[] = [];
  render(
    <RuleSettingsFields
      settings={{ ...NO_SETTINGS, ...settings }}
      above={above}
      onChange={(change) => changes.push(change)}
    />,
    { wrapper: ScreenTextProvider },
  );
  return changes;
}

function fields(): readonly string[] {
  return [...document.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select')].map(
    (field) =>
      `${field.labels?.[0]?.textContent ?? ''}: ${field instanceof HTMLInputElement ? String(field.checked) : field.value}`,
  );
}

describe('what is asked', () => {
  test('of an organization', () => {
    show({ knownContactsOnly: true, privateEvents: 'busyTimes', lookBackDays: 90 }, null);

    expect(fields()).toEqual([
      `${EVERYONES}: true`,
      `${DRAFTS}: false`,
      `${PRIVATE}: busyTimes`,
      'How far to look back when somebody connects: 90',
      `${RETENTION}: `,
    ]);
  });

  test('of a member whose organization leaves nothing out', () => {
    show({ leavesOutDrafts: true, retentionDays: 365 }, NO_SETTINGS);

    expect(fields()).toEqual([
      `${OWN}: false`,
      `${DRAFTS}: true`,
      `${PRIVATE}: whole`,
      'How far to look back: ',
      `${RETENTION}: 365`,
    ]);
  });

  test('of a member is not what the organization has decided already', () => {
    show({}, { ...NO_SETTINGS, leavesOutDrafts: true, privateEvents: 'leftOut' });

    expect(fields()).toEqual([`${OWN}: false`, 'How far to look back: ', `${RETENTION}: `]);
  });
});

test.each([
  [OWN, { knownContactsOnly: true }],
  [DRAFTS, { leavesOutDrafts: true }],
])('ticking “%s” changes %j and nothing else', (name, change) => {
  const changes = show({}, NO_SETTINGS);
  fireEvent.click(screen.getByRole('checkbox', { name }));

  expect(changes).toEqual([change]);
});

test.each([
  [OWN, { knownContactsOnly: false }],
  [DRAFTS, { leavesOutDrafts: false }],
])('taking the tick from “%s” changes %j and nothing else', (name, change) => {
  const changes = show({ knownContactsOnly: true, leavesOutDrafts: true }, NO_SETTINGS);
  fireEvent.click(screen.getByRole('checkbox', { name }));

  expect(changes).toEqual([change]);
});

test.each([
  [PRIVATE, 'leftOut', { privateEvents: 'leftOut' }],
  ['How far to look back', '30', { lookBackDays: 30 }],
  [RETENTION, '730', { retentionDays: 730 }],
])('choosing of “%s” %s changes %j and nothing else', (name, value, change) => {
  const changes = show({}, NO_SETTINGS);
  write(name, value);

  expect(changes).toEqual([change]);
});
