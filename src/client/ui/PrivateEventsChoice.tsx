/** How much of private events is kept: what the rules above have left to choose. */
import { Field, Select } from '@fluentui/react-components';
import { PRIVATE_EVENTS, type PrivateEvents } from '../../domain/ruleSettings.ts';
import { useWords } from '../text/TextProvider.tsx';

export interface PrivateEventsChoiceProps {
  readonly value: PrivateEvents;
  /** The least that a rule above leaves out already; `whole` without one. */
  readonly atLeast: PrivateEvents;
  readonly onChange: (value: PrivateEvents) => void;
}

export function PrivateEventsChoice({ value, atLeast, onChange }: PrivateEventsChoiceProps) {
  const words = useWords();
  const offered = PRIVATE_EVENTS.slice(PRIVATE_EVENTS.indexOf(atLeast));
  if (offered.length === 1) {
    return null;
  }
  return (
    <Field label={words('rules.private')}>
      <Select
        value={offered.includes(value) ? value : atLeast}
        onChange={(_event, { value: chosen }) => {
          onChange(PRIVATE_EVENTS.find((each) => each === chosen) ?? atLeast);
        }}
      >
        {offered.map((each) => (
          <option key={each} value={each}>
            {words(`rules.private.${each}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
