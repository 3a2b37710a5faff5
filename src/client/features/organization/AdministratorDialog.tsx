/** The administrator's one dialog: confirmation, categories and levels, rules, permissions, then Microsoft. */
import { Button, Checkbox, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { ConsentAsk } from '../../api/queries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { findPermission, scopesForSelection } from '../../../domain/permissions.ts';
import { EMPTY_SELECTION, type Selection } from '../../../domain/selection.ts';
import type { Host } from '../../hosts/host.ts';
import { useWords } from '../../text/Words.tsx';
import { ConsentStep } from '../../ui/ConsentStep.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { type Choice, choiceOf, LevelChoice, levelOf } from '../../ui/LevelChoice.tsx';
import { PermissionList } from '../../ui/PermissionList.tsx';
import { useConsent } from '../../ui/useConsent.ts';
import { readDomains } from './readDomains.ts';
import { DomainsField } from './RulesPanel.tsx';

export interface AdministratorDialogProps {
  readonly isOpen: boolean;
  readonly host: Host;
  readonly organization: OrganizationDocument;
  readonly onClose: () => void;
}

interface Draft {
  readonly isConfirmed: boolean;
  readonly mail: Choice;
  readonly calendar: Choice;
  readonly domains: string;
}

const useStyles = makeStyles({
  group: { display: 'block', marginBlockStart: tokens.spacingVerticalS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function AdministratorDialog({ isOpen, host, organization, onClose }: AdministratorDialogProps) {
  const words = useWords();
  const [draft, setDraft] = useState<Draft>(() => draftOf(organization));
  const consent = useConsent(host, isOpen ? askOf(draft) : null);
  useEffect(() => {
    if (consent.state.kind === 'done') {
      onClose();
    }
  }, [consent.state.kind, onClose]);
  const isUnderWay = consent.state.kind === 'waiting' || consent.state.kind === 'propagating';
  return (
    <FormDialog
      isOpen={isOpen}
      title={words('admin.title')}
      onClose={onClose}
      {...(isUnderWay ? { closeLabel: words('app.close') } : {})}
      action={
        <Button
          appearance="primary"
          disabled={askOf(draft) === null || consent.state.kind !== 'ready'}
          onClick={consent.open}
        >
          {words('on.continue')}
        </Button>
      }
    >
      {isUnderWay ? null : <Form draft={draft} onChange={setDraft} />}
      <ConsentStep consent={consent} />
    </FormDialog>
  );
}

function Form({ draft, onChange }: { readonly draft: Draft; readonly onChange: (draft: Draft) => void }) {
  const words = useWords();
  const styles = useStyles();
  return (
    <>
      <Checkbox
        label={words('admin.confirm')}
        checked={draft.isConfirmed}
        onChange={(_event, { checked }) => {
          onChange({ ...draft, isConfirmed: checked === true });
        }}
      />
      <LevelChoice
        category="mail"
        label={words('admin.mail')}
        choices={['full', 'limited', 'send', 'off']}
        value={draft.mail}
        onChange={(mail) => {
          onChange({ ...draft, mail });
        }}
      />
      <LevelChoice
        category="calendar"
        label={words('admin.calendar')}
        choices={['full', 'limited', 'off']}
        value={draft.calendar}
        onChange={(calendar) => {
          onChange({ ...draft, calendar });
        }}
      />
      <Text className={styles.quiet}>{words('org.rulesText')}</Text>
      <DomainsField
        text={draft.domains}
        onChange={(domains) => {
          onChange({ ...draft, domains });
        }}
      />
      <Permissions selection={selectionOf(draft)} />
    </>
  );
}

function Permissions({ selection }: { readonly selection: Selection }) {
  const words = useWords();
  const styles = useStyles();
  const scopes = scopesForSelection(selection);
  const withAccess = (access: 'readOnly' | 'readWrite') =>
    [...scopes, 'User.Read', 'offline_access'].filter((scope) => findPermission(scope)?.access === access);
  if (scopes.length === 0) {
    return <Text>{words('admin.nothing')}</Text>;
  }
  const writing = withAccess('readWrite');
  return (
    <div>
      <Text weight="semibold">{words('admin.permissions')}</Text>
      <Text className={styles.group} weight="semibold" size={200}>
        {words('admin.readOnly')}
      </Text>
      <PermissionList reader="administrator" scopes={withAccess('readOnly')} />
      {writing.length === 0 ? null : (
        <>
          <Text className={styles.group} weight="semibold" size={200}>
            {words('admin.readWrite')}
          </Text>
          <PermissionList reader="administrator" scopes={writing} />
        </>
      )}
      <Text size={200} className={styles.quiet}>
        {words('admin.note')}
      </Text>
    </div>
  );
}

function draftOf({ selection, relevance, mode }: OrganizationDocument): Draft {
  const isFirst = mode === 'individual' && scopesForSelection(selection).length === 0;
  return {
    isConfirmed: false,
    mail: isFirst ? 'full' : choiceOf(selection.mail),
    calendar: isFirst ? 'full' : choiceOf(selection.calendar),
    domains: relevance.ignoredDomains.join('\n'),
  };
}

function selectionOf({ mail, calendar }: Draft): Selection {
  return { ...EMPTY_SELECTION, mail: levelOf(mail), calendar: levelOf(calendar) };
}

/** What can be asked, or `null` while the form is not complete. */
function askOf(draft: Draft): ConsentAsk | null {
  const selection = selectionOf(draft);
  const { domains, bad } = readDomains(draft.domains);
  if (!draft.isConfirmed || bad.length > 0 || scopesForSelection(selection).length === 0) {
    return null;
  }
  return { whom: 'organization', selection, relevance: { ignoredDomains: domains }, confirmAdministrator: true };
}
