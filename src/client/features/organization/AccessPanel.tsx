/** Who may connect at all, and the address to send to those who have not. */
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { CopyRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useRoster } from '../../api/organizationQueries.ts';
import { useChangeOrganization } from '../../api/queries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useDialog } from '../../ui/useDialog.ts';
import { AudienceField, audienceOf, draftOfAudience } from './AudienceField.tsx';
import type { ChosenPerson } from './PeoplePicker.tsx';

const useStyles = makeStyles({
  quiet: { display: 'block', color: tokens.colorNeutralForeground2, marginBlockEnd: tokens.spacingVerticalS },
});

export function AccessPanel({ organization }: { readonly organization: OrganizationDocument }) {
  const words = useWords();
  const styles = useStyles();
  const { isOpen, opening, open, close } = useDialog<'access'>();
  const roster = useRoster(organization.version);
  const { access } = organization;
  return (
    <Panel
      title={words('access.title')}
      aside={
        <Button
          size="small"
          onClick={() => {
            open('access');
          }}
        >
          {words('org.rulesEdit')}
        </Button>
      }
    >
      <Text className={styles.quiet}>
        {words(`access.${access.kind}`, {
          count: access.kind === 'people' ? access.memberIds.length : 0,
          name: access.kind === 'group' ? access.name : '',
        })}
      </Text>
      <CopyAddress />
      {isOpen && roster.data !== undefined ? (
        <AccessDialog key={opening} isOpen organization={organization} known={roster.data.members} onClose={close} />
      ) : null}
    </Panel>
  );
}

/** What an admin sends to people who have not connected. */
function CopyAddress() {
  const words = useWords();
  const [isCopied, setIsCopied] = useState(false);
  const url = new URL('/', location.href).href;
  return (
    <Button
      size="small"
      icon={<CopyRegular />}
      onClick={() => {
        void navigator.clipboard.writeText(url).then(() => {
          setIsCopied(true);
        });
      }}
    >
      {words(isCopied ? 'blocked.copied' : 'access.copy')}
    </Button>
  );
}

interface AccessDialogProps {
  readonly isOpen: boolean;
  readonly organization: OrganizationDocument;
  readonly known: readonly ChosenPerson[];
  readonly onClose: () => void;
}

function AccessDialog({ isOpen, organization, known, onClose }: AccessDialogProps) {
  const words = useWords();
  const textOf = useErrorText();
  const change = useChangeOrganization();
  const [draft, setDraft] = useState(() => draftOfAudience(organization.access, known));
  const [version] = useState(organization.version);
  const access = audienceOf(draft);
  const save = () => {
    if (access !== null) {
      change.mutate({ version, change: { access } }, { onSuccess: onClose });
    }
  };
  return (
    <FormDialog
      isOpen={isOpen}
      title={words('access.title')}
      onClose={onClose}
      action={
        <Button appearance="primary" disabled={access === null || change.isPending} onClick={save}>
          {words('org.rulesSave')}
        </Button>
      }
    >
      <Text>{words('access.text')}</Text>
      <AudienceField label={words('access.who')} draft={draft} onChange={setDraft} />
      {change.isError ? <Notice intent="error">{textOf(change.error)}</Notice> : null}
    </FormDialog>
  );
}
