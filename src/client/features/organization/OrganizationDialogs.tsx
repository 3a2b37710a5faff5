/** The dialog that was opened last; every opening begins with fresh fields. */
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import type { Host } from '../../hosts/host.ts';
import type { Opened } from '../../ui/useDialog.ts';
import { AdministratorDialog } from './AdministratorDialog.tsx';
import { LetPeopleChooseDialog } from './LetPeopleChooseDialog.tsx';
import { CoverageDialog } from './CoveragePanel.tsx';
import { JustInTimeDialog } from './JustInTimeDialog.tsx';
import type { OrganizationDialog } from './OrganizationActions.tsx';
import { PauseOrganizationDialog } from './PauseOrganizationDialog.tsx';
import { TurnOnOffDialog } from './TurnOnOffDialog.tsx';

export interface OrganizationDialogsProps {
  readonly host: Host;
  readonly organization: OrganizationDocument;
  readonly dialogs: Opened<OrganizationDialog | 'check'>;
}

export function OrganizationDialogs({ host, organization, dialogs }: OrganizationDialogsProps) {
  const { opened, isOpen, opening, close } = dialogs;
  const common = { isOpen, organization, onClose: close };
  switch (opened) {
    case null:
      return null;
    case 'organization':
    case 'service':
    case 'permit':
      return <AdministratorDialog key={opening} host={host} kind={opened} {...common} />;
    case 'narrow':
    case 'remove':
    case 'check':
      return <JustInTimeDialog key={opening} host={host} moment={opened} {...common} />;
    case 'back':
      return <LetPeopleChooseDialog key={opening} {...common} />;
    case 'switch':
      return <TurnOnOffDialog key={opening} {...common} />;
    case 'pause':
      return <PauseOrganizationDialog key={opening} {...common} />;
    case 'coverage':
      return <CoverageDialog key={opening} {...common} />;
  }
}
