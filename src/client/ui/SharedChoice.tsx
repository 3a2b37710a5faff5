/** Whether what others share is read as well, where that can be had at the level that was chosen. */
import { Checkbox } from '@fluentui/react-components';
import type { Category } from '../../domain/categories/categories.ts';
import { sharedId } from '../text/categoryIds.ts';
import { useWords } from '../text/TextProvider.tsx';
import { type Choice, levelOf } from './LevelChoice.tsx';

export interface SharedChoiceProps {
  readonly category: Category;
  readonly choice: Choice;
  readonly isShared: boolean;
  readonly onChange: (isShared: boolean) => void;
}

export function SharedChoice({ category, choice, isShared, onChange }: SharedChoiceProps) {
  const words = useWords();
  const id = sharedId(category);
  return id !== null && levelOf(category, choice, true).shared ? (
    <Checkbox
      name={`shared-${category}`}
      label={words(id)}
      checked={isShared}
      onChange={(_event, { checked }) => {
        onChange(checked === true);
      }}
    />
  ) : null;
}
