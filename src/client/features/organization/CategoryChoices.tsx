/** What an admin chooses of each category: a level where there are several, a box to tick where there is one. */
import { Checkbox, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { Selection } from '../../../domain/selection.ts';
import { byCategory, CATEGORIES, type Category, definitionOf } from '../../../domain/categories/categories.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { ChoiceGroup } from '../../ui/ChoiceGroup.tsx';
import { type Choice, LevelChoice } from '../../ui/LevelChoice.tsx';
import { SharedChoice } from '../../ui/SharedChoice.tsx';
import { categoryId, meaningId } from '../../text/categoryIds.ts';
import { Fragment } from 'react';
import { SYNC_LEVELS } from '../../../domain/levels.ts';

export interface Choices extends Readonly<Record<Category, Choice>> {
  /** Of which categories what others share is read, too. */
  readonly shared: readonly Category[];
}

/** What an admin is proposed who decides for everyone for the first time. */
export const FIRST_CHOICES: Choices = {
  ...byCategory((category) => definitionOf(category).proposedLevel),
  shared: [],
};

export function choicesOf(selection: Selection): Choices {
  return {
    ...byCategory((category) => selection[category].sync),
    shared: CATEGORIES.filter((category) => selection[category].shared),
  };
}

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2 },
});

export interface CategoryChoicesProps {
  readonly isService: boolean;
  readonly choices: Choices;
  readonly onChange: (choices: Choices) => void;
}

export function CategoryChoices({ isService, choices, onChange }: CategoryChoicesProps) {
  const words = useWords();
  const styles = useStyles();
  // What is shared with a person is shared with no application.
  const sharedOf = (category: Category) =>
    isService ? null : (
      <SharedChoice
        category={category}
        choice={choices[category]}
        isShared={choices.shared.includes(category)}
        onChange={(isShared) => {
          const others = choices.shared.filter((each) => each !== category);
          onChange({ ...choices, shared: isShared ? [...others, category] : others });
        }}
      />
    );
  const reachesEveryone =
    isService && CATEGORIES.some((category) => choices[category] !== 'off' && !definitionOf(category).hasExchangeRole);
  return (
    <>
      {CATEGORIES.filter((category) => !hasOneLevel(category)).map((category) => (
        <Fragment key={category}>
          <LevelChoice
            category={category}
            label={words(categoryId(category))}
            choices={SYNC_LEVELS}
            value={choices[category]}
            onChange={(choice) => {
              onChange({ ...choices, [category]: choice });
            }}
          />
          {sharedOf(category)}
        </Fragment>
      ))}
      <ChoiceGroup label={words('admin.others')}>
        {CATEGORIES.filter((category) => hasOneLevel(category)).map((category) => (
          <div key={category}>
            <Single
              category={category}
              isOn={choices[category] !== 'off'}
              onChange={(isOn) => {
                onChange({ ...choices, [category]: isOn ? 'full' : 'off' });
              }}
            />
            {sharedOf(category)}
          </div>
        ))}
      </ChoiceGroup>
      {reachesEveryone ? <Text className={styles.quiet}>{words('admin.everyonesNote')}</Text> : null}
    </>
  );
}

interface SingleProps {
  readonly category: Category;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Single({ category, isOn, onChange }: SingleProps) {
  const words = useWords();
  return (
    <div>
      <Checkbox
        name={`sync-${category}`}
        checked={isOn}
        onChange={(_event, { checked }) => {
          onChange(checked === true);
        }}
        label={
          <>
            {words(categoryId(category))}
            <br />
            <small>{words(meaningId(category, 'full'))}</small>
          </>
        }
      />
    </div>
  );
}

function hasOneLevel(category: Category): boolean {
  return definitionOf(category).levels.length === 1;
}
