/** Back to `individual`: who is affected, what follows, then the click. */
import { Button, Text } from '@fluentui/react-components';
import { useChangeOrganization } from '../../api/queries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { ImpactPreview } from './ImpactPreview.tsx';

export interface BackDialogProps {
  readonly isOpen: boolean;
  readonly organization: OrganizationDocument;
  readonly onClose: () => void;
}

export function LetPeopleChooseDialog({ isOpen, organization, onClose }: BackDialogProps) {
  const words = useWords();
  const textOf = useErrorText();
  const change = useChangeOrganization();
  const { version, selection } = organization;
  const confirm = () => {
    change.mutate({ version, change: { mode: 'individual' } }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      isOpen={isOpen}
      title={words('org.backTitle')}
      onClose={onClose}
      action={
        <Button appearance="primary" disabled={change.isPending} onClick={confirm}>
          {words('org.backConfirm')}
        </Button>
      }
    >
      <Text>{words('org.backText')}</Text>
      <ImpactPreview request={isOpen ? { mode: 'individual', selection } : null} />
      {change.isError ? <Notice intent="error">{textOf(change.error)}</Notice> : null}
    </FormDialog>
  );
}
