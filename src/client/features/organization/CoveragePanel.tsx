/** Whose mailboxes service mode covers, always as a list, and which mailbox must stay closed. */
import { Badge, Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useChangeCoverage, useCoverage } from '../../api/organizationQueries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import type { Coverage } from '../../../contract/api/people.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { LoadError, useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { AudienceField, audienceOf, draftOfAudience } from './AudienceField.tsx';
import { type ChosenPerson, PeoplePicker } from './PeoplePicker.tsx';

const MAX_ROWS_SHOWN = 40;

const useStyles = makeStyles({
  list: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, marginBlock: tokens.spacingVerticalS },
  quiet: { display: 'block', color: tokens.colorNeutralForeground2 },
});

export interface CoveragePanelProps {
  readonly organization: OrganizationDocument;
  readonly onChange: () => void;
}

export function CoveragePanel({ organization, onChange }: CoveragePanelProps) {
  const words = useWords();
  const styles = useStyles();
  const coverage = useCoverage(organization.version);
  if (coverage.isError) {
    return <LoadError error={coverage.error} onRetry={() => void coverage.refetch()} />;
  }
  const { people = [], canary = null } = coverage.data ?? {};
  const more = people.length - MAX_ROWS_SHOWN;
  return (
    <Panel
      title={words('coverage.title')}
      aside={
        <Button size="small" onClick={onChange}>
          {words('org.rulesEdit')}
        </Button>
      }
    >
      <Text className={styles.quiet}>
        {words(organization.mode === 'service' ? 'coverage.text' : 'coverage.notYet')}
      </Text>
      <div className={styles.list} aria-busy={coverage.isPending}>
        {people.slice(0, MAX_ROWS_SHOWN).map(({ id, name }) => (
          <Badge key={id} appearance="outline" color="informative">
            {name ?? words('app.unnamed')}
          </Badge>
        ))}
        {coverage.isSuccess && people.length === 0 ? <Text>{words('coverage.nobody')}</Text> : null}
        {more > 0 ? <Text>{words('coverage.more', { more })}</Text> : null}
      </div>
      <Text className={styles.quiet}>
        {canary === null
          ? words('coverage.noCanary')
          : words('coverage.canary', { name: canary.name ?? words('app.unnamed') })}
      </Text>
    </Panel>
  );
}

export interface CoverageDialogProps {
  readonly isOpen: boolean;
  readonly organization: OrganizationDocument;
  readonly onClose: () => void;
}

export function CoverageDialog({ isOpen, organization, onClose }: CoverageDialogProps) {
  const coverage = useCoverage(organization.version);
  return coverage.data === undefined ? null : (
    <CoverageForm isOpen={isOpen} coverage={coverage.data} onClose={onClose} />
  );
}

function CoverageForm({
  isOpen,
  coverage,
  onClose,
}: Pick<CoverageDialogProps, 'isOpen' | 'onClose'> & { readonly coverage: Coverage }) {
  const words = useWords();
  const textOf = useErrorText();
  const change = useChangeCoverage();
  const [draft, setDraft] = useState(() => draftOfAudience(coverage.coverage, coverage.people));
  const [canary, setCanary] = useState<readonly ChosenPerson[]>(coverage.canary === null ? [] : [coverage.canary]);
  const audience = audienceOf(draft);
  const save = () => {
    if (audience !== null) {
      const people = audience.kind === 'people' ? [...draft.people] : [];
      change.mutate({ coverage: audience, canary: canary[0] ?? null, people }, { onSuccess: onClose });
    }
  };
  return (
    <FormDialog
      isOpen={isOpen}
      title={words('coverage.title')}
      onClose={onClose}
      action={
        <Button appearance="primary" disabled={audience === null || change.isPending} onClick={save}>
          {words('org.rulesSave')}
        </Button>
      }
    >
      <AudienceField label={words('coverage.who')} draft={draft} onChange={setDraft} />
      <Text weight="semibold">{words('coverage.canaryTitle')}</Text>
      <Text size={200}>{words('coverage.canaryText')}</Text>
      <PeoplePicker label={words('coverage.canarySearch')} chosen={canary} limit={1} onChange={setCanary} />
      {change.isError ? <Notice intent="error">{textOf(change.error)}</Notice> : null}
    </FormDialog>
  );
}
