/** Leaving something out, and letting it in again: every click holds at once. */
import { Button, Field, Input, makeStyles, Select, Text, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { type Ref, useRef, useState } from 'react';
import type { ExclusionDocument, Exclusions } from '../../../contract/api/relevance.ts';
import { parseAddress, parseDomain } from '../../../domain/relevance.ts';
import { useChangeExclusions } from '../../api/exclusionQueries.ts';
import { categoryId } from '../../text/categoryIds.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { RuleSettingsFields } from '../../ui/RuleSettingsFields.tsx';
import { useOwnExclusions } from './useOwnExclusions.ts';
import { type Category } from '../../../domain/categories/categories.ts';

const useStyles = makeStyles({
  line: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  entry: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  field: { flexGrow: 1, flexShrink: 1, flexBasis: '140px', minWidth: 0 },
  add: { flexShrink: 0, whiteSpace: 'nowrap' },
  grow: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
});

export interface LeftOutDialogProps {
  readonly isOpen: boolean;
  readonly exclusions: Exclusions;
  readonly onClose: () => void;
}

export function ExclusionsDialog({ isOpen, exclusions, onClose }: LeftOutDialogProps) {
  const words = useWords();
  const textOf = useErrorText();
  const change = useChangeExclusions();
  const person = useRef<HTMLInputElement>(null);
  const { own } = exclusions;
  const exclude = (body: ExclusionDocument, onSuccess?: () => void) => {
    change.mutate({ method: 'PUT', body }, onSuccess === undefined ? {} : { onSuccess });
  };
  // What was pressed is gone or can't be pressed any more: the keyboard stays in the dialog.
  const focusPerson = () => person.current?.focus();
  return (
    <FormDialog
      isOpen={isOpen}
      title={words('rules.title')}
      onClose={onClose}
      closeLabel={words('app.close')}
      action={null}
    >
      <Text>{words('own.text')}</Text>
      <PersonField
        inputRef={person}
        onExclude={(body, onSuccess) => {
          exclude(body, () => {
            onSuccess();
            focusPerson();
          });
        }}
      />
      <FolderField exclusions={exclusions} onExclude={exclude} />
      <OwnList
        exclusions={exclusions}
        onInclude={(body) => {
          change.mutate({ method: 'DELETE', body }, { onSuccess: focusPerson });
        }}
      />
      <RuleSettingsFields
        settings={own}
        above={exclusions.organization}
        onChange={(body) => {
          change.mutate({ method: 'PATCH', body });
        }}
      />
      {change.isError ? <Notice intent="error">{textOf(change.error)}</Notice> : null}
    </FormDialog>
  );
}

interface PersonFieldProps {
  readonly inputRef: Ref<HTMLInputElement>;
  /** What was typed stays until it holds. */
  readonly onExclude: (exclusion: ExclusionDocument, onSuccess: () => void) => void;
}

function PersonField({ inputRef, onExclude }: PersonFieldProps) {
  const words = useWords();
  const styles = useStyles();
  const [text, setText] = useState('');
  const address = parseAddress(text);
  const domain = parseDomain(text);
  const isBad = text.trim() !== '' && address === null && domain === null;
  const add = () => {
    const named: ExclusionDocument =
      address === null ? { kind: 'domain', value: domain ?? '' } : { kind: 'address', value: address };
    onExclude(named, () => {
      setText('');
    });
  };
  return (
    <Field
      label={words('own.person')}
      {...(isBad ? { validationState: 'none' as const, validationMessage: words('own.personHint') } : {})}
    >
      <form
        className={styles.entry}
        onSubmit={(event) => {
          event.preventDefault();
          if (address !== null || domain !== null) {
            add();
          }
        }}
      >
        <Input
          className={styles.field}
          input={{ ref: inputRef }}
          value={text}
          onChange={(_event, { value }) => {
            setText(value);
          }}
        />
        <Button className={styles.add} type="submit" disabled={address === null && domain === null}>
          {words('own.add')}
        </Button>
      </form>
    </Field>
  );
}

interface FolderFieldProps {
  readonly exclusions: Exclusions;
  readonly onExclude: (exclusion: ExclusionDocument) => void;
}

function FolderField({ exclusions: { folders }, onExclude }: FolderFieldProps) {
  const words = useWords();
  const styles = useStyles();
  const [chosen, setChosen] = useState('');
  const isThere = folders.some(({ id }) => id === chosen);
  if (folders.length === 0) {
    return null;
  }
  const nameOf = (category: Category) => words(categoryId(category));
  return (
    <Field label={words('own.folderLabel')}>
      <div className={styles.entry}>
        <Select
          className={styles.field}
          value={isThere ? chosen : ''}
          onChange={(_event, { value }) => {
            setChosen(value);
          }}
        >
          <option value="">{words('own.choose')}</option>
          {folders.map(({ id, name, category }) => (
            <option key={id} value={id}>
              {`${nameOf(category)}: ${name}`}
            </option>
          ))}
        </Select>
        <Button
          className={styles.add}
          disabled={!isThere}
          onClick={() => {
            onExclude({ kind: 'folder', value: chosen });
          }}
        >
          {words('own.add')}
        </Button>
      </div>
    </Field>
  );
}

interface OwnListProps {
  readonly exclusions: Exclusions;
  readonly onInclude: (exclusion: ExclusionDocument) => void;
}

function OwnList({ exclusions, onInclude }: OwnListProps) {
  const words = useWords();
  const styles = useStyles();
  const entries = useOwnExclusions(exclusions);
  return (
    <ul className={styles.list} aria-label={words('own.byYou')}>
      {entries.map(({ kind, value, text }) => (
        <li key={`${kind} ${value}`} className={styles.line}>
          <Text className={styles.grow}>{text}</Text>
          <Button
            size="small"
            appearance="subtle"
            icon={<DismissRegular />}
            aria-label={words('own.letIn', { what: text })}
            onClick={() => {
              onInclude({ kind, value });
            }}
          />
        </li>
      ))}
    </ul>
  );
}
