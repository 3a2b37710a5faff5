/** Pausing a category: for how long, and what that means. */
import { Button, Text } from '@fluentui/react-components';
import { useState } from 'react';
import { useChangeSync } from '../../api/queries.ts';
import type { Category } from '../../../domain/selection.ts';
import { useWords } from '../../text/Words.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PauseChoice, pauseFor, type PauseLength } from '../../ui/PauseChoice.tsx';

export interface PauseDialogProps {
  readonly isOpen: boolean;
  readonly category: Category;
  readonly onClose: () => void;
}

export function PauseDialog({ isOpen, category, onClose }: PauseDialogProps) {
  const words = useWords();
  const textOf = useErrorText();
  const [length, setLength] = useState<PauseLength>('forever');
  const change = useChangeSync();
  const confirm = () => {
    change.mutate({ pause: { [category]: pauseFor(length, new Date()) } }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      isOpen={isOpen}
      title={words('pause.title', { category: words(`category.${category}`) })}
      onClose={onClose}
      action={
        <Button appearance="primary" disabled={change.isPending} onClick={confirm}>
          {words('pause.confirm')}
        </Button>
      }
    >
      <Text>{words('pause.text')}</Text>
      <PauseChoice length={length} onChange={setLength} />
      {change.isError ? <Notice intent="error">{textOf(change.error)}</Notice> : null}
    </FormDialog>
  );
}
