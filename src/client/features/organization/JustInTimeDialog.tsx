/** Checking, narrowing or removing at Microsoft: a permission for the moment, in place, or the way to do it there. */
import { Button, Link, Text } from '@fluentui/react-components';
import { useEffect } from 'react';
import { useRefreshOrganization } from '../../api/queries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { CHECK_SCOPES, MANAGE_SCOPES } from '../../../domain/permissions.ts';
import type { Host } from '../../hosts/host.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { ConsentStep } from '../../ui/ConsentStep.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { PermissionList } from '../../ui/PermissionList.tsx';
import { isSubmitted, useConsent } from '../../ui/useConsent.ts';

export interface MomentDialogProps {
  readonly isOpen: boolean;
  readonly host: Host;
  readonly moment: 'check' | 'narrow' | 'remove';
  readonly organization: OrganizationDocument;
  readonly onClose: () => void;
}

export function JustInTimeDialog({ isOpen, host, moment, organization, onClose }: MomentDialogProps) {
  const words = useWords();
  const consent = useConsent(host, isOpen ? { consentType: 'organization', moment } : null);
  const refresh = useRefreshOrganization();
  useEffect(() => {
    if (consent.state.kind === 'done') {
      refresh();
      onClose();
    }
  }, [consent.state.kind, onClose, refresh]);
  const isUnderWay = isSubmitted(consent.state);
  return (
    <FormDialog
      isOpen={isOpen}
      title={words(`moment.${moment}.title`)}
      onClose={onClose}
      {...(isUnderWay ? { closeLabel: words('app.close') } : {})}
      action={
        isUnderWay ? null : (
          <Button appearance="primary" disabled={consent.state.kind !== 'ready'} onClick={consent.open}>
            {words('on.continue')}
          </Button>
        )
      }
    >
      {isUnderWay ? null : (
        <>
          <Text>{words(`moment.${moment}.text`, { scopes: organization.grant?.unused.join(', ') ?? '' })}</Text>
          <div>
            <Text weight="semibold">{words('admin.permissions')}</Text>
            <PermissionList reader="administrator" scopes={moment === 'check' ? CHECK_SCOPES : MANAGE_SCOPES} />
          </div>
          <Text size={200}>{words(moment === 'check' ? 'moment.checkNote' : 'moment.changeNote')}</Text>
          <Text size={200}>
            {words('moment.portal')}{' '}
            <Link href={organization.portalUrl} target="_blank" rel="noopener">
              {words('org.portal')}
            </Link>
          </Text>
        </>
      )}
      <ConsentStep consent={consent} />
    </FormDialog>
  );
}
