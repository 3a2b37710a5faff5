/** How long a pause lasts: until someone continues, or until a time that people mean when they say it. */
import { Radio, RadioGroup } from '@fluentui/react-components';
import { useWords } from '../text/TextProvider.tsx';

export const PAUSE_LENGTHS = ['forever', 'hour', 'tomorrow', 'week'] as const;
export type PauseLength = (typeof PAUSE_LENGTHS)[number];

const MORNING_HOUR = 8;

export interface PauseChoiceProps {
  readonly length: PauseLength;
  readonly onChange: (length: PauseLength) => void;
}

export function PauseChoice({ length, onChange }: PauseChoiceProps) {
  const words = useWords();
  return (
    <RadioGroup
      value={length}
      aria-label={words('pause.length')}
      onChange={(_event, { value }) => {
        onChange(PAUSE_LENGTHS.find((known) => known === value) ?? 'forever');
      }}
    >
      {PAUSE_LENGTHS.map((known) => (
        <Radio key={known} value={known} label={words(`pause.${known}`)} />
      ))}
    </RadioGroup>
  );
}

/** The pause that begins at `now`, in the person's own time zone. */
export function pauseFor(length: PauseLength, now: Date): { readonly until: string | null } {
  const until = new Date(now);
  switch (length) {
    case 'forever':
      return { until: null };
    case 'hour':
      until.setHours(until.getHours() + 1);
      break;
    case 'tomorrow':
      until.setDate(until.getDate() + 1);
      until.setHours(MORNING_HOUR, 0, 0, 0);
      break;
    case 'week':
      until.setDate(until.getDate() + 7);
      break;
  }
  return { until: until.toISOString() };
}
