/** Finds people and keeps those that were chosen, always as a list. */
import { Button, Checkbox, Input, makeStyles, Text, tokens, Radio, RadioGroup } from '@fluentui/react-components';
import { DismissRegular, SearchRegular } from '@fluentui/react-icons';
import { useDeferredValue, useState } from 'react';
import { useFindPeople } from '../../api/organizationQueries.ts';
import { useWords } from '../../text/TextProvider.tsx';

export interface ChosenPerson {
  readonly id: string;
  readonly name: string | null;
}

export interface PeoplePickerProps {
  readonly label: string;
  readonly chosen: readonly ChosenPerson[];
  readonly limit?: number;
  readonly onChange: (chosen: readonly ChosenPerson[]) => void;
}

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  chosen: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXS },
  found: { maxHeight: '180px', overflowY: 'auto', display: 'flex', flexDirection: 'column' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function PeoplePicker({ label, chosen, limit = 5_000, onChange }: PeoplePickerProps) {
  const words = useWords();
  const styles = useStyles();
  const [search, setSearch] = useState('');
  const found = useFindPeople(useDeferredValue(search));
  const without = (id: string) => chosen.filter((person) => person.id !== id);
  const people = found.data?.people ?? [];
  return (
    <div className={styles.box}>
      <div className={styles.chosen}>
        {chosen.map(({ id, name }) => (
          <Button
            key={id}
            size="small"
            icon={<DismissRegular />}
            iconPosition="after"
            aria-label={words('people.remove', { name: name ?? words('app.unnamed') })}
            onClick={() => {
              onChange(without(id));
            }}
          >
            {name ?? words('app.unnamed')}
          </Button>
        ))}
      </div>
      <Input
        aria-label={label}
        placeholder={label}
        contentBefore={<SearchRegular />}
        value={search}
        onChange={(_event, { value }) => {
          setSearch(value);
        }}
      />
      {limit === 1 ? (
        <OnePerson label={label} people={people} chosen={chosen} onChange={onChange} />
      ) : (
        <div className={styles.found}>
          {people.map((person) => (
            <Checkbox
              key={person.id}
              label={person.name ?? words('app.unnamed')}
              checked={chosen.some(({ id }) => id === person.id)}
              onChange={(_event, { checked }) => {
                onChange(checked === true ? [...without(person.id), person].slice(-limit) : without(person.id));
              }}
            />
          ))}
        </div>
      )}
      {found.data?.fromDirectory === false ? (
        <Text size={200} className={styles.quiet}>
          {words('people.onlyOpened')}
        </Text>
      ) : null}
    </div>
  );
}

interface OnePersonProps extends Pick<PeoplePickerProps, 'label' | 'chosen' | 'onChange'> {
  readonly people: readonly ChosenPerson[];
}

/** One takes the place of another, which boxes to tick would not tell. */
function OnePerson({ label, people, chosen, onChange }: OnePersonProps) {
  const words = useWords();
  const styles = useStyles();
  return (
    <RadioGroup
      className={styles.found}
      aria-label={label}
      value={chosen[0]?.id ?? ''}
      onChange={(_event, { value }) => {
        onChange(people.filter(({ id }) => id === value));
      }}
    >
      {people.map(({ id, name }) => (
        <Radio key={id} value={id} label={name ?? words('app.unnamed')} />
      ))}
    </RadioGroup>
  );
}
