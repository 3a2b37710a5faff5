/** Turning a category off: keep what was synced, or erase it. */
import { Button, Radio, RadioGroup, Text } from '@fluentui/react-components';
import { useState } from 'react';
import { useChangeSync } from '../../api/queries.ts';
import { OFF } from '../../../domain/levels.ts';
import type { Category } from '../../../domain/categories/categories.ts';
import { categoryId } from '../../text/categoryIds.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';

export interface TurnOffDialogProps {
  readonly isOpen: boolean;
  readonly category: Category;
  readonly onClose: () => void;
  readonly onErased: (receiptIds: readonly string[]) => void;
}

export function TurnOffDialog({ isOpen, category, onClose, onErased }: TurnOffDialogProps) {
  const words = useWords();
  const textOf = useErrorText();
  const [data, setData] = useState<'keep' | 'erase'>('keep');
  const change = useChangeSync();
  const confirm = () => {
    change.mutate(
      { selection: { [category]: OFF }, data: { [category]: data } },
      {
        onSuccess: ({ receipts }) => {
          onErased((receipts ?? []).map(({ id }) => id));
          onClose();
        },
      },
    );
  };
  const name = words(categoryId(category)).toLowerCase();
  return (
    <FormDialog
      isOpen={isOpen}
      title={words('off.title', { category: name })}
      onClose={onClose}
      action={
        <Button appearance="primary" disabled={change.isPending} onClick={confirm}>
          {words(data === 'erase' ? 'off.confirmErase' : 'off.confirm')}
        </Button>
      }
    >
      <Text id="off-text">{words('off.text')}</Text>
      <RadioGroup
        aria-labelledby="off-text"
        value={data}
        onChange={(_event, chosen) => {
          setData(chosen.value === 'erase' ? 'erase' : 'keep');
        }}
      >
        <Radio
          value="keep"
          label={
            <>
              {words('off.keep')}
              <br />
              <small>{words('off.keepNote')}</small>
            </>
          }
        />
        <Radio
          value="erase"
          label={
            <>
              {words('off.erase')}
              <br />
              <small>{words('off.eraseNote')}</small>
            </>
          }
        />
      </RadioGroup>
      {change.isError ? <Notice intent="error">{textOf(change.error)}</Notice> : null}
    </FormDialog>
  );
}
