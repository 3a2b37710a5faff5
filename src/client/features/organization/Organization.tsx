/** Organization: the state at a glance, then people, checks and history. */
import { makeStyles, Tab, TabList, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useOrganization } from '../../api/queries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import type { Host } from '../../hosts/host.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { LoadError } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageSkeleton } from '../../ui/PageSkeleton.tsx';
import { useDialog } from '../../ui/useDialog.ts';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { AccessPanel } from './AccessPanel.tsx';
import { CatalogPanel } from './CatalogPanel.tsx';
import { Claim } from './Claim.tsx';
import { CoveragePanel } from './CoveragePanel.tsx';
import { MailboxesPanel } from './MailboxesPanel.tsx';
import { OrganizationActions, type OrganizationDialog } from './OrganizationActions.tsx';
import { OrganizationDialogs } from './OrganizationDialogs.tsx';
import { PeoplePanel } from './PeoplePanel.tsx';
import { ReadinessPanel } from './ReadinessPanel.tsx';
import { RosterPanel } from './RosterPanel.tsx';
import { RulesPanel } from './RulesPanel.tsx';
import { StatusPanel } from './StatusPanel.tsx';
import { HistoryPanel } from './HistoryPanel.tsx';

const PARTS = ['overview', 'people', 'checks', 'history', 'permissions'] as const;
type Part = (typeof PARTS)[number];

const useStyles = makeStyles({
  parts: {
    marginInlineStart: `calc(${tokens.spacingHorizontalMNudge} * -1)`,
    marginBlockEnd: tokens.spacingVerticalS,
    flexWrap: 'wrap',
  },
});

export function Organization({ host }: { readonly host: Host }) {
  const words = useWords();
  const organization = useOrganization();
  const dialogs = useDialog<OrganizationDialog | 'check'>();
  const [part, setPart] = useState<Part>('overview');
  if (organization.isPending) {
    return <PageSkeleton />;
  }
  if (organization.isError) {
    return <LoadError error={organization.error} onRetry={() => void organization.refetch()} />;
  }
  const { data } = organization;
  const { canChange, canClaim } = data.rights;
  return (
    <>
      <PageTitle title={data.name ?? words('org.title')}>{words('org.members', { ...data.members })}</PageTitle>
      {canClaim ? <Claim /> : null}
      {!canChange && !canClaim ? <Notice intent="info">{words('org.readOnly')}</Notice> : null}
      <StatusPanel organization={data} actions={<OrganizationActions organization={data} onOpen={dialogs.open} />} />
      <Parts parts={canChange ? PARTS : ['overview', 'permissions']} part={part} onChange={setPart} />
      <Content part={part} organization={data} onOpen={dialogs.open} />
      <OrganizationDialogs host={host} organization={data} dialogs={dialogs} />
    </>
  );
}

interface PartsProps {
  readonly parts: readonly Part[];
  readonly part: Part;
  readonly onChange: (part: Part) => void;
}

function Parts({ parts, part, onChange }: PartsProps) {
  const words = useWords();
  const styles = useStyles();
  return (
    <TabList
      className={styles.parts}
      selectedValue={part}
      aria-label={words('org.parts')}
      onTabSelect={(_event, { value }) => {
        onChange(PARTS.find((known) => known === value) ?? 'overview');
      }}
    >
      {parts.map((known) => (
        <Tab key={known} value={known}>
          {words(`org.part.${known}`)}
        </Tab>
      ))}
    </TabList>
  );
}

interface ContentProps {
  readonly part: Part;
  readonly organization: OrganizationDocument;
  readonly onOpen: (dialog: OrganizationDialog | 'check') => void;
}

function Content({ part, organization, onOpen }: ContentProps) {
  const { canChange } = organization.rights;
  switch (part) {
    case 'overview':
      return (
        <>
          {canChange &&
          organization.offersService &&
          (organization.mode === 'service' || organization.members.covered > 0) ? (
            <CoveragePanel
              organization={organization}
              onChange={() => {
                onOpen('coverage');
              }}
            />
          ) : null}
          {canChange ? <MailboxesPanel /> : null}
          <RulesPanel organization={organization} />
          {canChange ? <AccessPanel organization={organization} /> : null}
          <PeoplePanel organization={organization} />
        </>
      );
    case 'people':
      return <RosterPanel organization={organization} />;
    case 'checks':
      return (
        <ReadinessPanel
          organization={organization}
          onCheck={() => {
            onOpen('check');
          }}
        />
      );
    case 'history':
      return <HistoryPanel organization={organization} />;
    case 'permissions':
      return <CatalogPanel organization={organization} />;
  }
}
