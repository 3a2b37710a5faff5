/** What is left out: the organization's rules, which hold first, and the member's own. */
import { Badge, Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { Exclusions } from '../../../contract/api/relevance.ts';
import { useExclusions } from '../../api/exclusionQueries.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { LoadError } from '../../ui/LoadError.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ReviewLine } from '../../ui/ReviewLine.tsx';
import { RelevanceSummary } from '../../ui/RelevanceSummary.tsx';
import { useSettingSentences } from '../../ui/useSettingSentences.ts';
import { useDialog } from '../../ui/useDialog.ts';
import { ExclusionsDialog } from './ExclusionsDialog.tsx';
import { useOwnExclusions } from './useOwnExclusions.ts';

const useStyles = makeStyles({
  group: { display: 'block', marginBlock: tokens.spacingVerticalS },
  list: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  name: { maxWidth: '100%', overflow: 'hidden', textOverflow: 'ellipsis' },
});

export function ExclusionsPanel() {
  const words = useWords();
  const exclusions = useExclusions();
  const { isOpen, opening, open, close } = useDialog<'exclusions'>();
  if (exclusions.isError) {
    return <LoadError error={exclusions.error} onRetry={() => void exclusions.refetch()} />;
  }
  return (
    <Panel
      title={words('rules.title')}
      aside={
        <Button
          size="small"
          disabled={exclusions.data === undefined}
          onClick={() => {
            open('exclusions');
          }}
        >
          {words('org.rulesEdit')}
        </Button>
      }
    >
      {exclusions.data === undefined ? (
        <Text>{words('app.working')}</Text>
      ) : (
        <CurrentExclusions exclusions={exclusions.data} />
      )}
      {exclusions.data === undefined ? null : (
        <ExclusionsDialog key={opening} isOpen={isOpen} exclusions={exclusions.data} onClose={close} />
      )}
    </Panel>
  );
}

function CurrentExclusions({ exclusions }: { readonly exclusions: Exclusions }) {
  const { organization, own, review } = exclusions;
  const words = useWords();
  const styles = useStyles();
  const names = [...useOwnExclusions(exclusions).map(({ text }) => text), ...useSettingSentences(own, 'member')];
  return (
    <>
      <Text className={styles.group} weight="semibold">
        {words('own.byOrganization')}
      </Text>
      <RelevanceSummary relevance={organization} none={words('own.organizationNothing')} />
      <Text className={styles.group} weight="semibold">
        {words('own.byYou')}
      </Text>
      <div className={styles.list}>
        {names.length === 0 ? <Text>{words('own.nothing')}</Text> : null}
        {names.map((name, index) => (
          <Badge key={`${index} ${name}`} className={styles.name} appearance="outline" color="informative">
            {name}
          </Badge>
        ))}
      </div>
      {review === null ? null : <ReviewLine review={review} />}
    </>
  );
}
