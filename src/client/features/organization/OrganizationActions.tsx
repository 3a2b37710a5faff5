/** The one primary action for the state, and everything else in a menu. */
import {
  Button,
  Link,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { useWords, type WordId } from '../../text/TextProvider.tsx';

export type OrganizationDialog =
  'organization' | 'service' | 'permit' | 'back' | 'narrow' | 'remove' | 'pause' | 'switch' | 'coverage';

export interface OrganizationActionsProps {
  readonly organization: OrganizationDocument;
  readonly onOpen: (dialog: OrganizationDialog) => void;
}

interface Action {
  readonly dialog: OrganizationDialog;
  readonly label: WordId;
}

export function OrganizationActions({ organization, onOpen }: OrganizationActionsProps) {
  const words = useWords();
  const { rights, portalUrl } = organization;
  if (!rights.canChange) {
    return null;
  }
  const [primary, ...others] = actionsFor(organization);
  return (
    <>
      {primary === undefined ? null : (
        <Button
          appearance="primary"
          onClick={() => {
            onOpen(primary.dialog);
          }}
        >
          {words(primary.label)}
        </Button>
      )}
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button icon={<MoreHorizontalRegular />}>{words('org.more')}</Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {others.map(({ dialog, label }) => (
              <MenuItem
                key={dialog}
                onClick={() => {
                  onOpen(dialog);
                }}
              >
                {words(label)}
              </MenuItem>
            ))}
            <MenuDivider />
            {organization.pause === null ? (
              <MenuItem
                onClick={() => {
                  onOpen('pause');
                }}
              >
                {words('org.pause')}
              </MenuItem>
            ) : null}
            <MenuItem
              onClick={() => {
                onOpen('switch');
              }}
            >
              {words(organization.enabled ? 'org.switchOff' : 'org.switchOn')}
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      <Link href={portalUrl} target="_blank" rel="noopener">
        {words('org.portal')}
      </Link>
    </>
  );
}

/** In the order of what an admin most likely came for; the first is the primary one. */
function actionsFor({ mode, grant, offersService, service }: OrganizationDocument): readonly Action[] {
  const decide: Action = { dialog: 'organization', label: mode === 'organization' ? 'org.change' : 'org.grant' };
  const again: Action = { dialog: 'organization', label: 'org.grantAgain' };
  const isLost = mode === 'organization' && (grant === null || grant.missing.length > 0);
  const asService: Action = { dialog: 'service', label: service === null ? 'org.asService' : 'org.asServiceAgain' };
  const coverage: Action = { dialog: 'coverage', label: 'coverage.change' };
  const unused = grant !== null && grant.unused.length > 0 && mode === 'organization';
  const main = mode === 'service' ? [coverage, asService, decide] : [isLost ? again : decide];
  return [
    ...main,
    ...(offersService && mode !== 'service' ? [asService, coverage] : []),
    { dialog: 'permit', label: 'org.permit' },
    ...(mode === 'individual' ? [] : [{ dialog: 'back', label: 'org.back' } as const]),
    ...(unused ? [{ dialog: 'narrow', label: 'org.narrow' } as const] : []),
    ...(grant === null ? [] : [{ dialog: 'remove', label: 'org.remove' } as const]),
  ];
}
