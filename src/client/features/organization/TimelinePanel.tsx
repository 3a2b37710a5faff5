/** What happened, newest first, by whom; whole log as a file. */
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { useAudit, useExport } from '../../api/organizationQueries.ts';
import type { AuditEvent } from '../../../contract/api/audit.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { isWord } from '../../text/ScreenWords.tsx';
import { useTimes, useWords } from '../../text/Words.tsx';
import { LoadError, useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';

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

export function TimelinePanel({ organization }: { readonly organization: OrganizationDocument }) {
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
  const words = useWords();
  const times = useTimes();
  const styles = useStyles();
  const id = `history.${event.action}`;
  const who = event.actor === null ? words('history.assent') : (event.actor.name ?? words('app.unnamed'));
  const values = { who, target: event.target?.name ?? '', ...plainValues(event.detail, words) };
  return (
    <li className={styles.event}>
      <Text block>{isWord(id) ? words(id, values) : `${who}: ${event.action}`}</Text>
      <Text size={200} className={styles.quiet}>
        {times.date(event.at)}
      </Text>
    </li>
  );
}

/** Codes, counts and lists of a detail as text; modes and roles by their names. */
function plainValues(detail: AuditEvent['detail'], words: ReturnType<typeof useWords>): Record<string, string> {
  const text = (value: unknown): string => {
    if (Array.isArray(value)) {
      return value.map(text).join(', ');
    }
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      return '';
    }
    const name = ['mode', 'role', 'refusal'].map((kind) => `history.${kind}.${value}`).find(isWord);
    return name === undefined ? String(value) : words(name);
  };
  const plain = { from: '', to: '', scopes: '', count: '', kind: '', mode: '', reason: '', enabled: '', items: '' };
  return { ...plain, ...Object.fromEntries(Object.entries(detail).map(([name, value]) => [name, text(value)])) };
}
