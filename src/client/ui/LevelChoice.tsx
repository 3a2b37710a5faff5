/** The levels of one category as radio buttons, each with what it means; where there is one only, what that means. */
import { Field, Radio, RadioGroup, Text } from '@fluentui/react-components';
import { canShare, isOffered } from '../../domain/selection.ts';
import { type Level, SYNC_LEVELS, type SyncLevel } from '../../domain/levels.ts';
import type { Category } from '../../domain/categories/categories.ts';
import { levelId, meaningId } from '../text/categoryIds.ts';
import { useWords } from '../text/TextProvider.tsx';

export type Choice = SyncLevel;

/** The most comes first. */
const OFFERED = SYNC_LEVELS.toReversed();

export function levelOf(category: Category, sync: Choice, shared = false): Level {
  return { sync, act: 'none', shared: shared && canShare(category, sync) };
}

export interface LevelChoiceProps {
  readonly category: Category;
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly value: Choice;
  readonly onChange: (choice: Choice) => void;
}

export function LevelChoice({ category, label, choices, value, onChange }: LevelChoiceProps) {
  const words = useWords();
  const options = OFFERED.filter(
    (choice) => choices.includes(choice) && isOffered(category, levelOf(category, choice)),
  );
  const [only] = options;
  if (options.length === 1 && only !== undefined) {
    return <Text>{words(meaningId(category, only))}</Text>;
  }
  return (
    <Field label={{ children: label, style: { fontWeight: 600 } }}>
      <RadioGroup
        value={value}
        onChange={(_event, data) => {
          const chosen = options.find((choice) => choice === data.value);
          if (chosen !== undefined) {
            onChange(chosen);
          }
        }}
      >
        {options.map((choice) => (
          <Radio
            key={choice}
            value={choice}
            label={
              <>
                {words(levelId(category, choice))}
                <br />
                <small>{words(meaningId(category, choice))}</small>
              </>
            }
          />
        ))}
      </RadioGroup>
    </Field>
  );
}
