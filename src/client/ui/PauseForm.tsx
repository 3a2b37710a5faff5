/** For how long something is to be paused, and what that means. */
import { Button, Text } from '@fluentui/react-components';
import { useState } from 'react';
import { FormDialog } from './FormDialog.tsx';
import { useErrorText } from './LoadError.tsx';
import { Notice } from './Notice.tsx';
import { PauseChoice, pauseFor, type PauseLength } from './PauseChoice.tsx';

export interface PauseFormProps {
  readonly isOpen: boolean;
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onPause: (pause: { readonly until: string | null }) => void;
  readonly onClose: () => void;
}

export function PauseForm({ isOpen, title, text, confirm, isPending, error, onPause, onClose }: PauseFormProps) {
  const textOf = useErrorText();
  const [length, setLength] = useState<PauseLength>('forever');
  return (
    <FormDialog
      isOpen={isOpen}
      title={title}
      onClose={onClose}
      action={
        <Button
          appearance="primary"
          disabled={isPending}
          onClick={() => {
            onPause(pauseFor(length, new Date()));
          }}
        >
          {confirm}
        </Button>
      }
    >
      <Text>{text}</Text>
      <PauseChoice length={length} onChange={setLength} />
      {error === null ? null : <Notice intent="error">{textOf(error)}</Notice>}
    </FormDialog>
  );
}
