/** How the organization's mailboxes are doing: up to date, catching up, paused, and failing by cause. */
import { Badge, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useFleet } from '../../api/organizationQueries.ts';
import type { Fleet } from '../../../contract/api/organization.ts';
import { useTimes, useWords } from '../../text/TextProvider.tsx';
import { LoadError } from '../../ui/LoadError.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { FAILING_REASONS, type FailingReason } from '../../../domain/reasons.ts';

const useStyles = makeStyles({
  counts: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, minHeight: '24px' },
  causes: { listStyleType: 'none', margin: 0, padding: 0 },
  cause: { display: 'block', marginBlockStart: tokens.spacingVerticalS },
});

export function MailboxesPanel() {
  const words = useWords();
  const styles = useStyles();
  const fleet = useFleet();
  if (fleet.isError) {
    return <LoadError error={fleet.error} onRetry={() => void fleet.refetch()} />;
  }
  return (
    <Panel title={words('fleet.title')}>
      <div className={styles.counts} aria-busy={fleet.isPending}>
        {fleet.data === undefined ? null : <Counts fleet={fleet.data} />}
      </div>
      {fleet.data === undefined ? null : <Causes fleet={fleet.data} />}
    </Panel>
  );
}

function Counts({ fleet: { healthy, catchingUp, paused, failing } }: { readonly fleet: Fleet }) {
  const words = useWords();
  const failed = failing.reduce((sum, { mailboxes }) => sum + mailboxes, 0);
  const counts = [
    { count: healthy, color: 'success', text: words('fleet.healthy', { count: healthy }) },
    { count: catchingUp, color: 'informative', text: words('fleet.catchingUp', { count: catchingUp }) },
    { count: paused, color: 'warning', text: words('fleet.paused', { count: paused }) },
    { count: failed, color: 'danger', text: words('fleet.failing', { count: failed }) },
  ] as const;
  const shown = counts.filter(({ count }) => count > 0);
  return (
    <>
      {shown.length === 0 ? <Text>{words('fleet.none')}</Text> : null}
      {shown.map(({ color, text }) => (
        <Badge key={color} appearance="tint" color={color}>
          {text}
        </Badge>
      ))}
    </>
  );
}

function Causes({ fleet: { failing } }: { readonly fleet: Fleet }) {
  const words = useWords();
  const times = useTimes();
  const styles = useStyles();
  return (
    <ul className={styles.causes}>
      {failing.map(({ cause, mailboxes, nextAttemptAt }) => {
        const error = words(isFailingReason(cause) ? `fleet.cause.${cause}` : `progress.error.${cause}`);
        return (
          <li key={cause}>
            <Text className={styles.cause}>
              {words('fleet.cause', { count: mailboxes, error })}{' '}
              {nextAttemptAt === null ? '' : words('fleet.next', { when: times.ago(nextAttemptAt) })}
            </Text>
          </li>
        );
      })}
    </ul>
  );
}

function isFailingReason(cause: Fleet['failing'][number]['cause']): cause is FailingReason {
  return FAILING_REASONS.some((reason) => reason === cause);
}
