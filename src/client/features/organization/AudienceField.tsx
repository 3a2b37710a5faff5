/** A choice of people: everyone, chosen people, or a group. */
import { Field, Input, makeStyles, Radio, RadioGroup, Text, tokens } from '@fluentui/react-components';
import { useDeferredValue, useState } from 'react';
import { useFindGroups } from '../../api/organizationQueries.ts';
import type { AudienceDocument } from '../../../contract/api/audience.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { type ChosenPerson, PeoplePicker } from './PeoplePicker.tsx';

export interface AudienceDraft {
  readonly kind: AudienceDocument['kind'];
  readonly people: readonly ChosenPerson[];
  readonly groupId: string;
  readonly groupName: string;
}

export interface AudienceFieldProps {
  readonly label: string;
  readonly draft: AudienceDraft;
  readonly onChange: (draft: AudienceDraft) => void;
}

const useStyles = makeStyles({
  inner: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function AudienceField({ label, draft, onChange }: AudienceFieldProps) {
  const words = useWords();
  return (
    <>
      <Field label={{ children: label, style: { fontWeight: 600 } }}>
        <RadioGroup
          value={draft.kind}
          onChange={(_event, { value }) => {
            onChange({ ...draft, kind: value === 'people' || value === 'group' ? value : 'everyone' });
          }}
        >
          <Radio value="everyone" label={words('audience.everyone')} />
          <Radio value="people" label={words('audience.people')} />
          <Radio value="group" label={words('audience.group')} />
        </RadioGroup>
      </Field>
      {draft.kind === 'people' ? (
        <PeoplePicker
          label={words('people.search')}
          chosen={draft.people}
          onChange={(people) => {
            onChange({ ...draft, people });
          }}
        />
      ) : null}
      {draft.kind === 'group' ? <GroupPicker draft={draft} onChange={onChange} /> : null}
    </>
  );
}

/** By name where the directory may be read, by the group's object id everywhere else. */
function GroupPicker({ draft, onChange }: Pick<AudienceFieldProps, 'draft' | 'onChange'>) {
  const words = useWords();
  const styles = useStyles();
  const [search, setSearch] = useState('');
  const found = useFindGroups(useDeferredValue(search));
  const known = found.data?.fromDirectory === true ? found.data.groups : null;
  return (
    <div className={styles.inner}>
      {known !== null ? (
        <>
          <Input
            aria-label={words('audience.searchGroup')}
            placeholder={words('audience.searchGroup')}
            value={search}
            onChange={(_event, { value }) => {
              setSearch(value);
            }}
          />
          <RadioGroup
            aria-label={words('audience.group')}
            value={draft.groupId}
            onChange={(_event, { value }) => {
              const name = known.find(({ id }) => id === value)?.name ?? value;
              onChange({ ...draft, groupId: value, groupName: name });
            }}
          >
            {known.map(({ id, name }) => (
              <Radio key={id} value={id} label={name} />
            ))}
          </RadioGroup>
        </>
      ) : (
        <Field label={words('audience.groupId')} hint={words('audience.groupIdHint')}>
          <Input
            value={draft.groupId}
            onChange={(_event, { value }) => {
              onChange({ ...draft, groupId: value.trim(), groupName: value.trim() });
            }}
          />
        </Field>
      )}
      {draft.groupName === '' ? null : (
        <Text size={200} className={styles.quiet}>
          {words('audience.chosenGroup', { name: draft.groupName })}
        </Text>
      )}
    </div>
  );
}

/** The choice as the server takes it, or `null` while it is not complete. */
export function audienceOf(draft: AudienceDraft): AudienceDocument | null {
  switch (draft.kind) {
    case 'everyone':
      return { kind: 'everyone' };
    case 'people':
      return { kind: 'people', memberIds: draft.people.map(({ id }) => id) };
    case 'group':
      return GUID.test(draft.groupId) ? { kind: 'group', groupId: draft.groupId, name: draft.groupName } : null;
  }
}

/** The draft of a choice that holds now; `known` gives names to ids. */
export function draftOfAudience(audience: AudienceDocument, known: readonly ChosenPerson[]): AudienceDraft {
  const people =
    audience.kind === 'people'
      ? audience.memberIds.map((id) => known.find((person) => person.id === id) ?? { id, name: null })
      : [];
  const group = audience.kind === 'group' ? audience : { groupId: '', name: '' };
  return { kind: audience.kind, people, groupId: group.groupId, groupName: group.name };
}
