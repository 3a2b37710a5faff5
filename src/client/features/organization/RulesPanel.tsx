/** What the organization leaves out, how far a change of it has come, and changing it. */
import { Button, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useChangeOrganization } from '../../api/queries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ReviewLine } from '../../ui/ReviewLine.tsx';
import { RelevanceSummary } from '../../ui/RelevanceSummary.tsx';
import { useDialog } from '../../ui/useDialog.ts';
import { RulesFields } from './RulesFields.tsx';
import { draftOfRules, readRules } from './rulesDraft.ts';

const useStyles = makeStyles({
  quiet: { display: 'block', color: tokens.colorNeutralForeground2, marginBlockEnd: tokens.spacingVerticalS },
});

export function RulesPanel({ organization }: { readonly organization: OrganizationDocument }) {
  const words = useWords();
  const styles = useStyles();
  const { isOpen, opening, open, close } = useDialog<'rules'>();
  const { relevance, review } = organization;
  return (
    <Panel
      title={words('rules.title')}
      aside={
        organization.rights.canChange ? (
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
      <Text className={styles.quiet}>{words('rules.text')}</Text>
      <RelevanceSummary relevance={relevance} none={words('org.rulesNone')} />
      {review === null ? null : <ReviewLine review={review} />}
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
  const [draft, setDraft] = useState(() => draftOfRules(organization.relevance));
  // The fields are those of this version; someone else's change since is a conflict, not to be overwritten.
  const [version] = useState(organization.version);
  const { relevance, isValid } = readRules(draft);
  const save = () => {
    change.mutate({ version, change: { relevance } }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      isOpen={isOpen}
      title={words('rules.title')}
      onClose={onClose}
      action={
        <Button
          appearance="primary"
          disabled={!isValid || change.isPending}
          {...(change.isPending ? { icon: <Spinner size="tiny" /> } : {})}
          onClick={save}
        >
          {words('org.rulesSave')}
        </Button>
      }
    >
      <Text>{words('rules.note')}</Text>
      {isOpen ? <RulesFields draft={draft} onChange={setDraft} /> : null}
      {change.isError ? <Notice intent="error">{textOf(change.error)}</Notice> : null}
    </FormDialog>
  );
}
