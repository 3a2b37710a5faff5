/** What an administrator chooses of each category: a level where there are several, a box to tick where there is one. */
import { Checkbox, makeStyles, Text, tokens } from '@fluentui/react-components';
import { CATEGORIES, type Category, LEVELS_OF, type Selection } from '../../../domain/selection.ts';
import { isWord } from '../../text/ScreenWords.tsx';
import { useWords, type WordId } from '../../text/Words.tsx';
import { ChoiceGroup } from '../../ui/ChoiceGroup.tsx';
import { type Choice, LevelChoice } from '../../ui/LevelChoice.tsx';
import { SharedChoice } from '../../ui/SharedChoice.tsx';

export interface Choices extends Readonly<Record<Category, Choice>> {
  /** Of which categories what others share is read, too. */
  readonly shared: readonly Category[];
}

/** What is proposed to whoever decides for everybody for the first time. */
export const FIRST_CHOICES: Choices = {
  mail: 'full',
  calendar: 'full',
  contacts: 'off',
  tasks: 'off',
  files: 'off',
  shared: [],
};

export function choicesOf(selection: Selection): Choices {
  const { mail, calendar, contacts, tasks, files } = selection;
  return {
    mail: mail.sync,
    calendar: calendar.sync,
    contacts: contacts.sync,
    tasks: tasks.sync,
    files: files.sync,
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
  const reachesEveryone = isService && (choices.tasks !== 'off' || choices.files !== 'off');
  return (
    <>
      <LevelChoice
        category="mail"
        label={words('admin.mail')}
        choices={['full', 'limited', 'off']}
        value={choices.mail}
        onChange={(mail) => {
          onChange({ ...choices, mail });
        }}
      />
      {sharedOf('mail')}
      <LevelChoice
        category="calendar"
        label={words('admin.calendar')}
        choices={['full', 'limited', 'off']}
        value={choices.calendar}
        onChange={(calendar) => {
          onChange({ ...choices, calendar });
        }}
      />
      {sharedOf('calendar')}
      <ChoiceGroup label={words('admin.others')}>
        {CATEGORIES.filter((category) => LEVELS_OF[category].length === 1).map((category) => (
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
            {words(wordOf(`category.${category}`))}
            <br />
            <small>{words(wordOf(`meaning.${category}.full`))}</small>
          </>
        }
      />
    </div>
  );
}

/** Ids that are put together here exist for every category; a test walks them all. */
function wordOf(id: string): WordId {
  return isWord(id) ? id : 'level.off';
}
