/** Pausing for the whole organization: for how long, and what that means. */
import { Button, Text } from '@fluentui/react-components';
import { useState } from 'react';
import { useChangeOrganization } from '../../api/queries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { useWords } from '../../text/Words.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PauseChoice, pauseFor, type PauseLength } from '../../ui/PauseChoice.tsx';

export interface PauseEverybodyDialogProps {
  readonly isOpen: boolean;
  readonly organization: OrganizationDocument;
  readonly onClose: () => void;
}

export function PauseEverybodyDialog({ isOpen, organization, onClose }: PauseEverybodyDialogProps) {
  const words = useWords();
  const textOf = useErrorText();
  const [length, setLength] = useState<PauseLength>('forever');
  const change = useChangeOrganization();
  const { version, members } = organization;
  const confirm = () => {
    change.mutate({ version, change: { pause: pauseFor(length, new Date()) } }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      isOpen={isOpen}
      title={words('org.pauseTitle')}
      onClose={onClose}
      action={
        <Button appearance="primary" disabled={change.isPending} onClick={confirm}>
          {words('org.pauseConfirm')}
        </Button>
      }
    >
      <Text>{words('org.pauseText', { connected: members.connected })}</Text>
      <PauseChoice length={length} onChange={setLength} />
      {change.isError ? <Notice intent="error">{textOf(change.error)}</Notice> : null}
    </FormDialog>
  );
}
