/** Whether calendars that others share are read as well: only together with the whole of one's own. */
import { Checkbox } from '@fluentui/react-components';
import type { Category } from '../../domain/selection.ts';
import { useWords } from '../text/Words.tsx';
import type { Choice } from './LevelChoice.tsx';

export interface SharedChoiceProps {
  readonly category: Category;
  readonly choice: Choice;
  readonly isShared: boolean;
  readonly onChange: (isShared: boolean) => void;
}

export function SharedChoice({ category, choice, isShared, onChange }: SharedChoiceProps) {
  const words = useWords();
  return category === 'calendar' && choice === 'full' ? (
    <Checkbox
      label={words('shared.calendar')}
      checked={isShared}
      onChange={(_event, { checked }) => {
        onChange(checked === true);
      }}
    />
  ) : null;
}
