/** What happened and who did it, newest first; the whole log as a file. */
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { useAudit, useExport } from '../../api/auditQueries.ts';
import type { AuditEvent } from '../../../contract/api/audit.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { useTimes, useWords } from '../../text/TextProvider.tsx';
import { LoadError, useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useActText } from './useActText.ts';

const useStyles = makeStyles({
  head: { display: 'flex', gap: tokens.spacingHorizontalXS },
  list: {
    listStyleType: 'none',
    margin: `${tokens.spacingVerticalS} 0`,
    paddingInlineStart: tokens.spacingHorizontalL,
    borderInlineStartWidth: '2px',
    borderInlineStartStyle: 'solid',
    borderInlineStartColor: tokens.colorNeutralStroke2,
  },
  event: {
    position: 'relative',
    paddingBlock: tokens.spacingVerticalS,
    '::before': {
      content: '""',
      position: 'absolute',
      insetInlineStart: `calc(-1 * ${tokens.spacingHorizontalL} - 5px)`,
      top: '14px',
      width: '8px',
      height: '8px',
      borderRadius: '50%',
      backgroundColor: tokens.colorBrandBackground,
    },
  },
  quiet: { display: 'block', color: tokens.colorNeutralForeground2 },
});

export function HistoryPanel({ organization }: { readonly organization: OrganizationDocument }) {
  const words = useWords();
  const styles = useStyles();
  const textOf = useErrorText();
  const audit = useAudit(organization.version);
  const download = useExport();
  if (audit.isError) {
    return <LoadError error={audit.error} onRetry={() => void audit.refetch()} />;
  }
  const events = audit.data?.pages.flatMap((page) => page.events) ?? [];
  return (
    <Panel
      title={words('history.title')}
      aside={
        <div className={styles.head}>
          {(['csv', 'json'] as const).map((format) => (
            <Button
              key={format}
              size="small"
              icon={<ArrowDownloadRegular />}
              disabled={download.isPending}
              onClick={() => {
                download.mutate(format);
              }}
            >
              {format.toUpperCase()}
            </Button>
          ))}
        </div>
      }
    >
      {download.isError ? <Notice intent="error">{textOf(download.error)}</Notice> : null}
      <ol className={styles.list} aria-busy={audit.isPending}>
        {events.map((event) => (
          <EventLine key={event.sequence} event={event} />
        ))}
      </ol>
      {audit.hasNextPage ? (
        <Button size="small" disabled={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
          {words('history.older')}
        </Button>
      ) : null}
    </Panel>
  );
}

function EventLine({ event }: { readonly event: AuditEvent }) {
  const actText = useActText();
  const times = useTimes();
  const styles = useStyles();
  return (
    <li className={styles.event}>
      <Text block>{actText(event)}</Text>
      <Text size={200} className={styles.quiet}>
        {times.date(event.at)}
      </Text>
    </li>
  );
}
