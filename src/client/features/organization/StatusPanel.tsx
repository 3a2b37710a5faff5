/** The state at a glance: who decides, what is granted and proven, and the one thing to do next. */
import { Badge, Button, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { BuildingRegular, PeopleTeamRegular, PersonRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { useChangeOrganization } from '../../api/queries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { CATEGORIES } from '../../../domain/categories/categories.ts';
import { categoryId, levelId } from '../../text/categoryIds.ts';
import { useTimes, useWords } from '../../text/TextProvider.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { PermissionList } from '../../ui/PermissionList.tsx';
import { ServiceAccountStatus } from './ServiceAccountStatus.tsx';

const useStyles = makeStyles({
  line: { display: 'block', marginBlockEnd: tokens.spacingVerticalS },
  quiet: { display: 'block', color: tokens.colorNeutralForeground2, marginBlockEnd: tokens.spacingVerticalS },
  selection: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalS,
    marginBlock: tokens.spacingVerticalS,
  },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    marginBlockStart: tokens.spacingVerticalM,
  },
  summary: { cursor: 'pointer', color: tokens.colorNeutralForeground2, width: 'fit-content' },
});

const ICONS: Readonly<Record<OrganizationDocument['mode'], ReactNode>> = {
  individual: <PersonRegular fontSize={20} />,
  organization: <PeopleTeamRegular fontSize={20} />,
  service: <BuildingRegular fontSize={20} />,
};

export interface StatusPanelProps {
  readonly organization: OrganizationDocument;
  readonly actions: ReactNode;
}

export function StatusPanel({ organization, actions }: StatusPanelProps) {
  const words = useWords();
  const styles = useStyles();
  const { mode, pending, enabled, grant } = organization;
  return (
    <Panel title={words(`org.mode.${mode}`)} icon={ICONS[mode]} aside={<StateBadge organization={organization} />}>
      {enabled ? null : <Notice intent="warning">{words('org.off')}</Notice>}
      {organization.pause === null ? null : <Paused organization={organization} />}
      {pending === null ? null : (
        <Notice intent="info">
          <Spinner size="tiny" label={words(pending.mode === 'service' ? 'org.settling' : 'org.pending')} />
        </Notice>
      )}
      {grant !== null && grant.missing.length > 0 ? <Drift grant={grant} /> : null}
      <Text className={styles.line}>{words(`org.mode.${mode}Text`)}</Text>
      {mode === 'individual' ? null : <Selection organization={organization} />}
      {mode === 'service' ? (
        <ServiceAccountStatus organization={organization} />
      ) : (
        <GrantStatus organization={organization} />
      )}
      <div className={styles.actions}>{actions}</div>
    </Panel>
  );
}

/** What is paused says so, and anyone who may resume it can, with one click. */
function Paused({ organization }: { readonly organization: OrganizationDocument }) {
  const words = useWords();
  const times = useTimes();
  const textOf = useErrorText();
  const change = useChangeOrganization();
  const { pause, version, rights } = organization;
  const until = pause?.until ?? null;
  return (
    <Notice
      intent="warning"
      {...(rights.canChange
        ? {
            actions: (
              <Button
                size="small"
                disabled={change.isPending}
                onClick={() => {
                  change.mutate({ version, change: { pause: null } });
                }}
              >
                {words('pause.goOn')}
              </Button>
            ),
          }
        : {})}
    >
      {until === null ? words('org.paused') : words('org.pausedUntil', { when: times.date(until) })}
      {change.isError ? ` ${textOf(change.error)}` : null}
    </Notice>
  );
}

function StateBadge({ organization }: { readonly organization: OrganizationDocument }) {
  const words = useWords();
  const { mode, grant, service, enabled } = organization;
  if (!enabled) {
    return <Badge color="important">{words('org.state.off')}</Badge>;
  }
  if (organization.pause !== null) {
    return (
      <Badge appearance="tint" color="warning">
        {words('pause.badge')}
      </Badge>
    );
  }
  if (mode === 'individual') {
    return null;
  }
  const isBroken = mode === 'service' ? service?.state === 'failed' : grant === null || grant.missing.length > 0;
  if (isBroken) {
    return <Badge color="danger">{words('org.state.broken')}</Badge>;
  }
  const isVerified = (mode === 'service' ? service?.state : grant?.state) === 'verified';
  return (
    <Badge appearance="tint" color={isVerified ? 'success' : 'warning'}>
      {words(isVerified ? 'org.proof.verified' : 'org.proof.unproven')}
    </Badge>
  );
}

function Selection({ organization: { selection } }: { readonly organization: OrganizationDocument }) {
  const words = useWords();
  const styles = useStyles();
  const levels = CATEGORIES.map(
    (category) => `${words(categoryId(category))}: ${words(levelId(category, selection[category].sync))}`,
  );
  return (
    <div className={styles.selection}>
      {levels.map((text) => (
        <Badge key={text} appearance="outline" color="informative">
          {text}
        </Badge>
      ))}
    </div>
  );
}

function Drift({ grant }: { readonly grant: NonNullable<OrganizationDocument['grant']> }) {
  const words = useWords();
  const times = useTimes();
  return (
    <Notice intent="error" title={words('org.driftTitle')}>
      {words('org.drift', { date: times.date(grant.missingSince ?? grant.grantedAt) })}
      <PermissionList reader="administrator" scopes={grant.missing} />
    </Notice>
  );
}

function GrantStatus({ organization: { grant, mode } }: { readonly organization: OrganizationDocument }) {
  const words = useWords();
  const times = useTimes();
  const styles = useStyles();
  if (grant === null) {
    return null;
  }
  const by = words('org.grantedBy', {
    name: grant.grantedBy ?? words('app.unnamed'),
    date: times.date(grant.grantedAt),
  });
  return (
    <>
      <Text className={styles.line}>{mode === 'individual' ? words('org.keptGrant', { by }) : by}</Text>
      <Text className={styles.quiet}>
        {grant.state === 'verified'
          ? words('org.proof.verifiedText', { date: times.date(grant.provenAt ?? grant.grantedAt) })
          : words('org.proof.unprovenText')}{' '}
        {grant.checkedAt === null ? '' : words('org.checked', { when: times.ago(grant.checkedAt) })}
      </Text>
      {grant.unused.length > 0 ? (
        <Text className={styles.quiet}>{words('org.unused', { scopes: grant.unused.join(', ') })}</Text>
      ) : null}
      <details>
        <summary className={styles.summary}>{words('org.granted')}</summary>
        <PermissionList reader="administrator" scopes={grant.scopes} />
      </details>
    </>
  );
}
