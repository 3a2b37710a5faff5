/** The levels of one category as radio buttons, each with what it means; where there is one only, what that means. */
import { Field, Radio, RadioGroup, Text } from '@fluentui/react-components';
import { canShare, type Category, type Level, type SyncLevel } from '../../domain/selection.ts';
import { type WordId, useWords } from '../text/Words.tsx';

export type Choice = SyncLevel;

interface Option {
  readonly choice: Choice;
  readonly label: WordId;
  readonly meaning: WordId;
}

const OFFERED: Readonly<Record<Category, readonly Option[]>> = {
  mail: [
    { choice: 'full', label: 'level.mail.full', meaning: 'meaning.mail.full' },
    { choice: 'limited', label: 'level.mail.limited', meaning: 'meaning.mail.limited' },
    { choice: 'off', label: 'level.off', meaning: 'meaning.mail.off' },
  ],
  calendar: [
    { choice: 'full', label: 'level.calendar.full', meaning: 'meaning.calendar.full' },
    { choice: 'limited', label: 'level.calendar.limited', meaning: 'meaning.calendar.limited' },
    { choice: 'off', label: 'level.off', meaning: 'meaning.calendar.off' },
  ],
  contacts: [
    { choice: 'full', label: 'level.contacts.full', meaning: 'meaning.contacts.full' },
    { choice: 'off', label: 'level.off', meaning: 'meaning.contacts.off' },
  ],
  tasks: [
    { choice: 'full', label: 'level.tasks.full', meaning: 'meaning.tasks.full' },
    { choice: 'off', label: 'level.off', meaning: 'meaning.tasks.off' },
  ],
  files: [
    { choice: 'full', label: 'level.files.full', meaning: 'meaning.files.full' },
    { choice: 'off', label: 'level.off', meaning: 'meaning.files.off' },
  ],
};

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
  const options = OFFERED[category].filter(({ choice }) => choices.includes(choice));
  const [only] = options;
  if (options.length === 1 && only !== undefined) {
    return <Text>{words(only.meaning)}</Text>;
  }
  return (
    <Field label={{ children: label, style: { fontWeight: 600 } }}>
      <RadioGroup
        value={value}
        onChange={(_event, data) => {
          const chosen = options.find(({ choice }) => choice === data.value);
          if (chosen !== undefined) {
            onChange(chosen.choice);
          }
        }}
      >
        {options.map(({ choice, label: name, meaning }) => (
          <Radio
            key={choice}
            value={choice}
            label={
              <>
                {words(name)}
                <br />
                <small>{words(meaning)}</small>
              </>
            }
          />
        ))}
      </RadioGroup>
    </Field>
  );
}
