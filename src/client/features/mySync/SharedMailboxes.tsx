/** Shared mailboxes that are read beside one's own: named by address, for Microsoft lists none. */
import { Button, Field, Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { type RefObject, useRef, useState } from 'react';
import type { SharedMailboxDocument, Sync } from '../../../contract/api/sync.ts';
import { parseAddress } from '../../../domain/relevance.ts';
import { CATEGORIES } from '../../../domain/categories/categories.ts';
import { supportsSharedMailboxes } from '../../../domain/sharedMailboxes.ts';
import { useChangeMailboxes } from '../../api/queries.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useErrorCode } from './useErrorCode.ts';

const useStyles = makeStyles({
  text: { display: 'block', marginBlockEnd: tokens.spacingVerticalS },
  list: {
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    '&:not(:empty)': { marginBlockEnd: tokens.spacingVerticalM },
  },
  line: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  what: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
  state: { display: 'block', color: tokens.colorNeutralForeground2 },
  entry: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  field: { flexGrow: 1, flexShrink: 1, flexBasis: '140px', minWidth: 0 },
  add: { flexShrink: 0, whiteSpace: 'nowrap' },
});

export function SharedMailboxes({ sync }: { readonly sync: Sync }) {
  const words = useWords();
  const styles = useStyles();
  const textOf = useErrorText();
  const change = useChangeMailboxes();
  const field = useRef<HTMLInputElement>(null);
  const isRead = CATEGORIES.some(
    (category) => supportsSharedMailboxes(category) && sync.decisions[category]?.effective.shared === true,
  );
  if (!isRead && sync.mailboxes.length === 0) {
    return null;
  }
  return (
    <Panel title={words('mailboxes.title')}>
      <Text className={styles.text}>{words(isRead ? 'mailboxes.text' : 'mailboxes.off')}</Text>
      <ul className={styles.list} aria-label={words('mailboxes.title')}>
        {sync.mailboxes.map((mailbox) => (
          <MailboxLine
            key={mailbox.id}
            mailbox={mailbox}
            isRead={isRead}
            isDisabled={change.isPending}
            onRemove={() => {
              change.mutate(
                { method: 'DELETE', body: { id: mailbox.id } },
                // The button that had the focus is gone with its line.
                { onSuccess: () => field.current?.focus() },
              );
            }}
          />
        ))}
      </ul>
      {isRead ? (
        <AddMailbox
          field={field}
          isDisabled={change.isPending}
          onAdd={(address, onAdded) => {
            change.mutate({ method: 'PUT', body: { address } }, { onSuccess: onAdded });
          }}
        />
      ) : null}
      {change.isError ? <Notice intent="error">{textOf(change.error)}</Notice> : null}
    </Panel>
  );
}

interface MailboxLineProps {
  readonly mailbox: SharedMailboxDocument;
  readonly isRead: boolean;
  readonly isDisabled: boolean;
  readonly onRemove: () => void;
}

function MailboxLine({ mailbox, isRead, isDisabled, onRemove }: MailboxLineProps) {
  const words = useWords();
  const styles = useStyles();
  const errorText = useErrorCode();
  const { address, stage, error, nextAttemptAt } = mailbox;
  const state = stage === 'failing' ? errorText(error, nextAttemptAt) : words(`mailboxes.${stage}`);
  return (
    <li className={styles.line}>
      <div className={styles.what}>
        <Text>{address}</Text>
        {isRead ? (
          <Text className={styles.state} aria-live="polite">
            {state}
          </Text>
        ) : null}
      </div>
      <Button
        size="small"
        appearance="subtle"
        icon={<DismissRegular />}
        disabled={isDisabled}
        aria-label={words('mailboxes.remove', { address })}
        onClick={onRemove}
      />
    </li>
  );
}

interface AddMailboxProps {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly isDisabled: boolean;
  readonly onAdd: (address: string, onAdded: () => void) => void;
}

function AddMailbox({ field, isDisabled, onAdd }: AddMailboxProps) {
  const words = useWords();
  const styles = useStyles();
  const [text, setText] = useState('');
  const address = parseAddress(text);
  const isInvalid = text.trim() !== '' && address === null;
  return (
    <Field
      label={words('mailboxes.label')}
      {...(isInvalid ? { validationState: 'none' as const, validationMessage: words('mailboxes.hint') } : {})}
    >
      <form
        className={styles.entry}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (address !== null && !isDisabled) {
            onAdd(address, () => {
              setText('');
            });
          }
        }}
      >
        <Input
          className={styles.field}
          type="email"
          input={{ ref: field }}
          value={text}
          onChange={(_event, { value }) => {
            setText(value);
          }}
        />
        <Button className={styles.add} type="submit" disabled={address === null || isDisabled}>
          {words('mailboxes.add')}
        </Button>
      </form>
    </Field>
  );
}
