/** The switch for the whole organization, with what follows from it. */
import { Button, Text } from '@fluentui/react-components';
import { useChangeOrganization } from '../../api/queries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';

export interface SwitchDialogProps {
  readonly isOpen: boolean;
  readonly organization: OrganizationDocument;
  readonly onClose: () => void;
}

export function TurnOnOffDialog({ isOpen, organization, onClose }: SwitchDialogProps) {
  const words = useWords();
  const textOf = useErrorText();
  const change = useChangeOrganization();
  const { enabled, version, members } = organization;
  const confirm = () => {
    change.mutate({ version, change: { enabled: !enabled } }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      isOpen={isOpen}
      title={words(enabled ? 'org.switchOffTitle' : 'org.switchOnTitle')}
      onClose={onClose}
      action={
        <Button appearance="primary" disabled={change.isPending} onClick={confirm}>
          {words(enabled ? 'org.switchOff' : 'org.switchOn')}
        </Button>
      }
    >
      <Text>{words(enabled ? 'org.switchOffText' : 'org.switchOnText', { connected: members.connected })}</Text>
      {change.isError ? <Notice intent="error">{textOf(change.error)}</Notice> : null}
    </FormDialog>
  );
}
