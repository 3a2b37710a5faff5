/** A number of days that people choose, or no limit. */
import { Field, Select } from '@fluentui/react-components';
import { useLength } from '../text/TextProvider.tsx';

const OFFERED = [30, 90, 180, 365, 730] as const;

export interface DaysChoiceProps {
  readonly label: string;
  readonly unlimited: string;
  readonly days: number | null;
  readonly onChange: (days: number | null) => void;
}

export function DaysChoice({ label, unlimited, days, onChange }: DaysChoiceProps) {
  const lengthOf = useLength();
  const offered = [...new Set([...OFFERED, ...(days === null ? [] : [days])])].toSorted(
    (first, second) => first - second,
  );
  return (
    <Field label={label}>
      <Select
        value={days === null ? '' : String(days)}
        onChange={(_event, { value }) => {
          onChange(value === '' ? null : Number(value));
        }}
      >
        <option value="">{unlimited}</option>
        {offered.map((each) => (
          <option key={each} value={each}>
            {lengthOf(each)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
