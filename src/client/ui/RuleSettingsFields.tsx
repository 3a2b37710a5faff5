/** What rules set beside their lists, one field a setting: an organization's, or a member's own below them. */
import { Checkbox } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { RULE_SETTINGS, type RuleSetting, type RuleSettings } from '../../domain/ruleSettings.ts';
import { useWords } from '../text/TextProvider.tsx';
import { DaysChoice } from './DaysChoice.tsx';
import { PrivateEventsChoice } from './PrivateEventsChoice.tsx';

export interface RuleSettingsFieldsProps {
  readonly settings: RuleSettings;
  /** What the organization's rules set already, for a member's own; `null` for the organization's. */
  readonly above: RuleSettings | null;
  readonly onChange: (change: Partial<RuleSettings>) => void;
}

export function RuleSettingsFields(props: RuleSettingsFieldsProps) {
  return (
    <>
      {RULE_SETTINGS.map((setting) => (
        <SettingField key={setting} setting={setting} {...props} />
      ))}
    </>
  );
}

interface SettingFieldProps extends RuleSettingsFieldsProps {
  readonly setting: RuleSetting;
}

function SettingField({ setting, settings, above, onChange }: SettingFieldProps): ReactElement | null {
  const words = useWords();
  switch (setting) {
    case 'knownContactsOnly':
      return (
        <Checkbox
          name="known-contacts"
          label={words(above === null ? 'rules.known' : 'own.knownLabel')}
          checked={settings.knownContactsOnly}
          onChange={(_event, { checked }) => {
            onChange({ knownContactsOnly: checked === true });
          }}
        />
      );
    case 'leavesOutDrafts':
      return above?.leavesOutDrafts === true ? null : (
        <Checkbox
          name="leave-out-drafts"
          label={words('rules.drafts')}
          checked={settings.leavesOutDrafts}
          onChange={(_event, { checked }) => {
            onChange({ leavesOutDrafts: checked === true });
          }}
        />
      );
    case 'privateEvents':
      return (
        <PrivateEventsChoice
          value={settings.privateEvents}
          atLeast={above?.privateEvents ?? 'whole'}
          onChange={(privateEvents) => {
            onChange({ privateEvents });
          }}
        />
      );
    case 'lookBackDays':
      return (
        <DaysChoice
          label={words(above === null ? 'rules.lookBack' : 'own.lookBackLabel')}
          unlimited={words('rules.lookBackAll')}
          days={settings.lookBackDays}
          onChange={(lookBackDays) => {
            onChange({ lookBackDays });
          }}
        />
      );
    case 'retentionDays':
      return (
        <DaysChoice
          label={words('rules.retention')}
          unlimited={words('rules.retentionAll')}
          days={settings.retentionDays}
          onChange={(retentionDays) => {
            onChange({ retentionDays });
          }}
        />
      );
  }
}
