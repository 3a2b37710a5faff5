/** The ignored domains, and changing them. */
import { Badge, Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useChangeOrganization } from '../../api/queries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { useWords } from '../../text/Words.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useOpened } from '../../ui/useOpened.ts';
import { DomainsField } from './DomainsField.tsx';
import { readDomains } from './readDomains.ts';

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalS,
    marginBlockStart: tokens.spacingVerticalS,
  },
  quiet: { display: 'block', color: tokens.colorNeutralForeground2 },
});

export function RulesPanel({ organization }: { readonly organization: OrganizationDocument }) {
  const words = useWords();
  const styles = useStyles();
  const { isOpen, opening, open, close } = useOpened<'rules'>();
  const { ignoredDomains } = organization.relevance;
  return (
    <Panel
      title={words('org.rules')}
      aside={
        organization.rights.mayChange ? (
          <Button
            size="small"
            onClick={() => {
              open('rules');
            }}
          >
            {words('org.rulesEdit')}
          </Button>
        ) : null
      }
    >
      <Text className={styles.quiet}>{words('org.rulesText')}</Text>
      <div className={styles.list}>
        {ignoredDomains.length === 0 ? <Text>{words('org.rulesNone')}</Text> : null}
        {ignoredDomains.map((domain) => (
          <Badge key={domain} appearance="outline" color="informative">
            {domain}
          </Badge>
        ))}
      </div>
      <RulesDialog key={opening} isOpen={isOpen} organization={organization} onClose={close} />
    </Panel>
  );
}

interface RulesDialogProps {
  readonly isOpen: boolean;
  readonly organization: OrganizationDocument;
  readonly onClose: () => void;
}

function RulesDialog({ isOpen, organization, onClose }: RulesDialogProps) {
  const words = useWords();
  const textOf = useErrorText();
  const change = useChangeOrganization();
  const [text, setText] = useState(organization.relevance.ignoredDomains.join('\n'));
  // The text is that of this version; somebody else's change since is a conflict, not to be overwritten.
  const [version] = useState(organization.version);
  const { domains, bad } = readDomains(text);
  const save = () => {
    change.mutate({ version, change: { relevance: { ignoredDomains: domains } } }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      isOpen={isOpen}
      title={words('org.rules')}
      onClose={onClose}
      action={
        <Button appearance="primary" disabled={bad.length > 0 || change.isPending} onClick={save}>
          {words('org.rulesSave')}
        </Button>
      }
    >
      <Text>{words('org.rulesText')}</Text>
      <DomainsField text={text} onChange={setText} />
      <Text>{words('org.rulesNote')}</Text>
      {change.isError ? <Notice intent="error">{textOf(change.error)}</Notice> : null}
    </FormDialog>
  );
}
