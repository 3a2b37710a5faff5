/** Who decides, what is granted, by whom and when, and how far that is proven. */
import { Badge, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { PeopleTeamRegular, PersonRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { SYNCED_CATEGORIES } from '../../../domain/selection.ts';
import { isWord, useTimes, useWords } from '../../text/Words.tsx';
import { choiceOf } from '../../ui/LevelChoice.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { PermissionList } from '../../ui/PermissionList.tsx';

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

export interface GrantPanelProps {
  readonly organization: OrganizationDocument;
  readonly actions: ReactNode;
}

export function GrantPanel({ organization, actions }: GrantPanelProps) {
  const words = useWords();
  const styles = useStyles();
  const { mode, pending } = organization;
  return (
    <Panel
      title={words(`org.mode.${mode}`)}
      icon={mode === 'individual' ? <PersonRegular fontSize={20} /> : <PeopleTeamRegular fontSize={20} />}
      aside={mode === 'organization' ? <Proof organization={organization} /> : null}
    >
      <Text className={styles.line}>{words(`org.mode.${mode}Text`)}</Text>
      {pending === null ? null : (
        <Notice intent="info">
          <Spinner size="tiny" label={words('org.pending')} />
        </Notice>
      )}
      <Grant organization={organization} />
      <div className={styles.actions}>{actions}</div>
    </Panel>
  );
}

function Proof({ organization }: { readonly organization: OrganizationDocument }) {
  const words = useWords();
  const state = organization.grant?.state ?? 'unproven';
  return (
    <Badge appearance="tint" color={state === 'verified' ? 'success' : 'warning'}>
      {words(`org.proof.${state}`)}
    </Badge>
  );
}

function Grant({ organization }: { readonly organization: OrganizationDocument }) {
  const words = useWords();
  const times = useTimes();
  const styles = useStyles();
  const { grant, mode, selection } = organization;
  if (grant === null) {
    return null;
  }
  const date = times.date(grant.grantedAt);
  if (mode === 'individual') {
    return <Text className={styles.quiet}>{words('org.keptGrant', { date })}</Text>;
  }
  const levels = SYNCED_CATEGORIES.map((category) => {
    const choice = choiceOf(selection[category]);
    const level = choice === 'off' ? 'level.off' : `level.${category}.${choice}`;
    const name = `category.${category}`;
    return `${words(isWord(name) ? name : 'level.off')}: ${words(isWord(level) ? level : 'level.off')}`;
  });
  return (
    <>
      <div className={styles.selection}>
        {levels.map((text) => (
          <Badge key={text} appearance="outline" color="informative">
            {text}
          </Badge>
        ))}
      </div>
      <Text className={styles.line}>
        {words('org.grantedBy', { name: grant.grantedBy ?? words('app.unnamed'), date })}
      </Text>
      <Text className={styles.quiet}>
        {grant.state === 'verified'
          ? words('org.proof.verifiedText', { date: times.date(grant.provenAt ?? grant.grantedAt) })
          : words('org.proof.unprovenText')}
      </Text>
      <details>
        <summary className={styles.summary}>{words('me.permissions')}</summary>
        <PermissionList reader="administrator" scopes={grant.scopes} />
      </details>
    </>
  );
}
