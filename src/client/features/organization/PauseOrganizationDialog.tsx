/** Pausing for the whole organization. */
import { useChangeOrganization } from '../../api/queries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { PauseForm } from '../../ui/PauseForm.tsx';

export interface PauseEverybodyDialogProps {
  readonly isOpen: boolean;
  readonly organization: OrganizationDocument;
  readonly onClose: () => void;
}

export function PauseOrganizationDialog({ isOpen, organization, onClose }: PauseEverybodyDialogProps) {
  const words = useWords();
  const { mutate, isPending, error } = useChangeOrganization();
  const { version, members } = organization;
  return (
    <PauseForm
      isOpen={isOpen}
      title={words('org.pauseTitle')}
      text={words('org.pauseText', { connected: members.connected })}
      confirm={words('org.pauseConfirm')}
      isPending={isPending}
      error={error}
      onPause={(pause) => {
        mutate({ version, change: { pause } }, { onSuccess: onClose });
      }}
      onClose={onClose}
    />
  );
}
