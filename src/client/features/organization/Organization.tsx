/** Organization: mode, grant and proof, rules, and who can change them. */
import { Button } from '@fluentui/react-components';
import { useOrganization } from '../../api/queries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import type { Host } from '../../hosts/host.ts';
import { useWords } from '../../text/Words.tsx';
import { LoadError } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageSkeleton } from '../../ui/PageSkeleton.tsx';
import { useOpened } from '../../ui/useOpened.ts';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { AdministratorDialog } from './AdministratorDialog.tsx';
import { BackDialog } from './BackDialog.tsx';
import { Claim } from './Claim.tsx';
import { GrantPanel } from './GrantPanel.tsx';
import { PeoplePanel } from './PeoplePanel.tsx';
import { RulesPanel } from './RulesPanel.tsx';

export function Organization({ host }: { readonly host: Host }) {
  const words = useWords();
  const organization = useOrganization();
  const { opened, isOpen, opening, open, close } = useOpened<'grant' | 'back'>();
  if (organization.isPending) {
    return <PageSkeleton />;
  }
  if (organization.isError) {
    return <LoadError error={organization.error} onRetry={() => void organization.refetch()} />;
  }
  const { data } = organization;
  return (
    <>
      <PageTitle title={data.name ?? words('org.title')}>{words('org.members', { ...data.members })}</PageTitle>
      {data.rights.mayClaim ? <Claim /> : null}
      {!data.rights.mayChange && !data.rights.mayClaim ? <Notice intent="info">{words('org.readOnly')}</Notice> : null}
      <GrantPanel
        organization={data}
        actions={
          <GrantActions
            organization={data}
            onGrant={() => {
              open('grant');
            }}
            onBack={() => {
              open('back');
            }}
          />
        }
      />
      <RulesPanel organization={data} />
      <PeoplePanel organization={data} />
      {opened === 'grant' ? (
        <AdministratorDialog key={opening} isOpen={isOpen} host={host} organization={data} onClose={close} />
      ) : null}
      {opened === 'back' ? <BackDialog key={opening} isOpen={isOpen} organization={data} onClose={close} /> : null}
    </>
  );
}

interface GrantActionsProps {
  readonly organization: OrganizationDocument;
  readonly onGrant: () => void;
  readonly onBack: () => void;
}

function GrantActions({ organization, onGrant, onBack }: GrantActionsProps) {
  const words = useWords();
  const { rights, mode } = organization;
  if (!rights.mayChange) {
    return null;
  }
  const isIndividual = mode === 'individual';
  return (
    <>
      {rights.mayGrant ? (
        <Button appearance={isIndividual ? 'primary' : 'secondary'} onClick={onGrant}>
          {words(isIndividual ? 'org.grant' : 'org.change')}
        </Button>
      ) : (
        <span>{words('org.needsDirectoryRole')}</span>
      )}
      {isIndividual ? null : <Button onClick={onBack}>{words('org.back')}</Button>}
    </>
  );
}
