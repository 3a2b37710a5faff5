/** Whether and why the open message is synced, and the one thing that would change it. */
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { Explanation } from '../../../contract/api/items.ts';
import type { ExclusionDocument } from '../../../contract/api/relevance.ts';
import { type ExclusionChange, useChangeExclusions } from '../../api/exclusionQueries.ts';
import { useExplanation } from '../../api/queries.ts';
import type { Host, OpenItem } from '../../hosts/host.ts';
import { useTimes, useWords } from '../../text/TextProvider.tsx';
import { LoadError, useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';

const useStyles = makeStyles({
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalS,
    marginBlockStart: tokens.spacingVerticalS,
  },
});

export function OpenMessage({ items }: { readonly items: NonNullable<Host['items']> }) {
  const words = useWords();
  const [item, setItem] = useState<OpenItem>(() => items.current());
  useEffect(() => {
    items.onChange(setItem);
  }, [items]);
  return (
    <Panel title={words('item.title')}>
      {item.kind === 'message' ? (
        <Answer key={item.internetMessageId} internetMessageId={item.internetMessageId} />
      ) : (
        <Text>{words(`item.${item.kind}`)}</Text>
      )}
    </Panel>
  );
}

function Answer({ internetMessageId }: { readonly internetMessageId: string }) {
  const words = useWords();
  const text = useAnswerText();
  const explanation = useExplanation(internetMessageId);
  if (explanation.isError) {
    return <LoadError error={explanation.error} onRetry={() => void explanation.refetch()} />;
  }
  return (
    <>
      <Text aria-live="polite">{explanation.data === undefined ? words('app.working') : text(explanation.data)}</Text>
      {explanation.data === undefined ? null : (
        <Actions explanation={explanation.data} internetMessageId={internetMessageId} />
      )}
    </>
  );
}

interface ActionsProps {
  readonly explanation: Explanation;
  readonly internetMessageId: string;
}

/** What the member can do about the answer: leave out what comes, let in what they had left out. */
function Actions({ explanation, internetMessageId }: ActionsProps) {
  const words = useWords();
  const styles = useStyles();
  const textOf = useErrorText();
  const change = useChangeExclusions();
  const { verdict, exclusion, sender = null } = explanation;
  const comes = verdict === 'synced' || verdict === 'notYet';
  const button = (label: string, method: 'PUT' | 'DELETE', body: ExclusionDocument) => (
    <Button
      key={label}
      size="small"
      disabled={change.isPending}
      onClick={() => {
        change.mutate({ method, body } satisfies ExclusionChange);
      }}
    >
      {label}
    </Button>
  );
  return (
    <>
      <div className={styles.actions}>
        {exclusion === undefined ? null : button(words('item.letIn'), 'DELETE', exclusion)}
        {comes
          ? button(words('item.leaveConversation'), 'PUT', { kind: 'conversation', value: internetMessageId })
          : null}
        {comes && sender !== null
          ? button(words('item.leaveSender', { sender }), 'PUT', { kind: 'address', value: sender })
          : null}
      </div>
      {change.isError ? <Notice intent="error">{textOf(change.error)}</Notice> : null}
    </>
  );
}

function useAnswerText(): (explanation: Explanation) => string {
  const words = useWords();
  const times = useTimes();
  return ({ verdict, level, storedAt, by = 'organization' }) => {
    if (verdict !== 'synced') {
      return words(`item.${verdict}`, { by });
    }
    const when = times.date(storedAt ?? '');
    return words(level === 'limited' ? 'item.syncedLimited' : 'item.synced', { when });
  };
}
