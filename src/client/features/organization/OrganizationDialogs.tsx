/** The dialog that was opened last; every opening begins with fresh fields. */
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import type { Host } from '../../hosts/host.ts';
import type { Opened } from '../../ui/useOpened.ts';
import { AdministratorDialog } from './AdministratorDialog.tsx';
import { BackDialog } from './BackDialog.tsx';
import { CoverageDialog } from './CoveragePanel.tsx';
import { MomentDialog } from './MomentDialog.tsx';
import type { OrganizationDialog } from './OrganizationActions.tsx';
import { PauseEverybodyDialog } from './PauseEverybodyDialog.tsx';
import { SwitchDialog } from './SwitchDialog.tsx';

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
      return <MomentDialog key={opening} host={host} moment={opened} {...common} />;
    case 'back':
      return <BackDialog key={opening} {...common} />;
    case 'switch':
      return <SwitchDialog key={opening} {...common} />;
    case 'pause':
      return <PauseEverybodyDialog key={opening} {...common} />;
    case 'coverage':
      return <CoverageDialog key={opening} {...common} />;
  }
}
